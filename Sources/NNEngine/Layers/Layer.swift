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
  /// Its name below the layer's, such as `kernel`, or `layers.1.kernel` for one of a layer within.
  public var name: String
  /// As Keras has it: `[in, out]` for a kernel.
  public let shape: [Int]
  public let initializer: any Initializer
  public let regularizer: (any Regularizer)?
  public let constraint: (any Constraint)?
  /// Whether the optimizer moves it; moving statistics are kept by their layer.
  public let isTrainable: Bool

  public init(
    name: String, shape: [Int], initializer: any Initializer, regularizer: (any Regularizer)? = nil,
    constraint: (any Constraint)? = nil, isTrainable: Bool = true
  ) {
    self.name = name
    self.shape = shape
    self.initializer = initializer
    self.regularizer = regularizer
    self.constraint = constraint
    self.isTrainable = isTrainable
  }

  /// Throws if its initializer, penalty or constraint cannot be for its shape.
  public func check() throws(EngineError) {
    try initializer.check()
    try initializer.check(shape: shape)
    try regularizer?.check()
    try regularizer?.check(shape: shape)
    try constraint?.check()
    try constraint?.check(shape: shape)
  }

  func within(_ path: String) -> ParameterSpecification {
    var specification = self
    specification.name = path + "." + name
    return specification
  }
}
