@testable import NNEngine

/// Every activation and loss, with options; tests of gradients, of equal bits and of memory draw from these lists.
extension GradientTests {
  static let activations: [any Activation] = [
    Linear(), ReLU(), ReLU(negativeSlope: 0.1, maxValue: 1.5, threshold: 0.2),
    ReLU(maxValue: 1, threshold: -0.4),
    ReLU(negativeSlope: -0.2), ReLU6(), LeakyReLU(), LeakyReLU(negativeSlope: 0),
    LeakyReLU(negativeSlope: -0.3),
    ELU(), ELU(alpha: 0.7), ELU(alpha: -0.4), CELU(), CELU(alpha: 0.6), SELU(), GELU(),
    GELU(approximate: true),
    SiLU(), Mish(), Softplus(), Softsign(), Squareplus(), Squareplus(b: 0.3), SparsePlus(), Sigmoid(),
    LogSigmoid(), HardSigmoid(), SparseSigmoid(), Tanh(), HardTanh(), TanhShrink(), SoftShrink(),
    SoftShrink(threshold: 0.1), HardShrink(), HardShrink(threshold: 0.1),
    Threshold(threshold: 0.1, defaultValue: -0.7),
    HardSiLU(), Exponential(), Softmax(), LogSoftmax(), Sparsemax(), GLU(),
  ]
  static let plainLosses: [any Loss] = [
    MeanAbsoluteError(), MeanSquaredError(), MeanAbsolutePercentageError(), MeanSquaredLogarithmicError(),
    Huber(),
    Huber(delta: 0.3), LogCosh(), CosineSimilarity(), Hinge(), SquaredHinge(), CategoricalHinge(),
  ]
  static let logitLosses: [any Loss] = [
    BinaryCrossentropy(fromLogits: true), BinaryCrossentropy(fromLogits: true, labelSmoothing: 0.2),
    BinaryFocalCrossentropy(fromLogits: true),
    BinaryFocalCrossentropy(
      applyClassBalancing: true, alpha: 0.3, gamma: 1.5, fromLogits: true, labelSmoothing: 0.1),
    CategoricalCrossentropy(fromLogits: true), CategoricalCrossentropy(fromLogits: true, labelSmoothing: 0.1),
    CategoricalFocalCrossentropy(fromLogits: true),
    CategoricalFocalCrossentropy(alpha: [0.6], gamma: 0.5, fromLogits: true, labelSmoothing: 0.1),
    SparseCategoricalCrossentropy(fromLogits: true),
    SparseCategoricalCrossentropy(fromLogits: true, ignoreClass: 1),
  ]
  /// These take probabilities, which only some activations give.
  static let probabilityLosses: [any Loss] = [
    BinaryCrossentropy(), BinaryCrossentropy(labelSmoothing: 0.2), BinaryFocalCrossentropy(),
    BinaryFocalCrossentropy(applyClassBalancing: true, gamma: 3),
    BinaryFocalCrossentropy(gamma: 0, labelSmoothing: 0.1),
    CategoricalCrossentropy(), CategoricalCrossentropy(labelSmoothing: 0.1), CategoricalFocalCrossentropy(),
    CategoricalFocalCrossentropy(gamma: 1, labelSmoothing: 0.2),
    CategoricalFocalCrossentropy(alpha: [0.3], gamma: 2.5),
    KLDivergence(), SparseCategoricalCrossentropy(), SparseCategoricalCrossentropy(ignoreClass: 1),
    CategoricalGeneralizedCrossEntropy(), CategoricalGeneralizedCrossEntropy(q: 0.8),
  ]
  /// These take positive numbers.
  static let positiveLosses: [any Loss] = [Poisson()]
  static let losses = plainLosses + logitLosses + probabilityLosses + positiveLosses

  /// An output activation that gives what the loss takes.
  static func head(_ loss: any Loss) -> any Activation {
    switch loss {
    case is Poisson: Softplus()
    case is CategoricalCrossentropy, is CategoricalFocalCrossentropy, is KLDivergence,
      is SparseCategoricalCrossentropy, is CategoricalGeneralizedCrossEntropy:
      Softmax()
    default: Sigmoid()
    }
  }

  static func takesProbabilities(_ loss: any Loss) -> Bool {
    probabilityLosses.contains { $0.kernel.fromPredictions == loss.kernel.fromPredictions }
  }

  /// A dense layer that gives so many values, whatever its activation makes of its sums.
  static func dense(
    _ outputs: Int, _ activation: any Activation, bias: any Initializer = Zeros(), useBias: Bool = true,
    init kernel: any Initializer = VarianceScaling.glorotUniform, kernelRegularizer: L1L2? = nil,
    activityRegularizer: L1L2? = nil
  ) -> Dense {
    Dense(
      units: activation is GLU ? 2 * outputs : outputs, activation: activation, useBias: useBias,
      kernelInitializer: kernel, biasInitializer: bias, kernelRegularizer: kernelRegularizer,
      activityRegularizer: activityRegularizer)
  }

  static func data(for loss: any Loss, rows: Int, inputs: Int, outputs: Int) -> Dataset {
    switch loss {
    case is SparseCategoricalCrossentropy, is CategoricalGeneralizedCrossEntropy:
      return syntheticClasses(rows: rows, inputs: inputs, classes: outputs)
    case is CategoricalCrossentropy, is CategoricalFocalCrossentropy, is CategoricalHinge, is KLDivergence:
      return oneHot(syntheticClasses(rows: rows, inputs: inputs, classes: outputs), classes: outputs)
    case is BinaryCrossentropy, is BinaryFocalCrossentropy, is Hinge, is SquaredHinge:
      let x = syntheticMatrix(rows: rows, columns: inputs, seed: 3)
      let t = syntheticMatrix(rows: rows, columns: outputs, seed: 4).values.map { $0 > 0 ? Float(1) : 0 }
      return Dataset(features: x, targets: Matrix(rows: rows, columns: outputs, values: t))
    case is Poisson:
      var data = syntheticRegression(rows: rows, inputs: inputs, outputs: outputs)
      data.targets.values = data.targets.values.map { (abs($0) * 3).rounded() }
      return data
    default: return syntheticRegression(rows: rows, inputs: inputs, outputs: outputs)
    }
  }
}
