import NNDiagnostics
import NNSyntax

/// What a script names with `let`, `def` and `param`, and where each name is used. A name means what it was given last
/// before the place, so what is renamed together is what means the same.
struct NameTable {
  enum Kind {
    case value, flow, parameter, definition, formal
  }

  struct Definition {
    var name: String
    var kind: Kind
    /// Where the name is given.
    var span: Span
    /// The whole statement.
    var whole: Span
    /// Where it is used, the name alone without `$` and braces.
    var uses: [Span] = []
    /// How deep it stands in bodies.
    var depth: Int
  }

  private(set) var definitions: [Definition] = []
  private let source: SourceFile
  /// The innermost scope last; each name with its definition's index. Names of values and of `def`s are apart.
  private var scopes: [[String: Int]] = [[:]]

  init(_ script: Script, in source: SourceFile) {
    self.source = source
    for statement in script.statements { visit(statement) }
  }

  /// The definition that is given or used at an offset.
  func definition(at offset: Int) -> Definition? {
    definitions.first { definition in
      ([definition.span] + definition.uses).contains { $0.start <= offset && offset <= $0.end }
    }
  }

  // MARK: Walking

  private mutating func define(_ name: Name, _ kind: Kind, _ whole: Span) {
    guard !name.text.isEmpty else { return }
    scopes[scopes.count - 1][key(name.text, kind == .definition)] = definitions.count
    let span = self.nameSpan(name.span, name.text)
    definitions.append(
      Definition(name: name.text, kind: kind, span: span, whole: whole, depth: scopes.count - 1))
  }

  private mutating func use(_ name: String, _ span: Span, isDefinition: Bool = false) {
    let key = key(name, isDefinition)
    guard let index = scopes.reversed().lazy.compactMap({ $0[key] }).first else { return }
    definitions[index].uses.append(nameSpan(span, name))
  }

  private func key(_ name: String, _ isDefinition: Bool) -> String { isDefinition ? name : "$" + name }

  /// The name within `$name` or `${name}`.
  private func nameSpan(_ span: Span, _ name: String) -> Span {
    let text = source.text(span)
    let start = span.start + (text.hasPrefix("${") ? 2 : text.hasPrefix("$") ? 1 : 0)
    return Span(start, min(start + name.utf8.count, span.end))
  }

  private mutating func visit(_ statement: Statement) {
    switch statement {
    case .binding(let node):
      // What is bound still sees the earlier value.
      switch node.binding {
      case .value(let value):
        visit(value)
        define(node.name, .value, node.span)
      case .flow(let flow):
        visit(flow)
        define(node.name, .flow, node.span)
      }
    case .definition(let node):
      define(node.name, .definition, node.span)
      scopes.append([:])
      for formal in node.formals {
        if let value = formal.defaultValue { visit(value) }
        define(formal.name, .formal, formal.span)
      }
      for statement in node.body.statements { visit(statement) }
      scopes.removeLast()
    case .parameter(let node):
      if let value = node.defaultValue { visit(value) }
      define(node.name, .parameter, node.span)
    case .include(let node): visit(node.path)
    case .flow(let flow): visit(flow)
    }
  }

  private mutating func visit(_ flow: Flow) {
    if let start = flow.start { use(start.text, start.span) }
    for stage in flow.stages {
      use(stage.name.text, stage.name.span, isDefinition: true)
      for argument in stage.arguments { visit(argument.value) }
      switch stage.tail {
      case .none: break
      case .condition(let condition):
        visit(condition.subject)
        visit(condition.value)
      case .block(let block): visit(block)
      case .body(let script):
        scopes.append([:])
        // The variables of `sweep lr=[…]` are options to the parser.
        for argument in stage.arguments {
          if let name = argument.name, stage.name.text == "sweep" {
            define(name, .value, argument.span)
          }
        }
        for statement in script.statements { visit(statement) }
        scopes.removeLast()
      }
    }
  }

  private mutating func visit(_ block: Block) {
    for layer in block.layers {
      if let name = layer.name { use(name.text, name.span, isDefinition: true) }
      for argument in layer.arguments { visit(argument.value) }
      if let block = layer.block { visit(block) }
    }
  }

  private mutating func visit(_ value: Value) {
    switch value {
    case .word: break
    case .string(let literal):
      for case .variable(let name, let span) in literal.pieces { use(name, span) }
    case .variable(let name, let span): use(name, span)
    case .list(let values, _): for value in values { visit(value) }
    case .call(let call): for argument in call.arguments { visit(argument.value) }
    case .arithmetic(let expression, _): visit(expression)
    }
  }

  private mutating func visit(_ expression: Expression) {
    switch expression {
    case .number: break
    case .variable(let name, let span): use(name, span)
    case .negate(let operand, _), .parenthesized(let operand, _): visit(operand)
    case .binary(let left, _, let right, _):
      visit(left)
      visit(right)
    }
  }
}
