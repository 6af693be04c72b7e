import CKernels

/// Muon (Jordan 2024; Liu et al. 2025): the momentum of a kernel is made near orthogonal by steps of a Newton-Schulz iteration,
/// X ← a·X + (b·A + c·A²)·X with A = X·Xᵀ, and scaled by √max(rows, columns) · `rmsRate`. Vectors, and kernels that
/// `excludeLayers` names, are moved by AdamW at `adamLearningRateRatio` times the rate.
public struct Muon: TensorOptimizer {
  public let name = "muon"
  public var settings: OptimizerSettings
  public var adamBeta1: Double
  public var adamBeta2: Double
  /// The decay of what AdamW moves; that of the others is the settings'.
  public var adamWeightDecay: Double?
  public var epsilon: Double
  /// A part of a parameter's path, as in `layers.2`, or `output` for the last kernel.
  public var excludeLayers: [String]
  public var a: Double
  public var b: Double
  public var c: Double
  public var adamLearningRateRatio: Double
  public var momentum: Double
  public var newtonSchulzSteps: Int
  public var nesterov: Bool
  /// nil leaves the scale away.
  public var rmsRate: Double?

  public init(
    learningRate: Double = 0.001, adamBeta1: Double = 0.9, adamBeta2: Double = 0.999,
    adamWeightDecay: Double? = 0.004, epsilon: Double = 1e-7, weightDecay: Double? = 0.004,
    excludeLayers: [String] = [], a: Double = 3.4445, b: Double = -4.7750, c: Double = 2.0315,
    adamLearningRateRatio: Double = 1, momentum: Double = 0.95, newtonSchulzSteps: Int = 5,
    nesterov: Bool = true, rmsRate: Double? = 0.2
  ) {
    settings = OptimizerSettings(learningRate: learningRate, weightDecay: weightDecay)
    self.adamBeta1 = adamBeta1
    self.adamBeta2 = adamBeta2
    self.adamWeightDecay = adamWeightDecay
    self.epsilon = epsilon
    self.excludeLayers = excludeLayers
    self.a = a
    self.b = b
    self.c = c
    self.adamLearningRateRatio = adamLearningRateRatio
    self.momentum = momentum
    self.newtonSchulzSteps = newtonSchulzSteps
    self.nesterov = nesterov
    self.rmsRate = rmsRate
  }

  public var slots: [OptimizerSlot] { [OptimizerSlot("momentum"), OptimizerSlot("velocity")] }

  public var splitsItsWork: Bool { true }

  public func check() throws(EngineError) {
    try settings.check(name)
    try OptionCheck(name).fraction(["adam_beta_1": adamBeta1, "adam_beta_2": adamBeta2])
    try OptionCheck(name).positive(["epsilon": epsilon])
    try OptionCheck(name).share(["momentum": momentum])
    try OptionCheck(name).notNegative([
      "adam_weight_decay": adamWeightDecay ?? 0, "adam_lr_ratio": adamLearningRateRatio,
      "rms_rate": rmsRate ?? 0,
    ])
    try OptionCheck(name).finite(["muon_a": a, "muon_b": b, "muon_c": c])
    try OptionCheck(name).whole("ns_steps", newtonSchulzSteps, from: 0, to: 1000)
  }

  public func rule(for index: Int, of parameters: [Network.Parameter]) -> TensorRule {
    let parameter = parameters[index]
    let isLastKernel = parameters.lastIndex { $0.isTrainable && $0.shape.count == 2 } == index
    let path = parameter.name.split(separator: ".")
    let isExcluded = excludeLayers.contains { word in
      let wanted = word.split(separator: ".")
      if word == "output" { return isLastKernel }
      return !wanted.isEmpty && path.indices.contains { path[$0...].starts(with: wanted) }
    }
    guard parameter.shape.count == 2, !isExcluded else {
      return TensorRule(weightDecay: adamWeightDecay, isElementwise: true)
    }
    return TensorRule(
      weightDecay: settings.weightDecay,
      scratchCount: NewtonSchulz.floats(rows: parameter.shape[0], columns: parameter.shape[1]))
  }

  public func update(_ tensor: UpdateTensor, _ step: OptimizerStep) {
    let region = tensor.region
    let kernels = region.kernels
    if tensor.rule.isElementwise {
      let rate = step.rate * Float(adamLearningRateRatio)
      let alpha = rate * step.correction(adamBeta2).squareRoot() / step.correction(adamBeta1)
      kernels.pointee.adam(
        region.weights, region.gradients, region.slot(0), region.slot(1), nil, region.count, alpha,
        Float(1 - adamBeta1), Float(1 - adamBeta2), Float(epsilon))
      return
    }
    kernels.pointee.muon_momentum(
      region.gradients, region.slot(0), region.count, Float(momentum), Float(momentum - 1), nesterov ? 1 : 0)
    NewtonSchulz(a: Float(a), b: Float(b), c: Float(c), steps: newtonSchulzSteps).orthogonalize(tensor)
    let scale = rmsRate == nil ? 1 : Float(max(tensor.rows, tensor.columns)).squareRoot()
    kernels.pointee.subtract_scaled(
      region.weights, region.gradients, region.count, step.rate, scale, Float(rmsRate ?? 1))
  }
}
