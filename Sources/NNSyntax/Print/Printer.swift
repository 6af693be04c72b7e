/// Writes a tree as source text: one statement a line, single blanks, `name=value` kept as it was written. Parsing the
/// text again gives the same tree, spans aside. Comments are not in the tree; the formatter brings them back.
public struct Printer {
  public static func text(of script: Script) -> String {
    var printer = Printer()
    printer.statements(script.statements)
    return printer.output
  }

  private var output = ""
  private var indentation = 0

  private mutating func statements(_ statements: [Statement]) {
    for statement in statements {
      output += String(repeating: "  ", count: indentation)
      switch statement {
      case .binding(let node): binding(node)
      case .definition(let node): definition(node)
      case .parameter(let node):
        output += "param \(node.name.text)"
        if let value = node.defaultValue { output += "=" + Self.text(of: value) }
      case .include(let node): output += "include " + Self.text(of: node.path)
      case .flow(let node): flow(node)
      }
      // A final `\` would take the next line along.
      if output.utf8.last == UInt8(ascii: "\\") { output += ";" }
      output += "\n"
    }
  }

  private mutating func binding(_ node: Let) {
    output += "let \(node.name.text) = "
    switch node.binding {
    case .value(let value): output += Self.text(of: value)
    case .flow(let node): flow(node)
    }
  }

  private mutating func definition(_ node: Definition) {
    let formals = node.formals.map { formal in
      formal.name.text + (formal.defaultValue.map { "=" + Self.text(of: $0) } ?? "")
    }
    output += "def \(node.name.text)(\(formals.joined(separator: ", "))) "
    body(node.body)
  }

  private mutating func flow(_ node: Flow) {
    if let start = node.start {
      output += "$\(start.text)"
      if !node.stages.isEmpty { output += " | " }
    }
    for (index, node) in node.stages.enumerated() {
      if index > 0 { output += " | " }
      stage(node)
    }
  }

  private mutating func stage(_ node: Stage) {
    output += node.name.text
    for argument in node.arguments { output += " " + Self.text(of: argument) }
    switch node.tail {
    case .none: break
    case .condition(let condition):
      output += " \(Self.text(of: condition.subject)) \(condition.comparison.rawValue) "
      output += Self.text(of: condition.value)
    case .block(let block): output += " " + Self.text(of: block)
    case .body(let script):
      output += " "
      body(script)
    }
  }

  private mutating func body(_ script: Script) {
    guard !script.statements.isEmpty else {
      output += "{ }"
      return
    }
    output += "{\n"
    indentation += 1
    statements(script.statements)
    indentation -= 1
    output += String(repeating: "  ", count: indentation) + "}"
  }
}

// MARK: Pieces

extension Printer {
  public static func text(of block: Block) -> String {
    var result = "<"
    for (index, layer) in block.layers.enumerated() {
      if index > 0, block.layers[index - 1].block == nil { result += ";" }
      result += " " + text(of: layer)
    }
    return result + " >"
  }

  public static func text(of layer: LayerNode) -> String {
    var parts = layer.name.map { [$0.text] } ?? []
    parts += layer.arguments.map { text(of: $0) }
    if let block = layer.block { parts.append(text(of: block)) }
    return parts.joined(separator: " ")
  }

  public static func text(of argument: Argument) -> String {
    (argument.name.map { $0.text + "=" } ?? "") + text(of: argument.value)
  }

  public static func text(of value: Value) -> String {
    switch value {
    case .word(let word, _): word
    case .string(let literal): text(of: literal)
    case .variable(let name, _): "$" + name
    case .list(let values, _): "[" + values.map { text(of: $0) }.joined(separator: ", ") + "]"
    case .call(let call):
      call.name.text + "(" + call.arguments.map { text(of: $0) }.joined(separator: ", ") + ")"
    case .arithmetic(let expression, _): "(" + text(of: expression) + ")"
    }
  }

  public static func text(of expression: Expression) -> String {
    switch expression {
    case .number(_, let spelling, _): spelling
    case .variable(let name, _): "$" + name
    case .negate(let operand, _): "-" + text(of: operand)
    case .binary(let left, let sign, let right, _):
      text(of: left) + " \(sign.rawValue) " + text(of: right)
    case .parenthesized(let inner, _): "(" + text(of: inner) + ")"
    }
  }

  /// A string with its quotes.
  public static func text(of literal: StringLiteral) -> String {
    if literal.isRaw {
      let text = literal.pieces.map { if case .text(let text) = $0 { text } else { "" } }.joined()
      // A raw string can hold neither its quote nor a line end; only a tree made by hand asks for it.
      if !text.contains(where: { $0 == "'" || $0.isNewline }) { return "'\(text)'" }
    }
    var result = "\""
    for (index, piece) in literal.pieces.enumerated() {
      switch piece {
      case .text(let text): for scalar in text.unicodeScalars { result += escaped(scalar) }
      case .variable(let name, _):
        var isBraced = false
        if index + 1 < literal.pieces.count, case .text(let next) = literal.pieces[index + 1],
          let byte = next.utf8.first, isNameByte(byte)
        {
          isBraced = true
        }
        result += isBraced ? "${\(name)}" : "$\(name)"
      }
    }
    return result + "\""
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\"": "\\\""
    case "\\": "\\\\"
    case "$": "\\$"
    case "\n": "\\n"
    case "\t": "\\t"
    default:
      Characters.isControl(scalar)
        ? "\\u{\(String(scalar.value, radix: 16, uppercase: true))}" : String(scalar)
    }
  }
}
