import CKernels

/// The logarithm of softmax: x − ln Σ eˣ over a row's units.
public struct LogSoftmax: Activation {
  public let name = "log_softmax"
  public init() {}
  public var kernel: ActivationKernel { ActivationKernel(CK_LOG_SOFTMAX) }
}
