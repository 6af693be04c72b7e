/// LAMB (You et al. 2020): Adam's direction u, with ε outside the root of the corrected moment, in steps of lr·|w| / |u| for each
/// tensor; of lr where one of the norms is 0.
public struct Lamb: TensorOptimizer {
  public let name = "lamb"
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

  public func update(_ tensor: UpdateTensor, _ step: OptimizerStep) {
    let region = tensor.region
    region.kernels.pointee.lamb(
      region.gradients, region.slot(0), region.slot(1), region.count, Float(1 - beta1), Float(1 - beta2),
      step.correction(beta1), step.correction(beta2), Float(epsilon))
    let weights = tensor.norm(region.weights)
    let direction = tensor.norm(region.gradients)
    let ratio = weights > 0 && direction > 0 ? weights / direction : 1
    region.kernels.pointee.sgd(region.weights, region.gradients, region.count, ratio * step.rate)
  }
}
