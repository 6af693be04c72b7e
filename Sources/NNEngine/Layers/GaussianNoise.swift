/// In training adds a draw of a normal distribution with mean 0 to each unit; afterwards the identity.
public struct GaussianNoise: Layer {
  public let kind = "noise"
  public var stddev: Double

  public init(stddev: Double) { self.stddev = stddev }

  public func outputWidth(inputWidth: Int) throws(EngineError) -> Int {
    try OptionCheck(kind).notNegative(["stddev": stddev])
    return inputWidth
  }

  public func parameters(inputWidth: Int) -> [ParameterSpecification] { [] }
}
