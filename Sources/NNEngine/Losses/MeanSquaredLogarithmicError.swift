import CKernels

/// The mean over outputs of (ln(1 + target) − ln(1 + prediction))², both at least 1e-7.
public struct MeanSquaredLogarithmicError: Loss {
  public let name = "mean_squared_logarithmic_error"
  public init() {}
  public var kernel: LossKernel { LossKernel(CK_MEAN_SQUARED_LOGARITHMIC_ERROR) }
}
