/// Each row to mean 0 and variance 1 over its units, then · gamma + beta (Ba et al. 2016).
public struct LayerNormalization: Layer {
  public let kind = "layernorm"
  public var epsilon: Float
  public var affine: AffineParameters

  public init(epsilon: Float = 0.001, affine: AffineParameters = AffineParameters()) {
    self.epsilon = epsilon
    self.affine = affine
  }

  public func outputWidth(inputWidth: Int) throws(EngineError) -> Int {
    try OptionCheck(kind).positive(["epsilon": epsilon])
    return inputWidth
  }

  public func parameters(inputWidth: Int) -> [ParameterSpecification] {
    affine.parameters(inputWidth: inputWidth)
  }
}
