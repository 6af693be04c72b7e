import CKernels

/// max(x, 0) + `alpha · (exp(min(x, 0) / alpha) − 1)` (Barron 2017).
public struct CELU: Activation {
  public let name = "celu"
  public var alpha: Float

  public init(alpha: Float = 1) { self.alpha = alpha }

  public var kernel: ActivationKernel { ActivationKernel(CK_CELU, alpha) }

  public func check() throws(EngineError) {
    try OptionCheck(name).positive(["alpha": alpha])
  }
}
