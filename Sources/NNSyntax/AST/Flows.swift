import NNDiagnostics

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
