import CKernels

/// (x + 1) / 2, cut to [0, 1].
public struct SparseSigmoid: Activation {
  public let name = "sparse_sigmoid"
  public init() {}
  public var kernel: ActivationKernel { ActivationKernel(CK_SPARSE_SIGMOID, needsInput: true) }
}
