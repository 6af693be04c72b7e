/// v ← ρ·v + (1 − ρ)·g² and w ← w − lr·g / √(v + ε), ε inside the root (Hinton, lecture 6e). With `centered` the variance stands
/// for v, which takes the mean gradient off; with momentum μ the steps add up, m ← μ·m + step.
public struct RMSprop: ElementwiseOptimizer {
  public let name = "rmsprop"
  public var settings: OptimizerSettings
  public var rho: Double
  public var momentum: Double
  public var epsilon: Double
  public var centered: Bool

  public init(
    learningRate: Double = 0.001, rho: Double = 0.9, momentum: Double = 0, epsilon: Double = 1e-7,
    centered: Bool = false
  ) {
    settings = OptimizerSettings(learningRate: learningRate)
    self.rho = rho
    self.momentum = momentum
    self.epsilon = epsilon
    self.centered = centered
  }

  public var slots: [OptimizerSlot] {
    [OptimizerSlot("velocity")] + (momentum > 0 ? [OptimizerSlot("momentum")] : [])
      + (centered ? [OptimizerSlot("average_gradient")] : [])
  }

  public func check() throws(EngineError) {
    try settings.check(name)
    try OptionCheck(name).share(["rho": rho, "momentum": momentum])
    try OptionCheck(name).positive(["epsilon": epsilon])
  }

  public func update(_ region: UpdateRegion, _ step: OptimizerStep) {
    let hasMomentum = momentum > 0
    region.kernels.pointee.rmsprop(
      region.weights, region.gradients, region.slot(0), centered ? region.slot(hasMomentum ? 2 : 1) : nil,
      hasMomentum ? region.slot(1) : nil, region.count, step.rate, Float(rho), Float(1 - rho),
      Float(momentum), Float(epsilon))
  }
}
