import CKernels

/// The identity.
public struct Linear: Activation {
  public let name = "linear"
  public init() {}
  public var kernel: ActivationKernel { ActivationKernel(CK_LINEAR) }
}
