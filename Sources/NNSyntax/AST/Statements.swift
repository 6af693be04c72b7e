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
