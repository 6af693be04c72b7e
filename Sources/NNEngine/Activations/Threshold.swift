import CKernels

/// x where x > `threshold`, else `defaultValue`.
public struct Threshold: Activation {
  public let name = "threshold"
  public var threshold: Float
  public var defaultValue: Float

  public init(threshold: Float, defaultValue: Float) {
    self.threshold = threshold
    self.defaultValue = defaultValue
  }

  public var kernel: ActivationKernel {
    ActivationKernel(CK_THRESHOLD, threshold, defaultValue, needsInput: true)
  }

  public func check() throws(EngineError) {
    try OptionCheck(name).finite(["threshold": threshold, "default_value": defaultValue])
  }
}
