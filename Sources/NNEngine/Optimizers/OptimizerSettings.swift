/// The options that all optimizers have.
public struct OptimizerSettings: Sendable {
  public var learningRate: Double
  /// Gives the rate of each step instead.
  public var schedule: (any LearningRateSchedule)?
  /// Before each update every trained weight, biases too, loses this share of itself times the rate.
  public var weightDecay: Double?
  public var clipping: GradientClipping?
  public var averaging: WeightAveraging?
  /// Batches whose gradients are averaged for one update.
  public var accumulationSteps: Int?

  public init(
    learningRate: Double, schedule: (any LearningRateSchedule)? = nil, weightDecay: Double? = nil,
    clipping: GradientClipping? = nil, averaging: WeightAveraging? = nil, accumulationSteps: Int? = nil
  ) {
    self.learningRate = learningRate
    self.schedule = schedule
    self.weightDecay = weightDecay
    self.clipping = clipping
    self.averaging = averaging
    self.accumulationSteps = accumulationSteps
  }

  /// The rate of the step that follows `step` earlier ones: batches, also where gradients are accumulated.
  public func rate(step: Int) -> Float { schedule?.rate(step: step) ?? Float(learningRate) }

  /// The same as users see it: a fixed rate as it was given.
  func shownRate(step: Int) -> Double { schedule.map { Double($0.rate(step: step)) } ?? learningRate }

  static let accumulator = "gradient_accumulator"
  static let average = "average"
  /// The weights that training goes on from, where the kept ones are averages of them. Saved as a slot is.
  static let trained = "trained"

  var slots: [OptimizerSlot] {
    (accumulationSteps == nil ? [] : [OptimizerSlot(OptimizerSettings.accumulator)])
      + (averaging == nil ? [] : [OptimizerSlot(OptimizerSettings.average)])
  }

  func check(_ owner: String) throws(EngineError) {
    let options = OptionCheck(owner)
    try options.notNegative(["learning_rate": learningRate, "weight_decay": weightDecay ?? 0])
    try schedule?.check()
    switch clipping {
    case .norm(let limit): try options.notNegative(["clipnorm": limit])
    case .value(let limit): try options.notNegative(["clipvalue": limit])
    case .globalNorm(let limit): try options.notNegative(["global_clipnorm": limit])
    case nil: break
    }
    if let averaging {
      try options.share(["ema_momentum": averaging.momentum])
      try options.whole("ema_overwrite_frequency", averaging.overwriteFrequency ?? 1, from: 1)
    }
    try options.whole("gradient_accumulation_steps", accumulationSteps ?? 2, from: 2, to: 1 << 50)
  }
}

/// How large gradients are made smaller. A limit of 0 means none, as in Keras.
public enum GradientClipping: Sendable, Equatable {
  /// Each tensor's norm.
  case norm(Double)
  /// Each number.
  case value(Double)
  /// The norm over all tensors together.
  case globalNorm(Double)

  /// nil without a limit.
  var limit: Float? {
    switch self {
    case .norm(let limit), .value(let limit), .globalNorm(let limit): Float(limit) > 0 ? Float(limit) : nil
    }
  }
}

/// A moving average of the trained weights, average = momentum · average + (1 − momentum) · weights, after every batch. The
/// averages are what a fit leaves in the network.
public struct WeightAveraging: Sendable, Equatable {
  public var momentum: Double
  /// Updates after which training goes on from the averages; never if nil.
  public var overwriteFrequency: Int?

  public init(momentum: Double = 0.99, overwriteFrequency: Int? = nil) {
    self.momentum = momentum
    self.overwriteFrequency = overwriteFrequency
  }
}
