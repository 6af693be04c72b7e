import NNDiagnostics

/// Everything that can be wrong with a text before anyone asks what its names mean. Each case owns its code, its
/// place and its words.
public enum SyntaxProblem: Sendable, Hashable {
  /// About characters: E0101 …
  case lexical(LexicalProblem)
  /// About structure: E0120 …
  case structure(StructureProblem)
  /// About a habit from another language, where what was meant is known: E0140 …
  case mistake(Mistake)

  public var code: String {
    switch self {
    case .lexical(let problem): problem.code
    case .structure(let problem): problem.code
    case .mistake(let problem): problem.code
    }
  }

  public var span: Span {
    switch self {
    case .lexical(let problem): problem.span
    case .structure(let problem): problem.span
    case .mistake(let problem): problem.span
    }
  }

  public func diagnostic(in source: SourceFile) -> Diagnostic {
    switch self {
    case .lexical(let problem): problem.diagnostic(in: source)
    case .structure(let problem): problem.diagnostic(in: source)
    case .mistake(let problem): problem.diagnostic(in: source)
    }
  }
}

extension SourceFile {
  /// A span's text in backticks, cut where it gets long, to stand in a message.
  func quoted(_ span: Span) -> String {
    // A mistake may reach over a whole file, of which a few words are shown.
    let text = self.text(Span(span.start, min(span.end, span.start + 256)))
    let line = text.prefix { !$0.isNewline }
    if span.end - span.start <= 256, line.count == text.count, line.count <= 40 { return "`\(line)`" }
    return "`\(line.prefix(36))…`"
  }
}
