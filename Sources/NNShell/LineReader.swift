/// Where the shell's lines come from: readline on a terminal, a list of lines in the tests.
public protocol LineReader {
  /// Asks for one line.
  mutating func readLine(prompt: String) -> LineInput

  /// Keeps a whole statement for recalling it later.
  mutating func remember(_ statement: String)
}

/// What comes of asking for a line.
public enum LineInput: Sendable, Equatable {
  case line(String)
  /// Ctrl-C: what was typed is dropped.
  case interrupted
  /// Ctrl-D on an empty line, or the end of the input.
  case end
}
