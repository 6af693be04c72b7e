import CKernels

/// ln(1 + eˣ).
public struct Softplus: Activation {
  public let name = "softplus"
  public init() {}
  public var kernel: ActivationKernel { ActivationKernel(CK_SOFTPLUS, needsInput: true) }
}
