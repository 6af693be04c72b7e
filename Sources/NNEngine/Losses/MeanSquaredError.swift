import CKernels

/// The mean over outputs of (target − prediction)².
public struct MeanSquaredError: Loss {
  public let name = "mean_squared_error"
  public init() {}
  public var kernel: LossKernel { LossKernel(CK_MEAN_SQUARED_ERROR) }
}
