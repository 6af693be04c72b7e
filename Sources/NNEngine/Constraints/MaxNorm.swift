/// Norms at most `maxValue` (Srivastava et al. 2014).
public struct MaxNorm: Constraint {
  public let name = "max_norm"
  public var maxValue: Float
  public var axis: NormAxis

  public init(maxValue: Float = 2, axis: NormAxis = .inputs) {
    self.maxValue = maxValue
    self.axis = axis
  }

  public func check() throws(EngineError) {
    try OptionCheck(name).notNegative(["max_value": maxValue])
  }

  public func check(shape: [Int]) throws(EngineError) { try axis.check(shape: shape, name) }

  public func apply(_ tensor: ConstrainedTensor) {
    tensor.scaleLines(axis) { norm in
      let desired = norm > maxValue ? maxValue : norm
      return desired / (normEpsilon + norm)
    }
  }
}
