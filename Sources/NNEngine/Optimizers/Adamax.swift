/// Adam with the largest gradient for the second moment (Kingma and Ba 2015, section 7.1): m ← m + (g − m)·(1 − β₁),
/// u ← max(β₂·u, |g|) and w ← w − lr·m / ((1 − β₁ᵗ)·(u + ε)).
public struct Adamax: ElementwiseOptimizer {
  public let name = "adamax"
  public var settings: OptimizerSettings
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double

  public init(
    learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7
  ) {
    settings = OptimizerSettings(learningRate: learningRate)
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }

  public var slots: [OptimizerSlot] { [OptimizerSlot("m"), OptimizerSlot("u")] }

  public func check() throws(EngineError) {
    try settings.check(name)
    try OptionCheck(name).fraction(["beta_1": beta1, "beta_2": beta2])
    try OptionCheck(name).positive(["epsilon": epsilon])
  }

  public func update(_ region: UpdateRegion, _ step: OptimizerStep) {
    region.kernels.pointee.adamax(
      region.weights, region.gradients, region.slot(0), region.slot(1), region.count, step.rate,
      Float(1 - beta1), Float(beta2), step.correction(beta1), Float(epsilon))
  }
}
