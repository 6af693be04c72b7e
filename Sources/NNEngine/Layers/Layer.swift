/// One layer of a network: a description, without weights or buffers.
public protocol Layer: Sendable {
  /// The name in the catalog, as in `dense`.
  var kind: String { get }
  /// Units that come out for units that go in; throws if an option makes no sense.
  func outputWidth(inputWidth: Int) throws(EngineError) -> Int
  /// The weights it needs, in the order in which they are saved.
  func parameters(inputWidth: Int) -> [ParameterSpecification]
}

/// A weight tensor that a layer needs.
public struct ParameterSpecification: Sendable {
  /// The last part of its name, such as `kernel`.
  public let name: String
  /// As Keras has it: `[in, out]` for a kernel.
  public let shape: [Int]
  public let initializer: any Initializer
  public let regularizer: Regularizer?

  public init(name: String, shape: [Int], initializer: any Initializer, regularizer: Regularizer? = nil) {
    self.name = name
    self.shape = shape
    self.initializer = initializer
    self.regularizer = regularizer
  }
}

/// A penalty `l1·Σ|x| + l2·Σx²` that is added to the loss.
public struct Regularizer: Sendable, Equatable {
  public var l1: Float
  public var l2: Float

  public init(l1: Float = 0, l2: Float = 0) {
    self.l1 = l1
    self.l2 = l2
  }

  var isZero: Bool { l1 == 0 && l2 == 0 }

  func check(_ owner: String) throws(EngineError) {
    for (option, value) in [("l1", l1), ("l2", l2)] where !(value >= 0 && value.isFinite) {
      throw .invalidOption(owner: owner, option: option, value: "\(value)", requirement: "a number from 0 on")
    }
  }
}
