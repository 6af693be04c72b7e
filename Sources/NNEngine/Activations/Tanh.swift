import CKernels

/// The hyperbolic tangent.
public struct Tanh: Activation {
  public let name = "tanh"
  public init() {}
  public var kernel: ActivationKernel { ActivationKernel(CK_TANH) }
}
