/// Dropout that keeps mean and variance of what `selu` gives: dropped units become selu's lower bound, and all are scaled and
/// shifted (Klambauer et al. 2017). Outside of training the identity.
public struct AlphaDropout: Layer {
  public let kind = "alpha_dropout"
  public var rate: Double

  public init(rate: Double) { self.rate = rate }

  public func outputWidth(inputWidth: Int) throws(EngineError) -> Int {
    try OptionCheck(kind).fraction(["rate": rate])
    return inputWidth
  }

  public func parameters(inputWidth: Int) -> [ParameterSpecification] { [] }
}
