import CKernels

/// Binary cross-entropy times (1 − q)^γ, q being the probability of what is right, so that rows already well told apart count less; the
/// mean over outputs (Lin et al. 2018).
///
/// With `applyClassBalancing` ones are weighted by `alpha` and zeros by 1 − `alpha`. The cross-entropy itself is computed from the logits
/// after a sigmoid or softmax, or with `fromLogits`, as Keras on TensorFlow does; behind a softmax it takes them for a sigmoid's.
public struct BinaryFocalCrossentropy: Loss {
  public let name = "binary_focal_crossentropy"
  public var applyClassBalancing: Bool
  public var alpha: Float
  public var gamma: Float
  public var fromLogits: Bool
  public var labelSmoothing: Float

  public init(
    applyClassBalancing: Bool = false, alpha: Float = 0.25, gamma: Float = 2, fromLogits: Bool = false,
    labelSmoothing: Float = 0
  ) {
    self.applyClassBalancing = applyClassBalancing
    self.alpha = alpha
    self.gamma = gamma
    self.fromLogits = fromLogits
    self.labelSmoothing = labelSmoothing
  }

  public var kernel: LossKernel {
    // With `fromLogits` Keras takes whatever it is given for logits, a sigmoid's output too.
    LossKernel(
      fromLogits ? CK_BINARY_FOCAL_LOGITS : CK_BINARY_FOCAL,
      logits: fromLogits
        ? .unseen : .each(sigmoid: CK_BINARY_FOCAL_LOGITS, softmax: CK_BINARY_FOCAL_SOFTMAX),
      labelSmoothing, gamma, applyClassBalancing ? alpha : .nan)
  }

  public func check() throws(EngineError) {
    try OptionCheck(name).share(["label_smoothing": labelSmoothing])
    try OptionCheck(name).notNegative(["gamma": gamma])
    try OptionCheck(name).finite(["alpha": alpha])
  }
}
