/// Adam (Kingma and Ba 2015) as Keras 3 has it: ε is added to the root of the uncorrected second moment, and the bias
/// corrections go into the rate, α = lr·√(1 − β₂ᵗ) / (1 − β₁ᵗ).
public struct Adam: Optimizer {
  public let name = "adam"
  public var learningRate: Double
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double
  /// Divides by the largest second moment so far (Reddi et al. 2018).
  public var amsgrad: Bool

  public init(
    learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7,
    amsgrad: Bool = false
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.amsgrad = amsgrad
  }

  public var slotNames: [String] { amsgrad ? ["m", "v", "v_hat"] : ["m", "v"] }

  public func check() throws(EngineError) {
    try checkRate(learningRate, name)
    for (option, beta) in [("beta_1", beta1), ("beta_2", beta2)] where !(beta >= 0 && Float(beta) < 1) {
      throw .invalidOption(
        owner: name, option: option, value: "\(beta)", requirement: "a number from 0 to below 1")
    }
    // With an epsilon of 0 a weight that has had no gradient yet would become 0 / 0.
    guard Float(epsilon) > 0, epsilon.isFinite else {
      throw .invalidOption(
        owner: name, option: "epsilon", value: "\(epsilon)", requirement: "a number above 0")
    }
  }

  public func update(_ region: UpdateRegion, iteration: Int) {
    let step = iteration &+ 1
    let first = Float(Adam.power(Double(Float(beta1)), step))
    let second = Float(Adam.power(Double(Float(beta2)), step))
    let alpha = Float(learningRate) * (1 - second).squareRoot() / (1 - first)
    region.kernels.pointee.adam(
      region.weights, region.gradients, region.slot(0), region.slot(1), amsgrad ? region.slot(2) : nil,
      region.count, alpha, Float(1 - beta1), Float(1 - beta2), Float(epsilon))
  }

  /// base^exponent by squaring, for pow of libm differs between machines.
  static func power(_ base: Double, _ exponent: Int) -> Double {
    var result = 1.0
    var factor = base
    var left = exponent
    while left > 0 {
      if left & 1 == 1 { result *= factor }
      factor *= factor
      left >>= 1
    }
    return result
  }
}
