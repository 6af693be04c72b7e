import CKernels

/// −Σ t·ln p over the outputs, targets one-hot; p is divided by its sum and cut to [1e-7, 1 − 1e-7].
///
/// After a softmax or sigmoid, or with `fromLogits`, it is computed from the logits, as Keras on TensorFlow does. Smoothing moves
/// targets towards 1 / outputs.
public struct CategoricalCrossentropy: Loss {
  public let name = "categorical_crossentropy"
  public var fromLogits: Bool
  public var labelSmoothing: Float

  public init(fromLogits: Bool = false, labelSmoothing: Float = 0) {
    self.fromLogits = fromLogits
    self.labelSmoothing = labelSmoothing
  }

  public var kernel: LossKernel {
    LossKernel(
      fromLogits ? CK_CATEGORICAL_CROSSENTROPY_LOGITS : CK_CATEGORICAL_CROSSENTROPY,
      logits: .either(CK_CATEGORICAL_CROSSENTROPY_LOGITS), labelSmoothing)
  }

  public func check() throws(EngineError) { try OptionCheck(name).share(["label_smoothing": labelSmoothing]) }
}
