import CKernels

/// Follow the regularized leader (McMahan et al. 2013), with Keras's options: with p = −`learningRatePower`, s' = s + g² and
/// g' = g + 2·shrinkage·w: z ← z + g' − (s'ᵖ − sᵖ) / lr · w, then w = (clip(z, ±l1) − z) / (s'ᵖ / lr + 2·l2 + β / lr).
///
/// A step of rate 0 moves nothing here; Keras divides by it.
public struct Ftrl: ElementwiseOptimizer {
  public let name = "ftrl"
  public var settings: OptimizerSettings
  public var learningRatePower: Double
  public var initialAccumulatorValue: Double
  public var l1: Double
  public var l2: Double
  public var l2Shrinkage: Double
  public var beta: Double

  public init(
    learningRate: Double = 0.001, learningRatePower: Double = -0.5, initialAccumulatorValue: Double = 0.1,
    l1: Double = 0, l2: Double = 0, l2Shrinkage: Double = 0, beta: Double = 0
  ) {
    settings = OptimizerSettings(learningRate: learningRate)
    self.learningRatePower = learningRatePower
    self.initialAccumulatorValue = initialAccumulatorValue
    self.l1 = l1
    self.l2 = l2
    self.l2Shrinkage = l2Shrinkage
    self.beta = beta
  }

  public var slots: [OptimizerSlot] {
    [OptimizerSlot("accumulator", initial: Float(initialAccumulatorValue)), OptimizerSlot("linear")]
  }

  public func check() throws(EngineError) {
    try settings.check(name)
    try OptionCheck(name).upToZero(["learning_rate_power": learningRatePower])
    try OptionCheck(name).notNegative([
      "initial_accumulator_value": initialAccumulatorValue, "l1_regularization_strength": l1,
      "l2_regularization_strength": l2, "l2_shrinkage_regularization_strength": l2Shrinkage,
      "beta": beta,
    ])
  }

  public func update(_ region: UpdateRegion, _ step: OptimizerStep) {
    guard step.rate > 0 else { return }
    let penalty = Float(l2) + Float(beta) / (2 * step.rate)
    var numbers = ck_ftrl(
      rate: step.rate, power: Float(-learningRatePower), l1: Float(l1), twice_l2: 2 * penalty,
      twice_shrinkage: Float(2 * l2Shrinkage))
    region.kernels.pointee.ftrl(
      region.weights, region.gradients, region.slot(0), region.slot(1), region.count, &numbers)
  }
}
