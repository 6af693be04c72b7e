import NNDiagnostics

/// Writes pieces of a tree on one line.
struct InlinePrinter {
  /// Where the tree was read from: strings keep the spelling that they have there. Without it they are spelt anew.
  var source: SourceFile?

  func text(of block: Block) -> String {
    var result = "<"
    for (index, layer) in block.layers.enumerated() {
      if index > 0, block.layers[index - 1].block == nil { result += ";" }
      result += " " + text(of: layer)
    }
    return result + " >"
  }

  func text(of layer: LayerNode) -> String {
    var parts = layer.name.map { [$0.text] } ?? []
    parts += layer.arguments.map { text(of: $0) }
    if let block = layer.block { parts.append(text(of: block)) }
    return parts.joined(separator: " ")
  }

  func text(of condition: Condition) -> String {
    "\(text(of: condition.subject)) \(condition.comparison.rawValue) \(text(of: condition.value))"
  }

  func text(of argument: Argument) -> String {
    (argument.name.map { $0.text + "=" } ?? "") + text(of: argument.value)
  }

  func text(of value: Value) -> String {
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

  func text(of expression: Expression) -> String {
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
  func text(of literal: StringLiteral) -> String {
    if let source { return source.text(literal.span) }
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

  private func escaped(_ scalar: Unicode.Scalar) -> String {
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
