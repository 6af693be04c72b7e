/// In training sets each unit to zero with probability `rate` and divides the others by `1 − rate`
/// (Srivastava et al. 2014); afterwards the identity.
public struct Dropout: Layer {
  public let kind = "dropout"
  public var rate: Double

  public init(rate: Double) { self.rate = rate }

  public func outputWidth(inputWidth: Int) throws(EngineError) -> Int {
    try OptionCheck(kind).fraction(["rate": rate])
    return inputWidth
  }

  public func parameters(inputWidth: Int) -> [ParameterSpecification] { [] }
}
