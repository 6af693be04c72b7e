import CKernels

/// x / (1 + |x|).
public struct Softsign: Activation {
  public let name = "softsign"
  public init() {}
  public var kernel: ActivationKernel { ActivationKernel(CK_SOFTSIGN, needsInput: true) }
}
