/// A grammar in EBNF, as a tree that can be walked: to derive sentences, or to recognize them.
struct Grammar {
  indirect enum Expression: Hashable {
    case terminal(String)
    /// A terminal that the lexer makes, in capitals.
    case lexical(String)
    case rule(String)
    /// `? no blank ?`
    case touch
    case sequence([Expression])
    case choice([Expression])
    case optional(Expression)
    case repeated(Expression)
  }

  struct SyntaxError: Error, CustomStringConvertible {
    var description: String
  }

  private(set) var rules: [String: Expression] = [:]
  private(set) var start = ""

  init(ebnf: String) throws {
    var reader = Reader(symbols: try Self.symbols(of: ebnf))
    while let (name, expression) = try reader.rule() {
      if rules.updateValue(expression, forKey: name) != nil {
        throw SyntaxError(description: "two rules \(name)")
      }
      if start.isEmpty { start = name }
    }
    for name in rules.values.flatMap(Self.references) where rules[name] == nil {
      throw SyntaxError(description: "no rule \(name)")
    }
  }

  private static func references(_ expression: Expression) -> [String] {
    switch expression {
    case .rule(let name): [name]
    case .sequence(let parts), .choice(let parts): parts.flatMap(references)
    case .optional(let part), .repeated(let part): references(part)
    case .terminal, .lexical, .touch: []
    }
  }

  // MARK: Reading

  private enum Symbol: Equatable {
    case name(String)
    case quoted(String)
    case special(String)
    case mark(Character)
  }

  private static func symbols(of text: String) throws -> [Symbol] {
    var result: [Symbol] = []
    var rest = text[...]
    func take(until end: String) throws -> String {
      guard let range = rest.firstRange(of: end) else { throw SyntaxError(description: "no \(end)") }
      let content = String(rest[..<range.lowerBound])
      rest = rest[range.upperBound...]
      return content
    }
    while let character = rest.first {
      if character.isWhitespace {
        rest.removeFirst()
      } else if rest.hasPrefix("(*") {
        _ = try take(until: "*)")
      } else if character == "\"" {
        rest.removeFirst()
        result.append(.quoted(try take(until: "\"")))
      } else if character == "?" {
        rest.removeFirst()
        result.append(.special(try take(until: "?").split(separator: " ").joined(separator: " ")))
      } else if character.isLetter {
        let name = rest.prefix { $0.isLetter || $0 == "-" }
        result.append(.name(String(name)))
        rest = rest.dropFirst(name.count)
      } else if "=|;()[]{}".contains(character) {
        result.append(.mark(character))
        rest.removeFirst()
      } else {
        throw SyntaxError(description: "\(character) means nothing")
      }
    }
    return result
  }

  private struct Reader {
    var symbols: [Symbol]
    var position = 0

    init(symbols: [Symbol]) {
      self.symbols = symbols
    }

    var current: Symbol? { position < symbols.count ? symbols[position] : nil }

    mutating func expect(_ mark: Character) throws {
      guard current == .mark(mark) else {
        throw SyntaxError(description: "\(mark) expected, \(current.map { "\($0)" } ?? "the end") found")
      }
      position += 1
    }

    mutating func rule() throws -> (String, Expression)? {
      guard let first = current else { return nil }
      guard case .name(let name) = first else {
        throw SyntaxError(description: "a rule cannot begin with \(first)")
      }
      position += 1
      try expect("=")
      let expression = try choice()
      try expect(";")
      return (name, expression)
    }

    mutating func choice() throws -> Expression {
      var parts = [try sequence()]
      while current == .mark("|") {
        position += 1
        parts.append(try sequence())
      }
      return parts.count == 1 ? parts[0] : .choice(parts)
    }

    mutating func sequence() throws -> Expression {
      var parts: [Expression] = []
      while let symbol = current {
        position += 1
        switch symbol {
        case .name(let name): parts.append(name.allSatisfy(\.isUppercase) ? .lexical(name) : .rule(name))
        case .quoted(let text): parts.append(.terminal(text))
        case .special("no blank"): parts.append(.touch)
        case .special(let text): throw SyntaxError(description: "? \(text) ? means nothing")
        case .mark("("):
          parts.append(try choice())
          try expect(")")
        case .mark("["):
          parts.append(.optional(try choice()))
          try expect("]")
        case .mark("{"):
          parts.append(.repeated(try choice()))
          try expect("}")
        case .mark:
          position -= 1
          return parts.count == 1 ? parts[0] : .sequence(parts)
        }
      }
      return parts.count == 1 ? parts[0] : .sequence(parts)
    }
  }
}
