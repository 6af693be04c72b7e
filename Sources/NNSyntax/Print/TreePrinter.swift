import NNDiagnostics

/// Writes a tree for people who want to see what the parser understood: an indented S-expression, a node a line,
/// leaves on the line of what they belong to.
public struct TreePrinter {
  public static func text(of script: Script, withSpans: Bool = false) -> String {
    var printer = TreePrinter(withSpans: withSpans)
    printer.script(script, "script")
    return printer.output
  }

  private let withSpans: Bool
  private var output = ""
  private var indentation = 0

  private init(withSpans: Bool) {
    self.withSpans = withSpans
  }

  /// Opens a node, writes what is in it, closes it.
  private mutating func node(
    _ head: String, _ span: Span, isBroken: Bool = false, _ content: (inout Self) -> Void
  ) {
    if !output.isEmpty { output += "\n" }
    output += String(repeating: "  ", count: indentation) + "(" + head
    if isBroken { output += " broken" }
    if withSpans { output += " @\(span.start)..<\(span.end)" }
    indentation += 1
    content(&self)
    indentation -= 1
    output += ")"
    if indentation == 0 { output += "\n" }
  }

  private mutating func script(_ script: Script, _ head: String) {
    node(head, script.span) { printer in
      for statement in script.statements { printer.statement(statement) }
    }
  }

  private mutating func statement(_ statement: Statement) {
    switch statement {
    case .binding(let binding):
      node("let \(binding.name.text)", binding.span, isBroken: binding.isBroken) { printer in
        switch binding.binding {
        case .value(let value): printer.value(value)
        case .flow(let flow): printer.flow(flow)
        }
      }
    case .definition(let definition):
      node("def \(definition.name.text)", definition.span) { printer in
        for formal in definition.formals {
          printer.node("formal \(formal.name.text)", formal.span) { printer in
            if let value = formal.defaultValue { printer.value(value) }
          }
        }
        printer.script(definition.body, "body")
      }
    case .parameter(let parameter):
      node("param \(parameter.name.text)", parameter.span) { printer in
        if let value = parameter.defaultValue { printer.value(value) }
      }
    case .include(let include):
      node("include", include.span) { $0.value(include.path) }
    case .flow(let flow): self.flow(flow)
    }
  }

  private mutating func flow(_ flow: Flow) {
    node(flow.start.map { "flow $\($0.text)" } ?? "flow", flow.span) { printer in
      for stage in flow.stages { printer.stage(stage) }
    }
  }

  private mutating func stage(_ stage: Stage) {
    let name = stage.name.text.isEmpty ? "?" : stage.name.text
    node("stage \(name)", stage.span, isBroken: stage.isBroken) { printer in
      for argument in stage.arguments { printer.argument(argument) }
      switch stage.tail {
      case .none: break
      case .condition(let condition):
        printer.node("condition \(condition.comparison.rawValue)", condition.span) { printer in
          printer.value(condition.subject)
          printer.value(condition.value)
        }
      case .block(let block): printer.block(block)
      case .body(let script): printer.script(script, "body")
      }
    }
  }

  private mutating func block(_ block: Block) {
    node("block", block.span, isBroken: block.isBroken) { printer in
      for layer in block.layers {
        printer.node(layer.name.map { "layer \($0.text)" } ?? "layer", layer.span, isBroken: layer.isBroken) {
          printer in
          for argument in layer.arguments { printer.argument(argument) }
          if let block = layer.block { printer.block(block) }
        }
      }
    }
  }

  private mutating func argument(_ argument: Argument) {
    guard let name = argument.name else { return value(argument.value) }
    node("option \(name.text)", argument.span) { $0.value(argument.value) }
  }

  private mutating func value(_ value: Value) {
    switch value {
    case .word(let word, let span): node("word \(word)", span) { _ in }
    case .string(let literal): node("string \(Self.pieces(of: literal))", literal.span) { _ in }
    case .variable(let name, let span): node("variable $\(name)", span) { _ in }
    case .list(let values, let span):
      node("list", span) { printer in for value in values { printer.value(value) } }
    case .call(let call):
      node("call \(call.name.text)", call.span, isBroken: call.isBroken) { printer in
        for argument in call.arguments { printer.argument(argument) }
      }
    case .arithmetic(let expression, let span):
      node("arithmetic", span) { $0.expression(expression) }
    }
  }

  private mutating func expression(_ expression: Expression) {
    switch expression {
    case .number(_, let spelling, let span): node("number \(spelling)", span) { _ in }
    case .variable(let name, let span): node("variable $\(name)", span) { _ in }
    case .negate(let operand, let span): node("negate", span) { $0.expression(operand) }
    case .binary(let left, let sign, let right, let span):
      node(sign.rawValue, span) { printer in
        printer.expression(left)
        printer.expression(right)
      }
    case .parenthesized(let inner, let span): node("parentheses", span) { $0.expression(inner) }
    }
  }

  /// A string's pieces: quoted text and `$name`.
  static func pieces(of literal: StringLiteral) -> String {
    let pieces = literal.pieces.map { piece in
      switch piece {
      case .text(let text):
        Printer.text(of: StringLiteral(pieces: [.text(text)], isRaw: literal.isRaw, span: literal.span))
      case .variable(let name, _): "$\(name)"
      }
    }
    return pieces.isEmpty ? "''" : pieces.joined(separator: " ")
  }
}
