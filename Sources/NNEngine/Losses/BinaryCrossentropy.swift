import CKernels

/// The mean over outputs of −(t·ln p + (1 − t)·ln(1 − p)), p cut to [1e-7, 1 − 1e-7].
///
/// After a sigmoid or softmax, or with `fromLogits`, it is computed from the logits without cutting, as Keras on TensorFlow does.
/// Smoothing moves targets towards 0.5.
public struct BinaryCrossentropy: Loss {
  public let name = "binary_crossentropy"
  public var fromLogits: Bool
  public var labelSmoothing: Float

  public init(fromLogits: Bool = false, labelSmoothing: Float = 0) {
    self.fromLogits = fromLogits
    self.labelSmoothing = labelSmoothing
  }

  public var kernel: LossKernel {
    LossKernel(
      fromLogits ? CK_BINARY_CROSSENTROPY_LOGITS : CK_BINARY_CROSSENTROPY,
      logits: .either(CK_BINARY_CROSSENTROPY_LOGITS), labelSmoothing)
  }

  public func check() throws(EngineError) { try OptionCheck(name).share(["label_smoothing": labelSmoothing]) }
}
