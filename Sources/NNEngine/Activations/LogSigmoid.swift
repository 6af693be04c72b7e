import CKernels

/// ln(1 / (1 + e⁻ˣ)).
public struct LogSigmoid: Activation {
  public let name = "log_sigmoid"
  public init() {}
  public var kernel: ActivationKernel { ActivationKernel(CK_LOG_SIGMOID, needsInput: true) }
}
