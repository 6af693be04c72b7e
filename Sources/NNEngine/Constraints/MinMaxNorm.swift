/// Norms between two bounds; a `rate` below 1 moves them only part of the way.
public struct MinMaxNorm: Constraint {
  public let name = "min_max_norm"
  public var minValue: Float
  public var maxValue: Float
  public var rate: Float
  public var axis: NormAxis

  public init(minValue: Float = 0, maxValue: Float = 1, rate: Float = 1, axis: NormAxis = .inputs) {
    self.minValue = minValue
    self.maxValue = maxValue
    self.rate = rate
    self.axis = axis
  }

  public func check() throws(EngineError) {
    guard minValue >= 0, maxValue.isFinite, minValue <= maxValue else {
      throw OptionCheck(name).refuse(
        "min_value", minValue, "a number from 0 to max_value, which is \(maxValue)")
    }
    try OptionCheck(name).share(["rate": rate])
  }

  public func check(shape: [Int]) throws(EngineError) { try axis.check(shape: shape, name) }

  public func apply(_ tensor: ConstrainedTensor) {
    tensor.scaleLines(axis) { norm in
      let low = norm < minValue ? minValue : norm
      let clipped = low > maxValue ? maxValue : low
      let desired = rate * clipped + (1 - rate) * norm
      return desired / (normEpsilon + norm)
    }
  }
}
