/// Steps of one size, lr, in the direction of β₁·m + (1 − β₁)·g; then m ← β₂·m + (1 − β₂)·g (Chen et al. 2023).
public struct Lion: ElementwiseOptimizer {
  public let name = "lion"
  public var settings: OptimizerSettings
  public var beta1: Double
  public var beta2: Double

  public init(learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.99) {
    settings = OptimizerSettings(learningRate: learningRate)
    self.beta1 = beta1
    self.beta2 = beta2
  }

  public var slots: [OptimizerSlot] { [OptimizerSlot("momentum")] }

  public func check() throws(EngineError) {
    try settings.check(name)
    try OptionCheck(name).positiveShare(["beta_1": beta1])
    try OptionCheck(name).share(["beta_2": beta2])
  }

  public func update(_ region: UpdateRegion, _ step: OptimizerStep) {
    let (beta1, beta2) = (Float(beta1), Float(beta2))
    region.kernels.pointee.lion(
      region.weights, region.gradients, region.slot(0), region.count, step.rate, beta1, 1 - beta1, beta2,
      1 - beta2)
  }
}
