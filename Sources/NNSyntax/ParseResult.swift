import NNDiagnostics

/// What parsing gives: as much of the tree as could be understood, and everything that was wrong.
public struct ParseResult: Sendable {
  public var source: SourceFile
  public var script: Script
  /// In the order of their places.
  public var problems: [Diagnostic]
  /// The text stops in the middle of something (an open bracket, a trailing `|`, a final `\\`): a shell
  /// asks for another line instead of reporting `problems`.
  public var isIncomplete: Bool
  /// Read in the shell's mode, the text starts with `|`: it goes on with the flow of the statement before it.
  public var continuesPrevious = false
  /// In order, for the formatter.
  public var comments: [Comment] = []

  public init(
    source: SourceFile, script: Script, problems: [Diagnostic], isIncomplete: Bool
  ) {
    self.source = source
    self.script = script
    self.problems = problems
    self.isIncomplete = isIncomplete
  }
}
