/// `values[0]` up to and including step `boundaries[0]`, then `values[1]` up to `boundaries[1]`, and so on.
public struct PiecewiseConstantDecay: LearningRateSchedule {
  public let name = "piecewise"
  public var boundaries: [Int]
  /// One more than there are boundaries.
  public var values: [Double]

  public init(boundaries: [Int], values: [Double]) {
    self.boundaries = boundaries
    self.values = values
  }

  public func check() throws(EngineError) {
    guard !boundaries.isEmpty, zip(boundaries, boundaries.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw OptionCheck(name).refuse("boundaries", boundaries, "steps in ascending order")
    }
    guard values.count == boundaries.count + 1 else {
      throw OptionCheck(name).refuse(
        "values", values, "a list of \(boundaries.count + 1), one more than the boundaries")
    }
    for value in values { try OptionCheck(name).notNegative(["values": value]) }
  }

  public func rate(step: Int) -> Float {
    var index = 0
    while index < boundaries.count, index + 1 < values.count, step > boundaries[index] { index += 1 }
    return index < values.count ? Float(values[index]) : 0
  }
}
