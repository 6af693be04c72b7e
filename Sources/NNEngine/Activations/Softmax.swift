import CKernels

/// eˣ divided by its sum over a row's units.
public struct Softmax: Activation {
  public let name = "softmax"
  public init() {}
  public var kernel: ActivationKernel { ActivationKernel(CK_SOFTMAX) }
}
