/// x above 0 and alpha · x below, alpha learned, one number a unit (He et al. 2015).
public struct PReLU: Layer {
  public let kind = "prelu"
  public var alphaInitializer: any Initializer
  public var alphaRegularizer: (any Regularizer)?
  public var alphaConstraint: (any Constraint)?

  public init(
    alphaInitializer: any Initializer = Zeros(), alphaRegularizer: (any Regularizer)? = nil,
    alphaConstraint: (any Constraint)? = nil
  ) {
    self.alphaInitializer = alphaInitializer
    self.alphaRegularizer = alphaRegularizer
    self.alphaConstraint = alphaConstraint
  }

  public func outputWidth(inputWidth: Int) throws(EngineError) -> Int { inputWidth }

  public func parameters(inputWidth: Int) -> [ParameterSpecification] {
    [
      ParameterSpecification(
        name: "alpha", shape: [inputWidth], initializer: alphaInitializer, regularizer: alphaRegularizer,
        constraint: alphaConstraint)
    ]
  }
}
