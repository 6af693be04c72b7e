import NNDiagnostics

@testable import NNSyntax

/// Checks every node's span: within the text, within its parent, behind its elder sibling, and, for leaves, over the
/// very text that the leaf stands for.
struct SpanChecker {
  let source: SourceFile
  private(set) var failures: [String] = []

  init(_ result: ParseResult) {
    source = result.source
    let whole = Span(0, source.bytes.count)
    if result.script.span != whole { failures.append("the script's span is \(result.script.span)") }
    sequence(result.script.statements, within: whole, \.span) { $0.check($1) }
  }

  private mutating func fail(_ what: String, _ span: Span) {
    failures.append(
      "\(what) at \(span.start)..<\(span.end): \(source.text(span).prefix(40).debugDescription)")
  }

  private mutating func check(_ span: Span, within parent: Span, _ what: String) {
    if span.start > span.end { fail("\(what) ends before it starts", span) }
    if span.start < parent.start || span.end > parent.end {
      fail("\(what) sticks out of its parent \(parent.start)..<\(parent.end)", span)
    }
  }

  private mutating func sequence<Node>(
    _ nodes: [Node], within parent: Span, _ span: (Node) -> Span, _ check: (inout Self, Node) -> Void
  ) {
    var end = parent.start
    for node in nodes {
      let place = span(node)
      self.check(place, within: parent, "\(Node.self)")
      if place.start < end { fail("\(Node.self) overlaps the one before", place) }
      end = place.end
      check(&self, node)
    }
  }

  private mutating func check(_ name: Name, within parent: Span) {
    check(name.span, within: parent, "a name")
    let text = source.text(name.span)
    // A mended name may be written with `$`, and one that is missing has no text.
    if !name.span.isEmpty, ![name.text, "$" + name.text, "${" + name.text + "}"].contains(text) {
      fail("the name \(name.text) stands over another text", name.span)
    }
  }

  private mutating func check(_ statement: Statement) {
    switch statement {
    case .binding(let node):
      check(node.name, within: node.span)
      switch node.binding {
      case .value(let value): check(value, within: node.span)
      case .flow(let flow): check(flow, within: node.span)
      }
    case .definition(let node):
      check(node.name, within: node.span)
      sequence(node.formals, within: node.span, \.span) { checker, formal in
        checker.check(formal.name, within: formal.span)
        if let value = formal.defaultValue { checker.check(value, within: formal.span) }
      }
      check(node.body, within: node.span)
    case .parameter(let node):
      check(node.name, within: node.span)
      if let value = node.defaultValue { check(value, within: node.span) }
    case .include(let node): check(node.path, within: node.span)
    case .flow(let node): check(node, within: node.span)
    }
  }

  private mutating func check(_ body: Script, within parent: Span) {
    check(body.span, within: parent, "a body")
    sequence(body.statements, within: body.span, \.span) { $0.check($1) }
  }

  private mutating func check(_ flow: Flow, within parent: Span) {
    check(flow.span, within: parent, "a flow")
    if let start = flow.start { check(start, within: flow.span) }
    sequence(flow.stages, within: flow.span, \.span) { checker, stage in
      checker.check(stage.name, within: stage.span)
      checker.arguments(stage.arguments, within: stage.span)
      switch stage.tail {
      case .none: break
      case .condition(let condition):
        checker.check(condition.span, within: stage.span, "a condition")
        checker.check(condition.subject, within: condition.span)
        checker.check(condition.comparisonSpan, within: condition.span, "a comparison")
        checker.check(condition.value, within: condition.span)
      case .block(let block): checker.check(block, within: stage.span)
      case .body(let body): checker.check(body, within: stage.span)
      }
    }
  }

  private mutating func check(_ block: Block, within parent: Span) {
    check(block.span, within: parent, "a block")
    sequence(block.layers, within: block.span, \.span) { checker, layer in
      if let name = layer.name { checker.check(name, within: layer.span) }
      checker.arguments(layer.arguments, within: layer.span)
      if let block = layer.block { checker.check(block, within: layer.span) }
    }
  }

  private mutating func arguments(_ arguments: [Argument], within parent: Span) {
    sequence(arguments, within: parent, \.span) { checker, argument in
      if let name = argument.name { checker.check(name, within: argument.span) }
      checker.check(argument.value, within: argument.span)
    }
  }

  private mutating func check(_ value: Value, within parent: Span) {
    check(value.span, within: parent, "a value")
    switch value {
    case .word(let word, let span):
      // An entry of braces that were meant as a list is a word without blanks and quotes.
      let mended = source.text(span).filter { !$0.isWhitespace && $0 != "'" && $0 != "\"" }
      if relexed(span) != .word(word), mended != word,
        !source.text(span).hasPrefix(String(word.prefix { $0 != ":" }))
      {
        fail("the word \(word) stands over another text", span)
      }
    case .string(let literal):
      for case .variable(let name, let span) in literal.pieces {
        check(span, within: literal.span, "an interpolation")
        if !["$\(name)", "${\(name)}"].contains(source.text(span)) {
          fail("an interpolation of \(name)", span)
        }
      }
    case .variable(let name, let span): variable(name, span)
    case .list(let values, let span): sequence(values, within: span, \.span) { $0.check($1, within: span) }
    case .call(let call):
      check(call.name, within: call.span)
      arguments(call.arguments, within: call.span)
    case .arithmetic(let expression, let span): check(expression, within: span)
    }
  }

  private mutating func variable(_ name: String, _ span: Span) {
    if !["$\(name)", "${\(name)}"].contains(source.text(span)) { fail("the variable \(name)", span) }
  }

  private mutating func check(_ expression: Expression, within parent: Span) {
    check(expression.span, within: parent, "an expression")
    switch expression {
    case .number(_, let spelling, let span):
      if source.text(span) != spelling { fail("the number \(spelling)", span) }
    case .variable(let name, let span): variable(name, span)
    case .negate(let operand, let span): check(operand, within: span)
    case .binary(let left, _, let right, let span):
      check(left, within: span)
      check(right, within: span)
      if left.span.end > right.span.start { fail("operands overlap", span) }
    case .parenthesized(let inner, let span): check(inner, within: span)
    }
  }

  /// The one token that a span's text makes on its own.
  private func relexed(_ span: Span) -> Token.Kind? {
    let tokens = tokenize(SourceFile(name: "slice", text: source.text(span))).tokens
    return tokens.count == 2 ? tokens.first?.kind : nil
  }
}

extension Span {
  var isEmpty: Bool { start == end }
}
