import CKernels

/// 1 / (1 + e⁻ˣ).
public struct Sigmoid: Activation {
  public let name = "sigmoid"
  public init() {}
  public var kernel: ActivationKernel { ActivationKernel(CK_SIGMOID) }
}
