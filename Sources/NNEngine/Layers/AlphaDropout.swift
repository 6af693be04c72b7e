/// Dropout that keeps mean and variance of what `selu` gives: dropped units become selu's lower bound, and all are scaled and
/// shifted (Klambauer et al. 2017). Outside of training the identity.
public struct AlphaDropout: Layer {
  public let kind = "alpha_dropout"
  public var rate: Double

  public init(rate: Double) { self.rate = rate }

  public func outputWidth(inputWidth: Int) throws(EngineError) -> Int {
    try checkDropRate(rate, kind)
    return inputWidth
  }

  public func parameters(inputWidth: Int) -> [ParameterSpecification] { [] }
}

func checkDropRate(_ rate: Double, _ owner: String) throws(EngineError) {
  guard rate >= 0, rate < 1 else {
    throw .invalidOption(
      owner: owner, option: "rate", value: "\(rate)", requirement: "a number from 0 to below 1")
  }
}
