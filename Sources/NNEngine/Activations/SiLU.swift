import CKernels

/// x · sigmoid(x), also called swish (Ramachandran et al. 2017).
public struct SiLU: Activation {
  public let name = "silu"
  public init() {}
  public var kernel: ActivationKernel { ActivationKernel(CK_SILU, needsInput: true) }
}
