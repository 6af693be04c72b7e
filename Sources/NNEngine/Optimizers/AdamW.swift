/// Adam with weight decay, 0.004 if not said otherwise (Loshchilov and Hutter 2019). Keras's decays every trained weight,
/// biases and the scales of normalizations too.
public struct AdamW: ElementwiseOptimizer {
  public let name = "adamw"
  private var adam: Adam

  public init(
    learningRate: Double = 0.001, weightDecay: Double = 0.004, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-7, amsgrad: Bool = false
  ) {
    adam = Adam(learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, amsgrad: amsgrad)
    adam.settings.weightDecay = weightDecay
  }

  public var settings: OptimizerSettings {
    get { adam.settings }
    set { adam.settings = newValue }
  }

  public var slots: [OptimizerSlot] { adam.slots }

  public func check() throws(EngineError) {
    try settings.check(name)
    guard settings.weightDecay != nil else {
      throw OptionCheck(name).refuse("weight_decay", "none", "a number from 0 up")
    }
    try OptionCheck(name).fraction(["beta_1": adam.beta1, "beta_2": adam.beta2])
    try OptionCheck(name).positive(["epsilon": adam.epsilon])
  }

  public func update(_ region: UpdateRegion, _ step: OptimizerStep) { adam.update(region, step) }
}
