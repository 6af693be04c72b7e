/// Schedule-free AdamW (Defazio et al. 2024), as Keras on TensorFlow computes it. z moves as RMSprop would,
/// z ← z − lr·g / (√(v / (1 − β₂ᵗ)) + ε); x is the average of all z, x ← (1 − 1/t)·x + z/t; and the weights lie between,
/// w = (1 − β₁)·z + β₁·x, from which x is found again at the next step.
///
/// Keras finds it with the z of after the step, for TensorFlow reads the variable that late: x = (w − (1 − β₁)·z) / β₁. The paper's is
/// the z of before. z starts at the weights, as Keras's `build` has it; in a plain `fit` on TensorFlow that copy is lost and z starts at
/// 0, which throws the initial weights away at the first step: not followed.
public struct ScheduleFreeAdamW: ElementwiseOptimizer {
  public let name = "schedule_free_adamw"
  public var settings: OptimizerSettings
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double
  /// Steps over which the rate rises in a line.
  public var warmupSteps: Int

  public init(
    learningRate: Double = 0.0025, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    warmupSteps: Int = 0
  ) {
    settings = OptimizerSettings(learningRate: learningRate)
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.warmupSteps = warmupSteps
  }

  public var slots: [OptimizerSlot] { [OptimizerSlot("z", startsAsWeights: true), OptimizerSlot("v")] }

  public func check() throws(EngineError) {
    try settings.check(name)
    try OptionCheck(name).positiveShare(["beta_1": beta1])
    try OptionCheck(name).fraction(["beta_2": beta2])
    try OptionCheck(name).positive(["epsilon": epsilon])
    try OptionCheck(name).whole("warmup_steps", warmupSteps, from: 0)
  }

  public func update(_ region: UpdateRegion, _ step: OptimizerStep) {
    let number = Float(step.iteration &+ 1)
    var rate = step.rate
    if warmupSteps > 0 { rate *= min(number / Float(warmupSteps), 1) }
    region.kernels.pointee.schedule_free(
      region.weights, region.gradients, region.slot(0), region.slot(1), region.count, rate, Float(beta1),
      1 - Float(beta2), step.correction(beta2), 1 / number, Float(epsilon))
  }
}
