/// w ← w − lr·g; with momentum μ: m ← μ·m − lr·g and w ← w + m, or with Nesterov's step w ← w + μ·m − lr·g.
public struct SGD: Optimizer {
  public let name = "sgd"
  public var learningRate: Double
  public var momentum: Double
  public var nesterov: Bool

  public init(learningRate: Double = 0.01, momentum: Double = 0, nesterov: Bool = false) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.nesterov = nesterov
  }

  public var slotNames: [String] { momentum == 0 ? [] : ["momentum"] }

  public func check() throws(EngineError) {
    try checkRate(learningRate, name)
    guard momentum >= 0, momentum <= 1 else {
      throw .invalidOption(
        owner: name, option: "momentum", value: "\(momentum)", requirement: "a number from 0 to 1")
    }
  }

  public func update(_ region: UpdateRegion, iteration: Int) {
    let rate = Float(learningRate)
    if momentum == 0 {
      region.kernels.pointee.sgd(region.weights, region.gradients, region.count, rate)
    } else {
      region.kernels.pointee.sgd_momentum(
        region.weights, region.gradients, region.slot(0), region.count, rate, Float(momentum),
        nesterov ? 1 : 0)
    }
  }
}
