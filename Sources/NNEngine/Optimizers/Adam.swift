/// Adam (Kingma and Ba 2015) as Keras 3 has it: ε is added to the root of the uncorrected second moment, and the bias
/// corrections go into the rate, α = lr·√(1 − β₂ᵗ) / (1 − β₁ᵗ).
public struct Adam: ElementwiseOptimizer {
  public let name = "adam"
  public var settings: OptimizerSettings
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double
  /// Divides by the largest second moment so far (Reddi et al. 2018).
  public var amsgrad: Bool

  public init(
    learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7,
    amsgrad: Bool = false
  ) {
    settings = OptimizerSettings(learningRate: learningRate)
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.amsgrad = amsgrad
  }

  public var slots: [OptimizerSlot] {
    [OptimizerSlot("m"), OptimizerSlot("v")] + (amsgrad ? [OptimizerSlot("v_hat")] : [])
  }

  public func check() throws(EngineError) {
    try settings.check(name)
    try OptionCheck(name).fraction(["beta_1": beta1, "beta_2": beta2])
    try OptionCheck(name).positive(["epsilon": epsilon])
  }

  public func update(_ region: UpdateRegion, _ step: OptimizerStep) {
    let alpha = step.rate * step.correction(beta2).squareRoot() / step.correction(beta1)
    region.kernels.pointee.adam(
      region.weights, region.gradients, region.slot(0), region.slot(1), amsgrad ? region.slot(2) : nil,
      region.count, alpha, Float(1 - beta1), Float(1 - beta2), Float(epsilon))
  }
}
