/// From `initial` down to `alpha · initial` along half a cosine over `decaySteps` (Loshchilov and Hutter 2016). With a
/// `warmupTarget` the rate first rises in a line from `initial` to it, over `warmupSteps`, and falls from there.
public struct CosineDecay: LearningRateSchedule {
  public let name = "cosine"
  public var initialLearningRate: Double
  public var decaySteps: Int
  /// The end, as a share of where the fall begins.
  public var alpha: Double
  public var warmupTarget: Double?
  public var warmupSteps: Int

  public init(
    initialLearningRate: Double, decaySteps: Int, alpha: Double = 0, warmupTarget: Double? = nil,
    warmupSteps: Int = 0
  ) {
    self.initialLearningRate = initialLearningRate
    self.decaySteps = decaySteps
    self.alpha = alpha
    self.warmupTarget = warmupTarget
    self.warmupSteps = warmupSteps
  }

  public func check() throws(EngineError) {
    try OptionCheck(name).notNegative([
      "initial_learning_rate": initialLearningRate, "alpha": alpha, "warmup_target": warmupTarget ?? 0,
    ])
    try OptionCheck(name).whole("decay_steps", decaySteps, from: 1)
    try OptionCheck(name).whole("warmup_steps", warmupSteps, from: 0)
  }

  public func rate(step: Int) -> Float {
    let step = Float(step)
    let steps = Float(decaySteps)
    let initial = Float(initialLearningRate)
    guard let warmupTarget else { return fall(initial, min(step, steps) / steps) }
    let target = Float(warmupTarget)
    let warmup = Float(warmupSteps)
    let bounded = min(step, steps + warmup)
    guard bounded < warmup else { return fall(target, (bounded - warmup) / steps) }
    return (target - initial) * (bounded / warmup) + initial
  }

  private func fall(_ from: Float, _ fraction: Float) -> Float {
    let cosine = 0.5 * (1 + Elementary.cosine(Float.pi32 * fraction))
    return from * (Float(1 - alpha) * cosine + Float(alpha))
  }
}

extension Float {
  /// π rounded to nearest; `Float.pi` is rounded towards 0, and Keras's is not.
  static let pi32 = Float(Double.pi)
}
