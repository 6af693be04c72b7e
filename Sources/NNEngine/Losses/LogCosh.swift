import CKernels

/// The mean over outputs of ln cosh(prediction − target).
public struct LogCosh: Loss {
  public let name = "log_cosh"
  public init() {}
  public var kernel: LossKernel { LossKernel(CK_LOG_COSH) }
}
