import NNDiagnostics

/// Writes tokens for people who want to see what the lexer saw: one a line, `word data.csv @5..<13`.
public enum TokenPrinter {
  public static func text(of lexed: LexedSource, withSpans: Bool = false) -> String {
    var lines: [(position: Int, text: String)] = lexed.tokens.map { ($0.span.start, text(of: $0, withSpans)) }
    for comment in lexed.comments {
      lines.append((comment.span.start, "comment \(comment.text)" + (withSpans ? place(comment.span) : "")))
    }
    // The end of the text is an empty token and must stay behind a comment that ends there; a stable order is kept by hand.
    let ordered = lines.enumerated().sorted {
      ($0.element.position, $0.offset) < ($1.element.position, $1.offset)
    }
    return ordered.map { $0.element.text + "\n" }.joined()
  }

  private static func text(of token: Token, _ withSpans: Bool) -> String {
    let text =
      switch token.kind {
      case .word(let word): "word \(word)"
      case .string(let literal): "string \(TreePrinter.pieces(of: literal))"
      case .variable(let name, let isBraced): isBraced ? "variable ${\(name)}" : "variable $\(name)"
      case .mark(let mark): mark.rawValue
      case .newline: "newline"
      case .invalid: "invalid"
      case .end: "end"
      }
    return withSpans ? text + place(token.span) : text
  }

  private static func place(_ span: Span) -> String { " @\(span.start)..<\(span.end)" }
}
