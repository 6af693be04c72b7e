/// Where the shell's lines come from: readline on a terminal, a list of lines in the tests.
public protocol LineReader {
  /// Asks for one line.
  mutating func readLine(_ request: LineRequest) -> LineInput

  /// Keeps a whole statement for recalling it later.
  mutating func remember(_ statement: String)
}

/// What a line is asked for with.
public struct LineRequest: Sendable {
  public var prompt: Prompt
  /// What stands in the line at first, for the user to change or to take.
  public var prefill: String
  /// Knows what is being typed: colours, hints, completions.
  public var assistant: LineAssistant
  public var usesColors: Bool
  public var usesHints: Bool

  public init(
    prompt: Prompt, prefill: String = "", assistant: LineAssistant, usesColors: Bool = true,
    usesHints: Bool = true
  ) {
    self.prompt = prompt
    self.prefill = prefill
    self.assistant = assistant
    self.usesColors = usesColors
    self.usesHints = usesHints
  }
}

/// What comes of asking for a line.
public enum LineInput: Sendable, Equatable {
  /// A line, or several at once where they were pasted.
  case line(String)
  /// Ctrl-C: what was typed is dropped.
  case interrupted
  /// Ctrl-D on an empty line, or the end of the input.
  case end
}
