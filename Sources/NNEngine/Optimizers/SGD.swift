/// w ← w − lr·g; with momentum μ: m ← μ·m − lr·g and w ← w + m, or with Nesterov's step w ← w + μ·m − lr·g.
public struct SGD: ElementwiseOptimizer {
  public let name = "sgd"
  public var settings: OptimizerSettings
  public var momentum: Double
  public var nesterov: Bool

  public init(learningRate: Double = 0.01, momentum: Double = 0, nesterov: Bool = false) {
    settings = OptimizerSettings(learningRate: learningRate)
    self.momentum = momentum
    self.nesterov = nesterov
  }

  public var slots: [OptimizerSlot] { momentum == 0 ? [] : [OptimizerSlot("momentum")] }

  public func check() throws(EngineError) {
    try settings.check(name)
    try OptionCheck(name).share(["momentum": momentum])
  }

  public func update(_ region: UpdateRegion, _ step: OptimizerStep) {
    if momentum == 0 {
      region.kernels.pointee.sgd(region.weights, region.gradients, region.count, step.rate)
    } else {
      region.kernels.pointee.sgd_momentum(
        region.weights, region.gradients, region.slot(0), region.count, step.rate, Float(momentum),
        nesterov ? 1 : 0)
    }
  }
}
