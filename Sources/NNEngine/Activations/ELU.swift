import CKernels

/// x for x > 0, else `alpha · (eˣ − 1)`.
public struct ELU: Activation {
  public let name = "elu"
  public var alpha: Float

  public init(alpha: Float = 1) { self.alpha = alpha }

  // With a positive alpha the output has the input's sign.
  public var kernel: ActivationKernel { ActivationKernel(CK_ELU, alpha, needsInput: alpha <= 0) }

  public func check() throws(EngineError) {
    try OptionCheck(name).finite(["alpha": alpha])
  }
}
