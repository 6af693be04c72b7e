/// s ← s + g² and w ← w − lr·g / √(s + ε), s starting at `initialAccumulatorValue` (Duchi et al. 2011).
public struct Adagrad: ElementwiseOptimizer {
  public let name = "adagrad"
  public var settings: OptimizerSettings
  public var initialAccumulatorValue: Double
  public var epsilon: Double

  public init(learningRate: Double = 0.001, initialAccumulatorValue: Double = 0.1, epsilon: Double = 1e-7) {
    settings = OptimizerSettings(learningRate: learningRate)
    self.initialAccumulatorValue = initialAccumulatorValue
    self.epsilon = epsilon
  }

  public var slots: [OptimizerSlot] {
    [OptimizerSlot("accumulator", initial: Float(initialAccumulatorValue))]
  }

  public func check() throws(EngineError) {
    try settings.check(name)
    try OptionCheck(name).notNegative(["initial_accumulator_value": initialAccumulatorValue])
    try OptionCheck(name).positive(["epsilon": epsilon])
  }

  public func update(_ region: UpdateRegion, _ step: OptimizerStep) {
    region.kernels.pointee.adagrad(
      region.weights, region.gradients, region.slot(0), region.count, step.rate, Float(epsilon))
  }
}
