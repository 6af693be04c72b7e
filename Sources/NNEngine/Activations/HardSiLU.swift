import CKernels

/// x · hard_sigmoid(x), also called hard swish (Howard et al. 2019).
public struct HardSiLU: Activation {
  public let name = "hard_silu"
  public init() {}
  public var kernel: ActivationKernel { ActivationKernel(CK_HARD_SILU, needsInput: true) }
}
