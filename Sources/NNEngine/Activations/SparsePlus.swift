import CKernels

/// 0 up to −1, (x + 1)² / 4 up to 1, x above.
public struct SparsePlus: Activation {
  public let name = "sparse_plus"
  public init() {}
  public var kernel: ActivationKernel { ActivationKernel(CK_SPARSE_PLUS, needsInput: true) }
}
