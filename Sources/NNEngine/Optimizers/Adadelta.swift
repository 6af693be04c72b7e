/// v ← ρ·v + (1 − ρ)·g², Δ = √(d + ε)·g / √(v + ε), d ← ρ·d + (1 − ρ)·Δ² and w ← w − lr·Δ (Zeiler 2012, whose lr is 1).
public struct Adadelta: ElementwiseOptimizer {
  public let name = "adadelta"
  public var settings: OptimizerSettings
  public var rho: Double
  public var epsilon: Double

  public init(learningRate: Double = 0.001, rho: Double = 0.95, epsilon: Double = 1e-7) {
    settings = OptimizerSettings(learningRate: learningRate)
    self.rho = rho
    self.epsilon = epsilon
  }

  public var slots: [OptimizerSlot] {
    [OptimizerSlot("accumulated_grad"), OptimizerSlot("accumulated_delta_var")]
  }

  public func check() throws(EngineError) {
    try settings.check(name)
    try OptionCheck(name).share(["rho": rho])
    try OptionCheck(name).positive(["epsilon": epsilon])
  }

  public func update(_ region: UpdateRegion, _ step: OptimizerStep) {
    region.kernels.pointee.adadelta(
      region.weights, region.gradients, region.slot(0), region.slot(1), region.count, step.rate, Float(rho),
      Float(1 - rho), Float(epsilon))
  }
}
