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
}
