import CKernels

/// The mean over outputs of prediction − target · ln(prediction + 1e-7); predictions must be positive.
public struct Poisson: Loss {
  public let name = "poisson"
  public init() {}
  public var kernel: LossKernel { LossKernel(CK_POISSON) }
}
