/// Each row divided by the root of its mean square, then · gamma (Zhang and Sennrich 2019). Keras calls gamma `scale`.
public struct RMSNormalization: Layer {
  public let kind = "rmsnorm"
  public var epsilon: Float

  public init(epsilon: Float = 1e-6) { self.epsilon = epsilon }

  public func outputWidth(inputWidth: Int) throws(EngineError) -> Int {
    try OptionCheck(kind).positive(["epsilon": epsilon])
    return inputWidth
  }

  public func parameters(inputWidth: Int) -> [ParameterSpecification] {
    AffineParameters(center: false).parameters(inputWidth: inputWidth)
  }
}
