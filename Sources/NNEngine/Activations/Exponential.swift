import CKernels

/// eˣ.
public struct Exponential: Activation {
  public let name = "exponential"
  public init() {}
  public var kernel: ActivationKernel { ActivationKernel(CK_EXPONENTIAL) }
}
