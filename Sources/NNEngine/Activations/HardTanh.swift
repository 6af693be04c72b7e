import CKernels

/// x, cut to [−1, 1].
public struct HardTanh: Activation {
  public let name = "hard_tanh"
  public init() {}
  public var kernel: ActivationKernel { ActivationKernel(CK_HARD_TANH, needsInput: true) }
}
