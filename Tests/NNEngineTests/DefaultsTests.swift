import Testing

@testable import NNEngine

/// What a value is when nothing is said of it, written out: the defaults of Keras 3 where Keras has the thing. The language's catalog
/// has defaults of its own, so that only these tests look at the engine's.
@Suite("Defaults")
struct DefaultsTests {
  static let values: [(value: any Sendable, numbers: String)] = [
    (
      CELU(),
      "alpha 1"
    ),
    (
      ELU(),
      "alpha 1"
    ),
    (
      GELU(),
      "approximate false"
    ),
    (
      HardShrink(),
      "threshold 0.5"
    ),
    (
      LeakyReLU(),
      "negativeSlope 0.2"
    ),
    (
      ReLU(),
      "negativeSlope 0, threshold 0"
    ),
    (
      SoftShrink(),
      "threshold 0.5"
    ),
    (
      Squareplus(),
      "b 4"
    ),
    (
      MaxNorm(),
      "maxValue 2, axis inputs"
    ),
    (
      MinMaxNorm(),
      "minValue 0, maxValue 1, rate 1, axis inputs"
    ),
    (
      UnitNorm(),
      "axis inputs"
    ),
    (
      L1L2(),
      "l1 0, l2 0"
    ),
    (
      OrthogonalRegularizer(),
      "factor 0.01, mode rows"
    ),
    (
      Constant(),
      "value 0"
    ),
    (
      Identity(),
      "gain 1"
    ),
    (
      Orthogonal(),
      "gain 1"
    ),
    (
      RandomNormal(),
      "mean 0, stddev 0.05"
    ),
    (
      TruncatedNormal(),
      "mean 0, stddev 0.05"
    ),
    (
      RandomUniform(),
      "min -0.05, max 0.05"
    ),
    (
      VarianceScaling(),
      "scale 1, mode fanIn, distribution truncatedNormal"
    ),
    (
      BatchNormalization(),
      "kind batchnorm, momentum 0.99, epsilon 0.001, affine(scale true, center true, gammaInitializer(), betaInitializer()), movingMeanInitializer(), movingVarianceInitializer()"
    ),
    (
      Dense(units: 3),
      "kind dense, units 3, activation(), useBias true, kernelInitializer(scale 1, mode fanAverage, distribution uniform), biasInitializer()"
    ),
    (
      LayerNormalization(),
      "kind layernorm, epsilon 0.001, affine(scale true, center true, gammaInitializer(), betaInitializer())"
    ),
    (
      PReLU(),
      "kind prelu, alphaInitializer()"
    ),
    (
      RMSNormalization(),
      "kind rmsnorm, epsilon 1e-06"
    ),
    (
      BinaryCrossentropy(),
      "fromLogits false, labelSmoothing 0"
    ),
    (
      BinaryFocalCrossentropy(),
      "applyClassBalancing false, alpha 0.25, gamma 2, fromLogits false, labelSmoothing 0"
    ),
    (
      CategoricalCrossentropy(),
      "fromLogits false, labelSmoothing 0"
    ),
    (
      CategoricalFocalCrossentropy(),
      "alpha [0.25], gamma 2, fromLogits false, labelSmoothing 0"
    ),
    (
      CategoricalGeneralizedCrossEntropy(),
      "q 0.5"
    ),
    (
      Huber(),
      "delta 1"
    ),
    (
      SparseCategoricalCrossentropy(),
      "fromLogits false"
    ),
    (
      BinaryAccuracy(),
      "threshold 0.5, targets columns"
    ),
    (
      DecisionCounts(),
      "threshold 0.5, targets columns"
    ),
    (
      FBetaScore(),
      "beta 1, average macro, targets columns"
    ),
    (
      R2Score(),
      "aggregation uniform, regressors 0"
    ),
    (
      TopKAccuracy(),
      "k 5, targets columns"
    ),
    (
      Adadelta(),
      "settings(learningRate 0.001), rho 0.95, epsilon 1e-07"
    ),
    (
      Adafactor(),
      "settings(learningRate 0.001), beta2Decay -0.8, epsilon1 1e-30, epsilon2 0.001, clipThreshold 1, relativeStep true"
    ),
    (
      Adagrad(),
      "settings(learningRate 0.001), initialAccumulatorValue 0.1, epsilon 1e-07"
    ),
    (
      Adam(),
      "settings(learningRate 0.001), beta1 0.9, beta2 0.999, epsilon 1e-07, amsgrad false"
    ),
    (
      AdamW(),
      "adam(settings(learningRate 0.001, weightDecay 0.004), beta1 0.9, beta2 0.999, epsilon 1e-07, amsgrad false)"
    ),
    (
      Adamax(),
      "settings(learningRate 0.001), beta1 0.9, beta2 0.999, epsilon 1e-07"
    ),
    (
      Ftrl(),
      "settings(learningRate 0.001), learningRatePower -0.5, initialAccumulatorValue 0.1, l1 0, l2 0, l2Shrinkage 0, beta 0"
    ),
    (
      Lamb(),
      "settings(learningRate 0.001), beta1 0.9, beta2 0.999, epsilon 1e-07"
    ),
    (
      Lion(),
      "settings(learningRate 0.001), beta1 0.9, beta2 0.99"
    ),
    (
      Muon(),
      "settings(learningRate 0.001, weightDecay 0.004), adamBeta1 0.9, adamBeta2 0.999, adamWeightDecay 0.004, epsilon 1e-07, excludeLayers [], a 3.4445, b -4.775, c 2.0315, adamLearningRateRatio 1, momentum 0.95, newtonSchulzSteps 5, nesterov true, rmsRate 0.2"
    ),
    (
      Nadam(),
      "settings(learningRate 0.001), beta1 0.9, beta2 0.999, epsilon 1e-07"
    ),
    (
      RMSprop(),
      "settings(learningRate 0.001), rho 0.9, momentum 0, epsilon 1e-07, centered false"
    ),
    (
      SGD(),
      "settings(learningRate 0.01), momentum 0, nesterov false"
    ),
    (
      ScheduleFreeAdamW(),
      "settings(learningRate 0.0025), beta1 0.9, beta2 0.999, epsilon 1e-08, warmupSteps 0"
    ),
    (
      WeightAveraging(),
      "momentum 0.99"
    ),
    (
      CosineDecay(initialLearningRate: 1, decaySteps: 10),
      "initialLearningRate 1, decaySteps 10, alpha 0, warmupSteps 0"
    ),
    (
      CosineDecayRestarts(initialLearningRate: 1, firstDecaySteps: 10),
      "initialLearningRate 1, firstDecaySteps 10, tMul 2, mMul 1, alpha 0"
    ),
    (
      ExponentialDecay(initialLearningRate: 1, decaySteps: 10, decayRate: 0.5),
      "initialLearningRate 1, decaySteps 10, decayRate 0.5, staircase false"
    ),
    (
      InverseTimeDecay(initialLearningRate: 1, decaySteps: 10, decayRate: 0.5),
      "initialLearningRate 1, decaySteps 10, decayRate 0.5, staircase false"
    ),
    (
      PolynomialDecay(initialLearningRate: 1, decaySteps: 10),
      "initialLearningRate 1, decaySteps 10, endLearningRate 0.0001, power 1, cycle false"
    ),
    (
      EarlyStopping(),
      "monitor(mode auto, minDelta 0, maximizes false), patience 0, restoreBestWeights false, startFromEpoch 0, wait 0"
    ),
    (
      ReduceLROnPlateau(),
      "monitor(mode auto, minDelta 0.0001, maximizes false), factor 0.1, patience 10, cooldown 0, minRate 0, wait 0, cooldownLeft 0"
    ),
    (
      TerminateOnNaN(),
      "raisesError false"
    ),
    (
      Monitor("loss"),
      "mode auto, minDelta 0, maximizes false"
    ),
  ]

  @Test(arguments: values.indices)
  func areWrittenOut(_ index: Int) {
    let (value, numbers) = Self.values[index]
    #expect(Self.numbers(of: value) == numbers, "\(type(of: value))")
  }

  @Test func areaUnderCurve() {
    let metric = AreaUnderCurve()
    #expect(metric.curve == .roc && metric.summation == .interpolation && metric.name == "auc")
    #expect(!metric.multiLabel && !metric.fromLogits && metric.labelWeights == nil)
    #expect("\(metric)" == "\(AreaUnderCurve(count: 200))")
    let rate = RateAtRate(.sensitivityAtSpecificity, least: 0.5)
    #expect("\(rate)" == "\(RateAtRate(.sensitivityAtSpecificity, least: 0.5, count: 200))")
  }

  @Test func fit() {
    let options = FitOptions()
    #expect(options.epochs == 1 && options.batchSize == 32 && options.shuffle && options.seed == 0)
    #expect(options.stepLimit == nil && options.budgetSeconds == nil && options.threads == nil)
    #expect(options.stepsPerEpoch == nil && "\(options.validationFrequency)" == "every(1)")
    #expect(options.callbacks.isEmpty && options.metrics.isEmpty)
    let state = TrainingState(optimizer: SGD())
    #expect(state.epochsDone == 0 && state.stepsDone == 0 && state.iterations == 0 && state.passesDone == 0)
    #expect(state.slots.isEmpty && state.openPass == nil)
    let record = EpochRecord(epoch: 1, values: [], learningRate: 0, seconds: 0)
    #expect(!record.isPartial)
  }

  /// `name value` of each stored property, and of what it holds in parentheses; without what is nil, and without names.
  static func numbers(of value: Any) -> String {
    Mirror(reflecting: value).children.compactMap { child in
      guard let label = child.label, label != "name" else { return nil }
      let inner = Mirror(reflecting: child.value)
      if inner.displayStyle == .optional {
        return inner.children.first.map { "\(label) \(text(of: $0.value))" }
      }
      if inner.displayStyle == .struct, !inner.children.isEmpty {
        return "\(label)(\(numbers(of: child.value)))"
      }
      return "\(label) \(text(of: child.value))"
    }.joined(separator: ", ")
  }

  private static func text(of value: Any) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
