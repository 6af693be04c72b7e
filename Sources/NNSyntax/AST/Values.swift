import NNDiagnostics

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
