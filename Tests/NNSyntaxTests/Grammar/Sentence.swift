@testable import NNSyntax

/// A sentence of the grammar: terminals, each with what makes it up, so that it can be written and recognized.
struct Sentence {
  struct Terminal: Hashable {
    enum Kind { case word, string, mark, newline }

    var text: String
    var kind: Kind
    /// No blank in front of it.
    var touches = false
  }

  var terminals: [Terminal]

  /// The sentence as source text, with blanks wherever they are allowed.
  var text: String {
    var result = ""
    for terminal in normalized.terminals {
      result += (terminal.touches || result.isEmpty ? "" : " ") + terminal.text
    }
    return result
  }

  /// After a change, only a name behind `$` and a `(` behind a name can still touch what is in front.
  var normalized: Sentence {
    var result = self
    for index in result.terminals.indices where result.terminals[index].touches {
      let terminal = result.terminals[index]
      let before = index > 0 ? result.terminals[index - 1] : nil
      let isVariable = before?.text == "$" && terminal.kind == .word && isName(terminal.text)
      let isCall = before?.kind == .word && isName(before?.text ?? "") && terminal.text == "("
      result.terminals[index].touches = isVariable || isCall
    }
    return result
  }

  /// The terminals that count for the grammar: without the line ends that are nothing.
  var significant: [Terminal] {
    var result: [Terminal] = []
    var depth = 0
    for terminal in normalized.terminals {
      switch terminal.text {
      case "(", "[": depth += 1
      case ")", "]": depth -= 1
      case "\n" where depth > 0 || result.last?.text == "|": continue
      case "|": while result.last?.kind == .newline { result.removeLast() }
      default: break
      }
      result.append(terminal)
    }
    return result
  }
}

/// Derives sentences.
struct SentenceGenerator {
  let grammar: Grammar
  /// The least height of a derivation of each rule: where the tree gets deep, the lowest way out is taken.
  private var heights: [String: Int] = [:]
  var generator: SeededGenerator

  init(_ grammar: Grammar, seed: UInt64) {
    self.grammar = grammar
    generator = SeededGenerator(seed)
    var didChange = true
    while didChange {
      didChange = false
      for (name, expression) in grammar.rules {
        guard let height = height(expression), height + 1 < heights[name] ?? Int.max else { continue }
        heights[name] = height + 1
        didChange = true
      }
    }
  }

  private func height(_ expression: Grammar.Expression) -> Int? {
    switch expression {
    case .terminal, .lexical, .touch, .optional, .repeated: return 0
    case .rule(let name): return heights[name]
    case .sequence(let parts):
      let all = parts.map(height)
      return all.contains(nil) ? nil : all.compactMap { $0 }.max() ?? 0
    case .choice(let parts): return parts.compactMap(height).min()
    }
  }

  mutating func sentence() -> Sentence {
    var terminals: [Sentence.Terminal] = []
    derive(.rule(grammar.start), depth: 0, into: &terminals)
    return Sentence(terminals: terminals)
  }

  private mutating func derive(
    _ expression: Grammar.Expression, depth: Int, into terminals: inout [Sentence.Terminal]
  ) {
    // The first token of everything but a touching one starts anew.
    let isDeep = depth > 14 || terminals.count > 50
    switch expression {
    case .terminal(let text):
      let kind: Sentence.Terminal.Kind = text.first?.isLetter == true || "+-*/".contains(text) ? .word : .mark
      append(Sentence.Terminal(text: text, kind: kind), &terminals)
    case .lexical(let name): append(Self.lexical(name, &generator), &terminals)
    case .touch: pendingTouch = true
    case .rule(let name):
      if let expression = grammar.rules[name] { derive(expression, depth: depth + 1, into: &terminals) }
    case .sequence(let parts): for part in parts { derive(part, depth: depth, into: &terminals) }
    case .choice(let parts):
      var candidates = parts
      if isDeep {
        let least = parts.compactMap(height).min()
        candidates = parts.filter { height($0) == least }
      }
      derive(generator.pick(candidates), depth: depth, into: &terminals)
    case .optional(let part):
      if !isDeep, generator.below(2) == 0 { derive(part, depth: depth, into: &terminals) }
    case .repeated(let part):
      if !isDeep { for _ in 0..<generator.below(4) { derive(part, depth: depth, into: &terminals) } }
    }
  }

  private var pendingTouch = false

  private mutating func append(_ terminal: Sentence.Terminal, _ terminals: inout [Sentence.Terminal]) {
    var terminal = terminal
    terminal.touches = pendingTouch
    pendingTouch = false
    terminals.append(terminal)
  }

  static func lexical(_ name: String, _ generator: inout SeededGenerator) -> Sentence.Terminal {
    switch name {
    case "NEWLINE": Sentence.Terminal(text: "\n", kind: .newline)
    case "STRING":
      Sentence.Terminal(text: generator.pick(["\"a b\"", "'raw'", "\"$x ${y}z\"", "\"\""]), kind: .string)
    case "NUMBER": Sentence.Terminal(text: generator.pick(["6", "0.5", "1e-3", "20%"]), kind: .word)
    case "STAGE":
      Sentence.Terminal(
        text: generator.pick(["fit", "model", "data", "parallel", "folds", "print"]), kind: .word)
    case "NAME":
      Sentence.Terminal(
        text: generator.pick(["dense", "x", "lr", "adam", "parallel", "relu", "let"]), kind: .word)
    default:
      Sentence.Terminal(
        text: generator.pick(["relu", "data.csv", "6", "20%", "../a-b", "def", "x"]), kind: .word)
    }
  }
}
