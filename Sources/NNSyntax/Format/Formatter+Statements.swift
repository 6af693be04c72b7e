import NNDiagnostics

extension Formatter {
  /// Statements, a line each, and the comments up to `end`.
  mutating func statements(_ statements: [Statement], until end: Int, at indentation: Int) {
    for statement in statements {
      writeComments(before: statement.span.start, at: indentation)
      startLine(with: statement.span.start, at: indentation)
      self.statement(statement, at: indentation)
      endItem(before: end)
    }
    writeComments(before: end, at: indentation)
  }

  /// Puts a separator where the end of the line would be none.
  mutating func endItem(before end: Int) {
    if endsWithBackslash, !isFollowedByComment(before: end) { write(";") }
  }

  private mutating func statement(_ statement: Statement, at indentation: Int) {
    switch statement {
    case .binding(let node):
      write("let \(node.name.text) = ", upTo: node.name.span.end)
      switch node.binding {
      case .value(let value): self.value(value)
      case .flow(let node): flow(node, at: indentation)
      }
    case .definition(let node):
      write("def \(node.name.text)", upTo: node.name.span.end)
      formals(node)
      write(" ")
      body(node.body, at: indentation)
    case .parameter(let node):
      write("param \(node.name.text)", upTo: node.name.span.end)
      if let value = node.defaultValue {
        write("=")
        self.value(value)
      }
    case .include(let node):
      write("include ")
      value(node.path)
    case .flow(let node): flow(node, at: indentation)
    }
    written = max(written, statement.span.end)
  }

  /// `(width, rate=10%)`.
  private mutating func formals(_ node: Definition) {
    let inside = Span(node.name.span.end, node.body.span.start)
    let texts = node.formals.map { formal in
      formal.name.text + (formal.defaultValue.map { "=" + inline.text(of: $0) } ?? "")
    }
    let whole = "(" + texts.joined(separator: ", ") + ")"
    let first = node.formals.first?.span.start ?? inside.start
    if hasComment(inside) || hasLineEnd(from: inside.start, to: first)
      || column + whole.count + 2 > Self.lineLength && !node.formals.isEmpty
    {
      entries("(", node.formals, in: inside, ")", span: \.span) { formatter, formal in
        formatter.write(formal.name.text, upTo: formal.name.span.end)
        if let value = formal.defaultValue {
          formatter.write("=")
          formatter.value(value)
        }
      }
    } else {
      write(whole, upTo: inside.start)
    }
  }

  /// `{ … }`, with a line for each statement.
  mutating func body(_ script: Script, at indentation: Int) {
    if script.statements.isEmpty, !hasComment(script.span) {
      write("{ }", upTo: script.span.end)
      return
    }
    open("{", upTo: script.span.start + 1)
    statements(script.statements, until: script.span.end - 1, at: indentation + 2)
    newLine(at: indentation)
    write("}", upTo: script.span.end)
  }
}
