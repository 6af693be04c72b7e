import CKernels

/// The mean over outputs of max(1 − t·p, 0), targets −1 and 1. In a batch whose targets are all 0 or 1 those count as −1 and 1.
public struct Hinge: Loss {
  public let name = "hinge"
  public init() {}
  public var kernel: LossKernel {
    var kernel = LossKernel(CK_HINGE)
    kernel.signsBinaryTargets = true
    return kernel
  }
}
