/// A diagnostic's place as other programs want it: lines and columns from 1, the end exclusive.
public struct DiagnosticLocation: Sendable, Hashable {
  public var file: String
  public var line: Int
  public var column: Int
  public var endLine: Int
  public var endColumn: Int

  public init(source: SourceFile, span: Span) {
    let start = source.position(of: span.start)
    let end = source.position(of: max(span.start, span.end))
    file = source.name
    line = start.line
    column = start.column
    endLine = end.line
    endColumn = end.column
  }
}

extension Diagnostic {
  /// Nil if the problem has no place in a source text.
  public var location: DiagnosticLocation? {
    guard let source, let span else { return nil }
    return DiagnosticLocation(source: source, span: span)
  }

  /// Everything that helps out, as one text: the help, then the fixes. Nil if there is nothing.
  public var advice: String? {
    let parts = (help.map { [$0] } ?? []) + fixIts.map(\.message)
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }
}
