import NNDiagnostics

/// A parsed text. Every node has its span; a node that the parser had to mend says so in `isBroken`,
/// so that the checker does not report the same mistake again in other words.
public struct Script: Sendable, Hashable {
  public var statements: [Statement]
  public var span: Span

  public init(statements: [Statement], span: Span) {
    self.statements = statements
    self.span = span
  }
}

/// One statement of a script: what stands between two separators.
public enum Statement: Sendable, Hashable {
  case binding(Let)
  case definition(Definition)
  case parameter(Parameter)
  case include(Include)
  case flow(Flow)

  public var span: Span {
    switch self {
    case .binding(let node): node.span
    case .definition(let node): node.span
    case .parameter(let node): node.span
    case .include(let node): node.span
    case .flow(let node): node.span
    }
  }
}

/// A word in a name's place, without a `$`.
public struct Name: Sendable, Hashable {
  public var text: String
  public var span: Span

  public init(_ text: String, span: Span) {
    self.text = text
    self.span = span
  }
}

/// `let NAME = value` or `let NAME = flow`.
public struct Let: Sendable, Hashable {
  public enum Binding: Sendable, Hashable {
    case value(Value)
    case flow(Flow)
  }

  public var name: Name
  public var binding: Binding
  /// What is bound could not be read; the binding is a stand-in, and any use of the name is fine.
  public var isBroken: Bool
  public var span: Span

  public init(name: Name, binding: Binding, isBroken: Bool = false, span: Span) {
    self.name = name
    self.binding = binding
    self.isBroken = isBroken
    self.span = span
  }
}

/// `def NAME(formals) { … }`.
public struct Definition: Sendable, Hashable {
  public var name: Name
  public var formals: [Formal]
  public var body: Script
  public var span: Span

  public init(name: Name, formals: [Formal], body: Script, span: Span) {
    self.name = name
    self.formals = formals
    self.body = body
    self.span = span
  }
}

/// A `def`'s parameter, `width` or `rate=10%`.
public struct Formal: Sendable, Hashable {
  public var name: Name
  public var defaultValue: Value?
  public var span: Span

  public init(name: Name, defaultValue: Value?, span: Span) {
    self.name = name
    self.defaultValue = defaultValue
    self.span = span
  }
}

/// `param NAME` or `param NAME = value`.
public struct Parameter: Sendable, Hashable {
  public var name: Name
  public var defaultValue: Value?
  public var span: Span

  public init(name: Name, defaultValue: Value?, span: Span) {
    self.name = name
    self.defaultValue = defaultValue
    self.span = span
  }
}

/// `include PATH`.
public struct Include: Sendable, Hashable {
  public var path: Value
  public var span: Span

  public init(path: Value, span: Span) {
    self.path = path
    self.span = span
  }
}

/// `$name | stage | stage`, or stages alone.
public struct Flow: Sendable, Hashable {
  /// The name after the leading `$`, if there is one.
  public var start: Name?
  public var stages: [Stage]
  public var span: Span

  public init(start: Name?, stages: [Stage], span: Span) {
    self.start = start
    self.stages = stages
    self.span = span
  }
}

/// One stage of a flow: `fit data.csv epochs=100`, `model < … >`, `expect val_mae < 0.3`, `sweep … { … }`.
public struct Stage: Sendable, Hashable {
  public enum Tail: Sendable, Hashable {
    case none
    case condition(Condition)
    case block(Block)
    case body(Script)
  }

  /// Empty, and the stage broken, where something stood that can be no stage.
  public var name: Name
  public var arguments: [Argument]
  public var tail: Tail
  public var isBroken: Bool
  public var span: Span

  public init(
    name: Name, arguments: [Argument], tail: Tail = .none, isBroken: Bool = false, span: Span
  ) {
    self.name = name
    self.arguments = arguments
    self.tail = tail
    self.isBroken = isBroken
    self.span = span
  }
}

/// The comparison of `filter` and `expect`.
public struct Condition: Sendable, Hashable {
  public enum Comparison: String, Sendable, Hashable, CaseIterable {
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case equal = "=="
    case notEqual = "!="
  }

  /// A word or a string: a column's or a metric's name.
  public var subject: Value
  public var comparison: Comparison
  public var comparisonSpan: Span
  public var value: Value
  public var span: Span

  public init(
    subject: Value, comparison: Comparison, comparisonSpan: Span, value: Value, span: Span
  ) {
    self.subject = subject
    self.comparison = comparison
    self.comparisonSpan = comparisonSpan
    self.value = value
    self.span = span
  }
}

/// `< layer; layer >`.
public struct Block: Sendable, Hashable {
  public var layers: [LayerNode]
  public var isBroken: Bool
  public var span: Span

  public init(layers: [LayerNode], isBroken: Bool = false, span: Span) {
    self.layers = layers
    self.isBroken = isBroken
    self.span = span
  }
}

/// One entry of a block. `name` is absent for the branches of a `parallel`, which are blocks alone.
public struct LayerNode: Sendable, Hashable {
  public var name: Name?
  public var arguments: [Argument]
  public var block: Block?
  public var isBroken: Bool
  public var span: Span

  public init(
    name: Name?, arguments: [Argument], block: Block? = nil, isBroken: Bool = false, span: Span
  ) {
    self.name = name
    self.arguments = arguments
    self.block = block
    self.isBroken = isBroken
    self.span = span
  }
}

/// `NAME=value` or a positional value, as written; `name value` pairs are joined later, when the options
/// of the stage are known.
public struct Argument: Sendable, Hashable {
  public var name: Name?
  public var value: Value
  public var span: Span

  public init(name: Name?, value: Value, span: Span) {
    self.name = name
    self.value = value
    self.span = span
  }
}

/// What may stand as an argument.
public indirect enum Value: Sendable, Hashable {
  /// A bare word with its spelling; the option that takes it decides its type.
  case word(String, Span)
  case string(StringLiteral)
  /// `$name`; the text is the name without the `$`.
  case variable(String, Span)
  case list([Value], Span)
  case call(Call)
  /// `( … )`, the parentheses within the span.
  case arithmetic(Expression, Span)

  public var span: Span {
    switch self {
    case .word(_, let span), .variable(_, let span), .list(_, let span), .arithmetic(_, let span):
      span
    case .string(let literal): literal.span
    case .call(let call): call.span
    }
  }
}

/// `"…"` with its interpolations, or `'…'` as it stands.
public struct StringLiteral: Sendable, Hashable {
  public enum Piece: Sendable, Hashable {
    /// Text with its escapes resolved.
    case text(String)
    /// `$name` or `${name}`.
    case variable(String, Span)
  }

  public var pieces: [Piece]
  /// Written with `'…'`.
  public var isRaw: Bool
  public var span: Span

  public init(pieces: [Piece], isRaw: Bool, span: Span) {
    self.pieces = pieces
    self.isRaw = isRaw
    self.span = span
  }
}

/// `adam(lr=0.01)`.
public struct Call: Sendable, Hashable {
  public var name: Name
  public var arguments: [Argument]
  public var isBroken: Bool
  public var span: Span

  public init(name: Name, arguments: [Argument], isBroken: Bool = false, span: Span) {
    self.name = name
    self.arguments = arguments
    self.isBroken = isBroken
    self.span = span
  }
}

/// Arithmetic inside parentheses.
public indirect enum Expression: Sendable, Hashable {
  public enum Operator: String, Sendable, Hashable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
  }

  /// A number, with the spelling it had.
  case number(Double, spelling: String, Span)
  case variable(String, Span)
  case negate(Expression, Span)
  case binary(Expression, Operator, Expression, Span)
  case parenthesized(Expression, Span)

  public var span: Span {
    switch self {
    case .number(_, _, let span), .variable(_, let span), .negate(_, let span),
      .binary(_, _, _, let span), .parenthesized(_, let span):
      span
    }
  }
}
