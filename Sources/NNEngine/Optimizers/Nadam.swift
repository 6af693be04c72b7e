import CKernels

/// Adam with Nesterov's momentum (Dozat 2016). The momentum grows, u(t) = β₁·(1 − ½·0.96ᵗ), and its corrections are 1 less the
/// product of all momenta so far: w ← w − lr·m̂ / (√(v / (1 − β₂ᵗ)) + ε) with
/// m̂ = u(t+1)·m / (1 − Πu(1…t+1)) + (1 − u(t))·g / (1 − Πu(1…t)).
public struct Nadam: ElementwiseOptimizer {
  public let name = "nadam"
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

  public var slots: [OptimizerSlot] { [OptimizerSlot("m"), OptimizerSlot("v")] }

  public func check() throws(EngineError) {
    try settings.check(name)
    try OptionCheck(name).fraction(["beta_1": beta1, "beta_2": beta2])
    try OptionCheck(name).positive(["epsilon": epsilon])
  }

  /// 1 − ½·0.96ᵗ, which soon is 1 as a float32.
  private func growth(_ step: Int) -> Float {
    step > 1000 ? 1 : 1 - 0.5 * Elementary.power(Float(0.96), step)
  }

  /// The product of the momenta; below the normal numbers it is 0.
  public func carry(_ number: Float, iteration: Int) -> Float {
    let product = number * Float(beta1) * growth(iteration &+ 1)
    return product < Float.leastNormalMagnitude ? 0 : product
  }

  public func update(_ region: UpdateRegion, _ step: OptimizerStep) {
    let beta1 = Float(beta1)
    let momentum = beta1 * growth(step.iteration &+ 1)
    let next = beta1 * growth(step.iteration &+ 2)
    // Keras takes 1 − β of the float32 here, where Adam takes it of the option.
    var numbers = ck_nadam(
      rate: step.rate, one_minus_beta1: 1 - beta1, one_minus_beta2: 1 - Float(beta2), next_u: next,
      next_correction: 1 - step.carried * next, one_minus_u: 1 - momentum, correction: 1 - step.carried,
      correction2: step.correction(beta2), epsilon: Float(epsilon))
    region.kernels.pointee.nadam(
      region.weights, region.gradients, region.slot(0), region.slot(1), region.count, &numbers)
  }
}
