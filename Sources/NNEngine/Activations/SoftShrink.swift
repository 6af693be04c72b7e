import CKernels

/// x moved by `threshold` towards 0, and 0 where |x| is no larger.
public struct SoftShrink: Activation {
  public let name = "soft_shrink"
  public var threshold: Float

  public init(threshold: Float = 0.5) { self.threshold = threshold }

  public var kernel: ActivationKernel { ActivationKernel(CK_SOFT_SHRINK, threshold, needsInput: true) }

  public func check() throws(EngineError) {
    try OptionCheck(name).finite(["threshold": threshold])
  }
}
