import CKernels

/// What training makes small, with Keras 3's formulas and defaults.
public protocol Loss: Sendable {
  /// The name in the catalog, as in `mean_squared_error`.
  var name: String { get }
  /// What the kernels compute for it.
  var kernel: LossKernel { get }
  /// Target columns for a network with this many outputs.
  func targetWidth(outputWidth: Int) -> Int
  /// Throws if an option makes no sense.
  func check() throws(EngineError)
  /// Throws if these targets cannot be.
  func check(targets: Matrix, outputWidth: Int) throws(EngineError)
}

extension Loss {
  public func targetWidth(outputWidth: Int) -> Int { outputWidth }
  public func check() throws(EngineError) {}
  public func check(targets: Matrix, outputWidth: Int) throws(EngineError) {}
}

/// One of the losses that the kernels know, with its number.
public struct LossKernel: Sendable {
  let fromPredictions: ck_loss
  /// The form to take when the network ends in a softmax or a sigmoid: Keras on TensorFlow then computes from the
  /// activation's input, which is exact where the probability has rounded to 0 or 1. Keras remembers only that
  /// there are logits, not of which function, so either activation counts for every cross-entropy.
  let fromLogits: ck_loss?
  let parameter: Float
  /// The mean is taken over rows whose class counts.
  let ignoresClass: Bool

  init(
    _ fromPredictions: ck_loss, fromLogits: ck_loss? = nil, _ parameter: Float = 0, ignoresClass: Bool = false
  ) {
    self.fromPredictions = fromPredictions
    self.fromLogits = fromLogits
    self.parameter = parameter
    self.ignoresClass = ignoresClass
  }

  /// Is the loss computed from what went into this activation?
  func looksBehind(_ activation: ck_activation) -> Bool {
    fromLogits != nil && (activation == CK_SOFTMAX || activation == CK_SIGMOID)
  }
}

func checkSmoothing(_ smoothing: Float, _ owner: String) throws(EngineError) {
  guard smoothing >= 0, smoothing <= 1 else {
    throw .invalidOption(
      owner: owner, option: "label_smoothing", value: "\(smoothing)", requirement: "a number from 0 to 1")
  }
}
