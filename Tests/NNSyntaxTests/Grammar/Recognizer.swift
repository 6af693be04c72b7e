@testable import NNSyntax

/// Says whether a sentence belongs to the grammar, by looking for every way to read it (the grammar has no left recursion).
struct Recognizer {
  private enum Symbol: Hashable {
    case terminal(Sentence.Terminal)
    case touch
  }

  private struct Key: Hashable {
    var rule: String
    var position: Int
  }

  private let grammar: Grammar
  private var symbols: [Symbol] = []
  private var known: [Key: Set<Int>] = [:]

  init(_ grammar: Grammar) {
    self.grammar = grammar
  }

  mutating func accepts(_ sentence: Sentence) -> Bool {
    known = [:]
    symbols = sentence.significant.flatMap { $0.touches ? [.touch, .terminal($0)] : [.terminal($0)] }
    return ends(.rule(grammar.start), from: 0).contains(symbols.count)
  }

  /// Where a piece of the sentence that begins at `position` and is an `expression` can end.
  private mutating func ends(_ expression: Grammar.Expression, from position: Int) -> Set<Int> {
    switch expression {
    case .terminal(let text):
      guard case .terminal(let terminal)? = symbol(position), terminal.text == text, terminal.kind != .string
      else {
        return []
      }
      return [position + 1]
    case .lexical(let name):
      guard case .terminal(let terminal)? = symbol(position), Self.matches(terminal, name) else { return [] }
      return [position + 1]
    case .touch: return symbol(position) == .touch ? [position + 1] : []
    case .rule(let name):
      let key = Key(rule: name, position: position)
      if let known = known[key] { return known }
      let result = grammar.rules[name].map { ends($0, from: position) } ?? []
      known[key] = result
      return result
    case .sequence(let parts):
      var result: Set = [position]
      for part in parts {
        var next: Set<Int> = []
        for start in result { next.formUnion(ends(part, from: start)) }
        if next.isEmpty { return [] }
        result = next
      }
      return result
    case .choice(let parts):
      var result: Set<Int> = []
      for part in parts { result.formUnion(ends(part, from: position)) }
      return result
    case .optional(let part): return ends(part, from: position).union([position])
    case .repeated(let part):
      var result: Set = [position]
      var fresh = result
      while !fresh.isEmpty {
        var next: Set<Int> = []
        for start in fresh { next.formUnion(ends(part, from: start)) }
        fresh = next.subtracting(result)
        result.formUnion(fresh)
      }
      return result
    }
  }

  private func symbol(_ position: Int) -> Symbol? { position < symbols.count ? symbols[position] : nil }

  private static func matches(_ terminal: Sentence.Terminal, _ lexical: String) -> Bool {
    switch lexical {
    case "NEWLINE": terminal.kind == .newline
    case "STRING": terminal.kind == .string
    case "WORD": terminal.kind == .word
    case "NAME": terminal.kind == .word && isName(terminal.text)
    case "STAGE":
      terminal.kind == .word && isName(terminal.text)
        && !["let", "def", "param", "include", "filter", "expect"].contains(terminal.text)
    case "NUMBER":
      terminal.kind == .word && terminal.text.first != "-" && number(fromWord: terminal.text) != nil
    default: false
    }
  }
}
