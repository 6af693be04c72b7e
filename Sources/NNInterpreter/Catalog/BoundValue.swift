import NNDiagnostics

/// A value after its option has decided its type.
public indirect enum BoundValue: Sendable {
  case none
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  /// In seconds.
  case duration(Double)
  case text(String)
  case component(Component)
  case list([Bound])
}

/// A value and the place it was written at.
public struct Bound: Sendable {
  public var value: BoundValue
  public var span: Span?

  public init(_ value: BoundValue, span: Span?) {
    self.value = value
    self.span = span
  }
}

/// A named thing with its options: `relu`, `adam(lr=0.01)`, `early_stopping(patience=5)`.
public struct Component: Sendable {
  public var kind: ComponentKind
  /// The name in the catalog, not the alias it may have been written with.
  public var name: String
  public var arguments: BoundArguments
  /// What it stands for where it is the embedding program's own.
  var own: OwnFunction?

  public init(kind: ComponentKind, name: String, arguments: BoundArguments = BoundArguments()) {
    self.kind = kind
    self.name = name
    self.arguments = arguments
  }
}

/// The kinds of named things that options take.
public enum ComponentKind: String, Sendable, CaseIterable {
  case activation, initializer, regularizer, constraint, loss, optimizer, schedule, metric, callback

  var expectation: String {
    switch self {
    case .activation: "an activation"
    case .initializer: "an initializer"
    case .regularizer: "a regularizer"
    case .constraint: "a constraint"
    case .loss: "a loss"
    case .optimizer: "an optimizer"
    case .schedule: "a schedule"
    case .metric: "a metric"
    case .callback: "a callback"
    }
  }
}
