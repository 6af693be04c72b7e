import CKernels

/// x where |x| > `threshold`, else 0.
public struct HardShrink: Activation {
  public let name = "hard_shrink"
  public var threshold: Float

  public init(threshold: Float = 0.5) { self.threshold = threshold }

  public var kernel: ActivationKernel { ActivationKernel(CK_HARD_SHRINK, threshold, needsInput: true) }

  public func check() throws(EngineError) {
    try OptionCheck(name).finite(["threshold": threshold])
  }
}
