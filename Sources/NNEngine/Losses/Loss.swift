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
  /// The form to take when the network ends in this activation: Keras on TensorFlow then computes from the
  /// activation's input, which is exact where the probability has rounded to 0 or 1.
  let fromLogits: ck_loss?
  let activation: ck_activation?
  let parameter: Float
  /// The mean is taken over rows whose class counts.
  let ignoresClass: Bool

  init(
    _ fromPredictions: ck_loss, fromLogits: ck_loss? = nil, after activation: ck_activation? = nil,
    _ parameter: Float = 0, ignoresClass: Bool = false
  ) {
    self.fromPredictions = fromPredictions
    self.fromLogits = fromLogits
    self.activation = activation
    self.parameter = parameter
    self.ignoresClass = ignoresClass
  }
}

func checkSmoothing(_ smoothing: Float, _ owner: String) throws(EngineError) {
  guard smoothing >= 0, smoothing <= 1 else {
    throw .invalidOption(
      owner: owner, option: "label_smoothing", value: "\(smoothing)", requirement: "a number from 0 to 1")
  }
}
