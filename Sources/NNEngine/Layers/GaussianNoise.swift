/// In training adds a draw of a normal distribution with mean 0 to each unit; afterwards the identity.
public struct GaussianNoise: Layer {
  public let kind = "noise"
  public var stddev: Double

  public init(stddev: Double) { self.stddev = stddev }

  public func outputWidth(inputWidth: Int) throws(EngineError) -> Int {
    guard stddev >= 0, stddev.isFinite else {
      throw .invalidOption(
        owner: kind, option: "stddev", value: "\(stddev)", requirement: "a number from 0 on")
    }
    return inputWidth
  }

  public func parameters(inputWidth: Int) -> [ParameterSpecification] { [] }
}
