@testable import NNEngine

/// Networks, losses and penalties in double, as plainly as can be; the measure of the engine's numbers.
struct ReferenceNetwork {
  struct Layer {
    var kernel: [[Double]]
    var bias: [Double]?
    var activation: any Activation
    var kernelPenalty: Regularizer?
    var biasPenalty: Regularizer?
    var activityPenalty: Regularizer?
  }

  var layers: [Layer]

  init(_ network: Network) {
    layers = []
    for (index, layer) in network.layers.enumerated() {
      guard let dense = layer as? Dense else {
        if let activation = layer as? ActivationLayer, !layers.isEmpty {
          // Only after a linear layer.
          layers[layers.count - 1].activation = activation.activation
        }
        continue
      }
      func values(_ name: String) -> [Double]? {
        network.parameters.first { $0.name == "layers.\(index).\(name)" }?.values.map(Double.init)
      }
      let flat = values("kernel") ?? []
      let kernel = stride(from: 0, to: flat.count, by: dense.units).map {
        Array(flat[$0..<($0 + dense.units)])
      }
      layers.append(
        Layer(
          kernel: kernel, bias: values("bias"), activation: dense.activation,
          kernelPenalty: dense.kernelRegularizer, biasPenalty: dense.biasRegularizer,
          activityPenalty: dense.activityRegularizer))
    }
  }

  /// Outputs and, for the last layer, what went into its activation.
  func outputs(_ row: [Double]) -> (outputs: [Double], logits: [Double], activities: [[Double]]) {
    var x = row
    var z = row
    var activities: [[Double]] = []
    for layer in layers {
      z = layer.kernel[0].indices.map { unit in
        layer.kernel.indices.reduce(layer.bias?[unit] ?? 0) { $0 + x[$1] * layer.kernel[$1][unit] }
      }
      x = ReferenceNetwork.activate(layer.activation, z)
      activities.append(x)
    }
    return (x, z, activities)
  }

  /// The batch's loss with all penalties.
  func loss(_ loss: any Loss, _ data: Dataset) -> Double {
    let width = data.features.columns
    let targetWidth = data.targets.columns
    var sum = 0.0
    var counted = 0.0
    var penalty = 0.0
    for row in 0..<data.features.rows {
      let x = data.features.values[(row * width)..<((row + 1) * width)].map(Double.init)
      let t = data.targets.values[(row * targetWidth)..<((row + 1) * targetWidth)].map(Double.init)
      let (y, z, activities) = outputs(x)
      let weight = data.weights.map { Double($0[row]) } ?? 1
      if let value = ReferenceLoss.row(
        loss, outputs: y, logits: z, activation: layers.last?.activation, target: t)
      {
        sum += value * weight
        counted += 1
      }
      for (layer, activity) in zip(layers, activities) {
        penalty += ReferenceNetwork.penalty(layer.activityPenalty, activity) / Double(data.features.rows)
      }
    }
    for layer in layers {
      penalty += ReferenceNetwork.penalty(layer.kernelPenalty, layer.kernel.flatMap { $0 })
      penalty += ReferenceNetwork.penalty(layer.biasPenalty, layer.bias ?? [])
    }
    return (counted == 0 ? 0 : sum / counted) + penalty
  }

  static func penalty(_ regularizer: (any Regularizer)?, _ values: [Double]) -> Double {
    guard let regularizer = regularizer as? L1L2 else { return 0 }
    return values.reduce(0) { $0 + Double(regularizer.l1) * abs($1) + Double(regularizer.l2) * $1 * $1 }
  }

  static func activate(_ activation: any Activation, _ z: [Double]) -> [Double] {
    switch activation {
    case let relu as ReLU:
      let threshold = Double(relu.threshold)
      let most = relu.maxValue.map { Double($0) } ?? .infinity
      return z.map { $0 > threshold ? min($0, most) : Double(relu.negativeSlope) * ($0 - threshold) }
    case let leaky as LeakyReLU: return z.map { $0 > 0 ? $0 : Double(leaky.negativeSlope) * $0 }
    case let elu as ELU: return z.map { $0 > 0 ? $0 : Double(elu.alpha) * referenceExpm1($0) }
    case is Sigmoid: return z.map { 1 / (1 + referenceExp(-$0)) }
    case is Tanh: return z.map(referenceTanh)
    case let gelu as GELU:
      return z.map { x in
        let inner =
          gelu.approximate
          ? referenceTanh(0.7978845608028654 * (x + 0.044715 * x * x * x))
          : referenceErf(x / 2.0.squareRoot())
        return 0.5 * x * (1 + inner)
      }
    case is Softmax:
      let top = z.max() ?? 0
      let e = z.map { referenceExp($0 - top) }
      let sum = e.reduce(0, +)
      return e.map { $0 / sum }
    default: return z
    }
  }
}

enum ReferenceLoss {
  static let low = 1e-7
  static let high = Double(Float(1 - 1e-7))

  static func clip(_ p: Double) -> Double { min(max(p, low), high) }

  /// One row's loss; nil if its class does not count.
  static func row(
    _ loss: any Loss, outputs y: [Double], logits z: [Double], activation: (any Activation)?,
    target t: [Double]
  ) -> Double? {
    // Keras keeps the logits of either.
    let hasLogits = activation is Softmax || activation is Sigmoid
    func mean(_ term: (Double, Double) -> Double) -> Double {
      zip(y, t).reduce(0) { $0 + term($1.0, $1.1) } / Double(y.count)
    }
    switch loss {
    case is MeanAbsoluteError: return mean { abs($0 - $1) }
    case is MeanSquaredError: return mean { ($0 - $1) * ($0 - $1) }
    case let huber as Huber:
      let delta = Double(huber.delta)
      return mean { p, t in
        let e = abs(p - t)
        return e <= delta ? 0.5 * e * e : delta * e - 0.5 * delta * delta
      }
    case let binary as BinaryCrossentropy:
      let smoothing = Double(binary.labelSmoothing)
      let labels = t.map { $0 * (1 - smoothing) + 0.5 * smoothing }
      let terms = zip(zip(y, z), labels).map { pair, label in
        if binary.fromLogits || hasLogits {
          let x = hasLogits ? pair.1 : pair.0
          return max(x, 0) - x * label + referenceLog(1 + referenceExp(-abs(x)))
        }
        let p = clip(pair.0)
        return -(label * referenceLog(p) + (1 - label) * referenceLog(1 - p))
      }
      return terms.reduce(0, +) / Double(terms.count)
    case let categorical as CategoricalCrossentropy:
      let smoothing = Double(categorical.labelSmoothing)
      let labels = t.map { $0 * (1 - smoothing) + smoothing / Double(y.count) }
      if categorical.fromLogits || hasLogits {
        return logits(hasLogits ? z : y, labels)
      }
      let sum = y.reduce(0, +)
      return -zip(y, labels).reduce(0) { $0 + $1.1 * referenceLog(clip($1.0 / sum)) }
    case let sparse as SparseCategoricalCrossentropy:
      if let ignored = sparse.ignoreClass, t[0] == Double(ignored) { return nil }
      let seesThrough = sparse.ignoreClass == nil && hasLogits
      let labels = y.indices.map { $0 == Int(t[0]) ? 1.0 : 0.0 }
      if sparse.fromLogits || seesThrough { return logits(seesThrough ? z : y, labels) }
      return logits(y.map { referenceLog(clip($0)) }, labels)
    default: return nil
    }
  }

  private static func logits(_ z: [Double], _ labels: [Double]) -> Double {
    let top = z.max() ?? 0
    let total = top + referenceLog(z.reduce(0) { $0 + referenceExp($1 - top) })
    return zip(z, labels).reduce(0) { $0 + $1.1 * (total - $1.0) }
  }
}
