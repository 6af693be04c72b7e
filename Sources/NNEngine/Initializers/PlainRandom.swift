/// Normal with a mean and a standard deviation.
public struct RandomNormal: Initializer {
  public let name = "random_normal"
  public var mean: Float
  public var stddev: Float
  public init(mean: Float = 0, stddev: Float = 0.05) {
    self.mean = mean
    self.stddev = stddev
  }
  public func check() throws(EngineError) { try check(as: name) }
  func check(as owner: String) throws(EngineError) {
    try OptionCheck(owner).finite(["mean": mean])
    try OptionCheck(owner).notNegative(["stddev": stddev])
  }
  public func values(shape: [Int], generator: Philox) -> [Float] {
    words(elementCount(shape), generator) { word in
      let unit = (Double(word) + 0.5) * 0x1p-32
      return Float(Normal.quantile(unit) * Double(stddev) + Double(mean))
    }
  }
}

/// Normal with a mean and a standard deviation, cut off at two standard deviations from the mean.
public struct TruncatedNormal: Initializer {
  public let name = "truncated_normal"
  public var mean: Float
  public var stddev: Float
  public init(mean: Float = 0, stddev: Float = 0.05) {
    self.mean = mean
    self.stddev = stddev
  }
  public func check() throws(EngineError) {
    try RandomNormal(mean: mean, stddev: stddev).check(as: name)
  }
  public func values(shape: [Int], generator: Philox) -> [Float] {
    truncatedNormal(shape, Double(stddev), generator).map { $0 + mean }
  }
}

/// Uniform on [min, max).
public struct RandomUniform: Initializer {
  public let name = "random_uniform"
  public var min: Float
  public var max: Float
  public init(min: Float = -0.05, max: Float = 0.05) {
    self.min = min
    self.max = max
  }
  public func check() throws(EngineError) {
    guard min.isFinite, max.isFinite, (max - min).isFinite, min <= max else {
      throw OptionCheck(name).refuse("maxval", max, "a number from minval up")
    }
  }
  public func values(shape: [Int], generator: Philox) -> [Float] { uniform(shape, min, max, generator) }
}
