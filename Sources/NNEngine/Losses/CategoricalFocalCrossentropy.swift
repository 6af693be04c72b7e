import CKernels

/// −Σ α·(1 − p)^γ·t·ln p over the outputs, targets one-hot; p is divided by its sum and cut to [1e-7, 1 − 1e-7] (Lin et al. 2018).
///
/// Unlike cross-entropy, Keras computes it from the probabilities after a softmax too; with `fromLogits` from the softmax of the outputs. Smoothing
/// moves targets towards 1 / outputs.
public struct CategoricalFocalCrossentropy: Loss {
  public let name = "categorical_focal_crossentropy"
  /// One number, or one for each class.
  public var alpha: [Float]
  public var gamma: Float
  public var fromLogits: Bool
  public var labelSmoothing: Float

  public init(
    alpha: [Float] = [0.25], gamma: Float = 2, fromLogits: Bool = false, labelSmoothing: Float = 0
  ) {
    self.alpha = alpha
    self.gamma = gamma
    self.fromLogits = fromLogits
    self.labelSmoothing = labelSmoothing
  }

  public var kernel: LossKernel {
    var kernel = LossKernel(
      fromLogits ? CK_CATEGORICAL_FOCAL_LOGITS : CK_CATEGORICAL_FOCAL, labelSmoothing, gamma,
      alpha.isEmpty ? 1 : alpha[0])
    if alpha.count > 1 { kernel.list = alpha }
    return kernel
  }

  public func check() throws(EngineError) {
    try OptionCheck(name).share(["label_smoothing": labelSmoothing])
    try OptionCheck(name).notNegative(["gamma": gamma])
    guard !alpha.isEmpty, alpha.allSatisfy(\.isFinite) else {
      throw OptionCheck(name).refuse("alpha", alpha, "a number, or a list of them")
    }
  }

  public func check(targets: Matrix, outputWidth: Int) throws(EngineError) {
    guard alpha.count == 1 || alpha.count == outputWidth else {
      throw OptionCheck(name).refuse(
        "alpha", "a list of \(alpha.count)", "a number, or \(outputWidth) of them, one for each output")
    }
  }
}
