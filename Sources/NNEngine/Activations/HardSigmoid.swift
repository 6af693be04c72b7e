import CKernels

/// x / 6 + 1/2, cut to [0, 1].
public struct HardSigmoid: Activation {
  public let name = "hard_sigmoid"
  public init() {}
  public var kernel: ActivationKernel { ActivationKernel(CK_HARD_SIGMOID, needsInput: true) }
}
