import CKernels

/// The mean over outputs of |target − prediction|.
public struct MeanAbsoluteError: Loss {
  public let name = "mean_absolute_error"
  public init() {}
  public var kernel: LossKernel { LossKernel(CK_MEAN_ABSOLUTE_ERROR) }
}
