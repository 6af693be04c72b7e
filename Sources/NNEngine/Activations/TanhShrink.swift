import CKernels

/// x − tanh x.
public struct TanhShrink: Activation {
  public let name = "tanh_shrink"
  public init() {}
  public var kernel: ActivationKernel { ActivationKernel(CK_TANH_SHRINK, needsInput: true) }
}
