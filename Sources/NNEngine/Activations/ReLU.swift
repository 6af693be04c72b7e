import CKernels

/// max(x, 0); with options, Keras's: x above `threshold`, `negativeSlope · (x − threshold)` below, at most `maxValue`.
public struct ReLU: Activation {
  public let name = "relu"
  public var negativeSlope: Float
  public var maxValue: Float?
  public var threshold: Float

  public init(negativeSlope: Float = 0, maxValue: Float? = nil, threshold: Float = 0) {
    self.negativeSlope = negativeSlope
    self.maxValue = maxValue
    self.threshold = threshold
  }

  public var kernel: ActivationKernel {
    let plain = negativeSlope == 0 && maxValue == nil && threshold == 0
    return ActivationKernel(CK_RELU, negativeSlope, maxValue ?? .infinity, threshold, needsInput: !plain)
  }

  public func check() throws(EngineError) {
    try OptionCheck(name).finite(["negative_slope": negativeSlope, "threshold": threshold])
    try OptionCheck(name).notNegative(["max_value": maxValue ?? 0])
  }
}
