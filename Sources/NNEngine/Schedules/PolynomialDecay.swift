/// `(initial − end) · (1 − step / decaySteps)^power + end`, and `end` afterwards; with `cycle` it starts again each time, over
/// as many more steps.
public struct PolynomialDecay: LearningRateSchedule {
  public let name = "polynomial"
  public var initialLearningRate: Double
  public var decaySteps: Int
  public var endLearningRate: Double
  public var power: Double
  public var cycle: Bool

  public init(
    initialLearningRate: Double, decaySteps: Int, endLearningRate: Double = 0.0001, power: Double = 1,
    cycle: Bool = false
  ) {
    self.initialLearningRate = initialLearningRate
    self.decaySteps = decaySteps
    self.endLearningRate = endLearningRate
    self.power = power
    self.cycle = cycle
  }

  public func check() throws(EngineError) {
    try OptionCheck(name).notNegative([
      "initial_learning_rate": initialLearningRate, "end_learning_rate": endLearningRate,
      "power": power,
    ])
    try OptionCheck(name).whole("decay_steps", decaySteps, from: 1)
  }

  public func rate(step: Int) -> Float {
    var step = Float(step)
    var steps = Float(decaySteps)
    if cycle {
      steps *= step == 0 ? 1 : (step / steps).rounded(.up)
    } else if step > steps {
      step = steps
    }
    let left = 1 - step / steps
    let end = Float(endLearningRate)
    return (Float(initialLearningRate) - end) * Elementary.power(left, Float(power)) + end
  }
}
