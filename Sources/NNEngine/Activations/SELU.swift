import CKernels

/// scale · x for x > 0, else scale · α · (eˣ − 1), with scale 1.0507 and α 1.6733 (Klambauer et al. 2017).
public struct SELU: Activation {
  public let name = "selu"
  public init() {}
  public var kernel: ActivationKernel { ActivationKernel(CK_SELU) }
}
