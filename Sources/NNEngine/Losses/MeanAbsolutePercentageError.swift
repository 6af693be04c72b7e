import CKernels

/// The mean over outputs of 100 · |target − prediction| / |target|, a target below 1e-7 counting as that.
public struct MeanAbsolutePercentageError: Loss {
  public let name = "mean_absolute_percentage_error"
  public init() {}
  public var kernel: LossKernel { LossKernel(CK_MEAN_ABSOLUTE_PERCENTAGE_ERROR) }
}
