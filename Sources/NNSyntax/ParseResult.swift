import NNDiagnostics

/// What parsing gives: as much of the tree as could be understood, and everything that was wrong.
public struct ParseResult: Sendable {
  public var source: SourceFile
  public var script: Script
  public var problems: [Diagnostic]
  /// The text stops in the middle of something (an open bracket, a trailing `|`, a final `\`): a shell
  /// asks for another line instead of reporting `problems`.
  public var isIncomplete: Bool

  public init(
    source: SourceFile, script: Script, problems: [Diagnostic], isIncomplete: Bool
  ) {
    self.source = source
    self.script = script
    self.problems = problems
    self.isIncomplete = isIncomplete
  }
}

/// Parses a whole script. Never fails and never stops early: the mistakes are in the result.
public func parse(_ source: SourceFile) -> ParseResult {
  ParseResult(source: source, script: Script(statements: [], span: Span(0, 0)), problems: [], isIncomplete: false)
}

/// The number that a word reads as: `6`, `-0.5`, `1e-3`, `20%`; nil if it does not. Durations are not numbers.
public func number(fromWord word: String) -> Double? { nil }
