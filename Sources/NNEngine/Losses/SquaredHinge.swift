import CKernels

/// The mean over outputs of max(1 − t·p, 0)², targets −1 and 1. In a batch whose targets are all 0 or 1 those count as −1 and 1.
public struct SquaredHinge: Loss {
  public let name = "squared_hinge"
  public init() {}
  public var kernel: LossKernel {
    var kernel = LossKernel(CK_SQUARED_HINGE)
    kernel.signsBinaryTargets = true
    return kernel
  }
}
