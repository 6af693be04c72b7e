/// Adafactor (Shazeer and Stern 2018): the second moments of a kernel are the product of means over its rows and columns, the
/// step is at most `clipThreshold` in root mean square, and as large as the weights' root mean square, `epsilon2` at least, makes it.
///
/// `relativeStep` changes nothing, as in Keras: the rate is at most 1 / √t either way. Of a kernel's two slots only the
/// first column and the first row are in use.
public struct Adafactor: TensorOptimizer {
  public let name = "adafactor"
  public var settings: OptimizerSettings
  public var beta2Decay: Double
  public var epsilon1: Double
  public var epsilon2: Double
  public var clipThreshold: Double
  public var relativeStep: Bool

  public init(
    learningRate: Double = 0.001, beta2Decay: Double = -0.8, epsilon1: Double = 1e-30,
    epsilon2: Double = 1e-3,
    clipThreshold: Double = 1, relativeStep: Bool = true
  ) {
    settings = OptimizerSettings(learningRate: learningRate)
    self.beta2Decay = beta2Decay
    self.epsilon1 = epsilon1
    self.epsilon2 = epsilon2
    self.clipThreshold = clipThreshold
    self.relativeStep = relativeStep
  }

  public var slots: [OptimizerSlot] { [OptimizerSlot("r"), OptimizerSlot("c")] }

  public func check() throws(EngineError) {
    try settings.check(name)
    try OptionCheck(name).upToZero(["beta_2_decay": beta2Decay])
    // The product of two such means must not vanish.
    try OptionCheck(name).positive(["epsilon_1": epsilon1])
    try OptionCheck(name).notNegative(["epsilon_2": epsilon2])
    try OptionCheck(name).positive(["clip_threshold": clipThreshold])
  }

  public func update(_ tensor: UpdateTensor, _ step: OptimizerStep) {
    let region = tensor.region
    let kernels = region.kernels
    let number = Float(step.iteration &+ 1)
    let rate = min(step.rate, 1 / number.squareRoot())
    let alpha = max(Float(epsilon2), tensor.rootMeanSquare(region.weights)) * rate
    let beta = 1 - Elementary.power(number, Float(beta2Decay))
    if tensor.isVector {
      kernels.pointee.adafactor_vector(
        region.gradients, region.slot(0), tensor.columns, beta, 1 - beta, Float(epsilon1))
    } else {
      kernels.pointee.adafactor_matrix(
        region.gradients, tensor.stride, region.slot(0), region.slot(1), tensor.rows, tensor.columns, beta,
        1 - beta, Float(epsilon1))
    }
    let excess = tensor.rootMeanSquare(region.gradients) / Float(clipThreshold)
    kernels.pointee.subtract_divided(region.weights, region.gradients, region.count, alpha, max(1, excess))
  }
}
