/// A cosine fall that starts again (Loshchilov and Hutter 2016): over `firstDecaySteps`, then each time over `tMul` times as
/// many steps, from `mMul` times as high. It falls to `alpha · initial`.
public struct CosineDecayRestarts: LearningRateSchedule {
  public let name = "cosine_restarts"
  public var initialLearningRate: Double
  public var firstDecaySteps: Int
  public var tMul: Double
  public var mMul: Double
  public var alpha: Double

  public init(
    initialLearningRate: Double, firstDecaySteps: Int, tMul: Double = 2, mMul: Double = 1, alpha: Double = 0
  ) {
    self.initialLearningRate = initialLearningRate
    self.firstDecaySteps = firstDecaySteps
    self.tMul = tMul
    self.mMul = mMul
    self.alpha = alpha
  }

  public func check() throws(EngineError) {
    try OptionCheck(name).notNegative([
      "initial_learning_rate": initialLearningRate, "m_mul": mMul, "alpha": alpha,
    ])
    try OptionCheck(name).whole("first_decay_steps", firstDecaySteps, from: 1)
    // Below 1 the periods would come to an end, and Keras's rate with them: it is no number there.
    guard tMul >= 1, Float(tMul).isFinite else {
      throw OptionCheck(name).refuse("t_mul", tMul, "a number from 1 up")
    }
  }

  public func rate(step: Int) -> Float {
    var fraction = Float(step) / Float(firstDecaySteps)
    let growth = Float(tMul)
    var restarts: Float
    if growth == 1 {
      restarts = fraction.rounded(.down)
      fraction -= restarts
    } else {
      let periods = Elementary.logarithm(1 - fraction * (1 - growth)) / Elementary.logarithm(growth)
      restarts = periods.rounded(.down)
      let length = Elementary.power(growth, restarts)
      let begun = (1 - length) / (1 - growth)
      fraction = (fraction - begun) / length
    }
    let height = 0.5 * Elementary.power(Float(mMul), restarts)
    let cosine = height * (1 + Elementary.cosine(Float.pi32 * fraction))
    let alpha = Float(self.alpha)
    return Float(initialLearningRate) * ((1 - alpha) * cosine + alpha)
  }
}
