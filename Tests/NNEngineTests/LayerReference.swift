import Testing

@testable import NNEngine

/// Layers of every kind in double, as plainly as can be: whole batches, weights by name, random draws looked up by place.
struct LayerReference {
  var weights: [String: [Double]]
  let layers: [any Layer]
  let seed: UInt64
  let isTraining: Bool

  init(_ network: Network, seed: UInt64 = 0, isTraining: Bool = true) {
    weights = Dictionary(
      uniqueKeysWithValues: network.parameters.map { ($0.name, $0.values.map(Double.init)) })
    layers = network.layers
    self.seed = seed
    self.isTraining = isTraining
  }

  typealias Rows = [[Double]]

  func outputs(_ x: Rows) throws -> Rows { try run(layers, "layers", x) }

  /// The mean squared error with the penalties on weights.
  func loss(_ data: Dataset) throws -> Double {
    let outputs = try self.outputs(LayerReference.rows(data.features))
    let targets = LayerReference.rows(data.targets)
    var sum = 0.0
    for (row, target) in zip(outputs, targets) {
      for (y, t) in zip(row, target) { sum += (y - t) * (y - t) }
    }
    return try sum / Double(data.targets.values.count)
      + penalty(layers, "layers", width: data.features.columns)
  }

  static func rows(_ matrix: Matrix) -> Rows {
    (0..<matrix.rows).map { row in
      matrix.values[row * matrix.columns..<(row + 1) * matrix.columns].map(Double.init)
    }
  }

  private func run(_ layers: [any Layer], _ path: String, _ x: Rows) throws -> Rows {
    try layers.enumerated().reduce(x) { x, each in try run(each.element, "\(path).\(each.offset)", x) }
  }

  private func run(_ layer: any Layer, _ path: String, _ x: Rows) throws -> Rows {
    switch layer {
    case let dense as Dense:
      let kernel = weights[path + ".kernel"] ?? []
      let bias = weights[path + ".bias"]
      return x.map { row in
        let z = (0..<dense.units).map { unit in
          row.indices.reduce(bias?[unit] ?? 0) { $0 + row[$1] * kernel[$1 * dense.units + unit] }
        }
        return ReferenceNetwork.activate(dense.activation, z)
      }
    case let layer as ActivationLayer: return x.map { ReferenceNetwork.activate(layer.activation, $0) }
    case let layer as BatchNormalization: return batchNormalized(layer, path, x)
    case let layer as LayerNormalization:
      return x.map { row in
        let mean = row.reduce(0, +) / Double(row.count)
        let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
        return affine(path, row.map { ($0 - mean) / (variance + Double(layer.epsilon)).squareRoot() })
      }
    case let layer as RMSNormalization:
      return x.map { row in
        let square = row.reduce(0) { $0 + $1 * $1 } / Double(row.count)
        return affine(path, row.map { $0 / (square + Double(layer.epsilon)).squareRoot() })
      }
    case is UnitNormalization:
      return x.map { row in
        let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return row.map { length == 0 ? 0 : $0 / length }
      }
    case is PReLU:
      let alpha = weights[path + ".alpha"] ?? []
      return x.map { row in zip(row, alpha).map { $0 > 0 ? $0 : $1 * $0 } }
    case let layer as Dropout:
      return drawn(x, "dropout", path, layer.rate) { $1 >= layer.rate ? $0 / (1 - layer.rate) : 0 }
    case let layer as AlphaDropout:
      // Klambauer et al. 2017: mean and variance of selu's fixed point, 0 and 1, are kept.
      let bound = -1.0507009873554805 * 1.6732632423543772
      let a = 1 / ((1 - layer.rate) * (1 + layer.rate * bound * bound)).squareRoot()
      let b = -a * bound * layer.rate
      return drawn(x, "alpha_dropout", path, layer.rate) { a * ($1 >= layer.rate ? $0 : bound) + b }
    case let layer as GaussianDropout:
      let spread = (layer.rate / (1 - layer.rate)).squareRoot()
      return drawn(x, "gaussian_dropout", path, layer.rate) { $0 * (1 + spread * Normal.quantile($1)) }
    case let layer as GaussianNoise:
      return drawn(x, "noise", path, layer.stddev) { $0 + layer.stddev * Normal.quantile($1) }
    case let layer as Repeat: return try run(layer.copies, path + ".layers", x)
    case let layer as Residual:
      return zip(x, try run(layer.layers, path + ".layers", x)).map { zip($0, $1).map(+) }
    case let layer as Parallel:
      let parts = try layer.branches.enumerated().map { index, branch in
        try run(branch, "\(path).branches.\(index).layers", x)
      }
      return x.indices.map { row in parts.flatMap { $0[row] } }
    default:
      Issue.record("the reference knows no \(layer.kind)")
      return x
    }
  }

  private func affine(_ path: String, _ row: [Double]) -> [Double] {
    let gamma = weights[path + ".gamma"]
    let beta = weights[path + ".beta"]
    return row.indices.map { row[$0] * (gamma?[$0] ?? 1) + (beta?[$0] ?? 0) }
  }

  private func batchNormalized(_ layer: BatchNormalization, _ path: String, _ x: Rows) -> Rows {
    let width = x.first?.count ?? 0
    var mean = weights[path + ".moving_mean"] ?? []
    var variance = weights[path + ".moving_variance"] ?? []
    if isTraining {
      mean = (0..<width).map { unit in x.reduce(0) { $0 + $1[unit] } / Double(x.count) }
      variance = (0..<width).map { unit in
        x.reduce(0) { $0 + ($1[unit] - mean[unit]) * ($1[unit] - mean[unit]) } / Double(x.count)
      }
    }
    return x.map { row in
      affine(
        path, row.indices.map { (row[$0] - mean[$0]) / (variance[$0] + Double(layer.epsilon)).squareRoot() })
    }
  }

  /// Each value with its draw from [0, 1), of step 0.
  private func drawn(
    _ x: Rows, _ purpose: String, _ path: String, _ strength: Double, _ body: (Double, Double) -> Double
  ) -> Rows {
    guard isTraining, strength > 0 else { return x }
    let generator = Philox(seed: seed, purpose: purpose, path: path)
    return x.enumerated().map { row, values in
      values.enumerated().map { unit, value in
        let block = generator.block(UInt32(unit / 4), UInt32(row), 0, 0)
        let word = [block.0, block.1, block.2, block.3][unit % 4]
        return body(value, (Double(word) + 0.5) / 4_294_967_296)
      }
    }
  }

  private func penalty(_ layers: [any Layer], _ path: String, width: Int) throws -> Double {
    var sum = 0.0
    for specification in layers.parameters(inputWidth: width, path: path) {
      let values = weights[specification.name] ?? []
      switch specification.regularizer {
      case let both as L1L2:
        for w in values { sum += Double(both.l1) * abs(w) + Double(both.l2) * w * w }
      case let orthogonal as OrthogonalRegularizer:
        sum += LayerReference.orthogonality(values, specification.shape, orthogonal)
      default: break
      }
    }
    return sum
  }

  /// Keras's formula, over all ordered pairs.
  private static func orthogonality(_ w: [Double], _ shape: [Int], _ penalty: OrthogonalRegularizer) -> Double
  {
    let lines: Rows =
      penalty.mode == .rows
      ? (0..<shape[0]).map { row in (0..<shape[1]).map { w[row * shape[1] + $0] } }
      : (0..<shape[1]).map { column in (0..<shape[0]).map { w[$0 * shape[1] + column] } }
    let units = lines.map { line in
      let length = line.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return line.map { $0 / length }
    }
    var sum = 0.0
    for i in units.indices {
      for j in units.indices where i != j {
        sum += abs(zip(units[i], units[j]).reduce(0) { $0 + $1.0 * $1.1 })
      }
    }
    return Double(penalty.factor) * 0.5 * sum / (Double(units.count) * Double(units.count - 1) / 2)
  }
}
