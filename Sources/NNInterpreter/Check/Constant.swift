import NNDiagnostics
import NNSyntax

/// A value of the language once names and arithmetic are worked out, before an option has decided its type.
indirect enum Constant: Sendable {
  case number(Double)
  /// A word with its spelling; the option that takes it decides whether it is a number.
  case word(String)
  case string(String)
  case list([Evaluated])
  case call(Name, [EvaluatedArgument], isBroken: Bool)

  /// The constant as a number, if it is one or reads as one.
  var number: Double? {
    switch self {
    case .number(let value): value
    case .word(let text), .string(let text): NNSyntax.number(fromWord: text)
    case .list, .call: nil
    }
  }

  /// The constant as a text, if it is one word, string or number.
  var text: String? {
    switch self {
    case .number(let value): describeNumber(value)
    case .word(let text), .string(let text): text
    case .list, .call: nil
    }
  }

  /// Is it written as values of the type are, right or wrong?
  func looksLike(_ type: OptionType) -> Bool {
    switch type {
    case .integer, .number, .share, .duration: number != nil
    case .component(let kind):
      switch self {
      case .call: true
      case .word(let text), .string(let text): Catalog.component(kind, named: text) != nil
      case .number, .list: false
      }
    case .optional(let type): looksLike(type)
    case .list, .someOf: if case .list = self { true } else { false }
    default: false
    }
  }

  /// The constant as messages show it.
  var shown: String {
    switch self {
    case .number(let value): "`\(describeNumber(value))`"
    case .word(let text): "`\(text)`"
    case .string(let text): "`\"\(text)\"`"
    case .list: "a list"
    case .call(let name, _, _): "`\(name.text)(…)`"
    }
  }

  /// The constant as `print` writes it.
  var printed: String {
    switch self {
    case .number, .word, .string: text ?? ""
    case .list(let entries): "[" + entries.map(\.constant.printed).joined(separator: ", ") + "]"
    case .call(let name, let arguments, _):
      name.text + "("
        + arguments.map { argument in
          (argument.name.map { $0.text + "=" } ?? "") + argument.value.constant.printed
        }.joined(separator: ", ") + ")"
    }
  }
}

/// A constant and where it was written (at its use, if it came through a `$name`).
struct Evaluated: Sendable {
  var constant: Constant
  var span: Span
}

/// An argument whose value is worked out.
struct EvaluatedArgument: Sendable {
  var name: Name?
  var value: Evaluated
  /// The word as it stands in the source, if it is one: only such a word can be an option's name.
  var bareWord: String?
  var span: Span
}

extension Constant {
  /// The constant as `let` and `param` keep it: a word that reads as a number is a number.
  var settled: Constant {
    switch self {
    case .word(let text): NNSyntax.number(fromWord: text).map { .number($0) } ?? self
    default: self
    }
  }
}
