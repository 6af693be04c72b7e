import CKernels

/// x · tanh(ln(1 + eˣ)) (Misra 2019).
public struct Mish: Activation {
  public let name = "mish"
  public init() {}
  public var kernel: ActivationKernel { ActivationKernel(CK_MISH, needsInput: true) }
}
