/// In training multiplies each unit by a draw of a normal distribution with mean 1 and variance `rate / (1 − rate)` (Srivastava
/// et al. 2014); afterwards the identity.
public struct GaussianDropout: Layer {
  public let kind = "gaussian_dropout"
  public var rate: Double

  public init(rate: Double) { self.rate = rate }

  public func outputWidth(inputWidth: Int) throws(EngineError) -> Int {
    try OptionCheck(kind).fraction(["rate": rate])
    return inputWidth
  }

  public func parameters(inputWidth: Int) -> [ParameterSpecification] { [] }
}
