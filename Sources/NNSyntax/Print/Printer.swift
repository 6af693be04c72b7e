/// Writes a tree as source text: one statement a line, single blanks, `name=value` kept as it was written. Parsing the
/// text again gives the same tree, spans aside. Comments are not in the tree: `Formatter` keeps them.
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
      output += " " + InlinePrinter().text(of: condition)
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
  public static func text(of block: Block) -> String { InlinePrinter().text(of: block) }
  public static func text(of layer: LayerNode) -> String { InlinePrinter().text(of: layer) }
  public static func text(of argument: Argument) -> String { InlinePrinter().text(of: argument) }
  public static func text(of value: Value) -> String { InlinePrinter().text(of: value) }
  /// A string with its quotes.
  public static func text(of literal: StringLiteral) -> String { InlinePrinter().text(of: literal) }
}
