/// `initial · decayRate^(step / decaySteps)`; with `staircase` the quotient is rounded down.
public struct ExponentialDecay: LearningRateSchedule {
  public let name = "exponential"
  public var initialLearningRate: Double
  public var decaySteps: Int
  public var decayRate: Double
  public var staircase: Bool

  public init(initialLearningRate: Double, decaySteps: Int, decayRate: Double, staircase: Bool = false) {
    self.initialLearningRate = initialLearningRate
    self.decaySteps = decaySteps
    self.decayRate = decayRate
    self.staircase = staircase
  }

  public func check() throws(EngineError) {
    try OptionCheck(name).notNegative(["initial_learning_rate": initialLearningRate, "decay_rate": decayRate])
    try OptionCheck(name).whole("decay_steps", decaySteps, from: 1)
  }

  public func rate(step: Int) -> Float {
    var quotient = Float(step) / Float(decaySteps)
    if staircase { quotient.round(.down) }
    return Float(initialLearningRate) * Elementary.power(Float(decayRate), quotient)
  }
}
