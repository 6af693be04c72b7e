import CKernels

/// min(max(x, 0), 6).
public struct ReLU6: Activation {
  public let name = "relu6"
  public init() {}
  public var kernel: ActivationKernel { ActivationKernel(CK_RELU, 0, 6, needsInput: true) }
}
