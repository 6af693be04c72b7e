import CKernels

extension BatchNormalization: PlannedLayer {
  func makePlan(_ site: LayerSite) -> (any LayerPlan)? { BatchNormalizationPlan(self, site) }
}

/// In training by the batch's moments, which also move the moving ones; else by the moving ones. The gradient is taken in
/// place.
final class BatchNormalizationPlan: LayerPlan {
  let output: MatrixView
  let outputGradient: MatrixView?

  private let shards: ShardCut?
  private let kernels: UnsafePointer<ck_kernels>
  private let input: MatrixView
  private let training: Bool
  private let momentum: Float
  private let epsilon: Float
  private let gamma: ParameterView?
  private let beta: ParameterView?
  private let movingMean: ParameterView
  private let movingVariance: ParameterView
  private let mean: UnsafeMutablePointer<Float>
  private let variance: UnsafeMutablePointer<Float>
  private let inverse: UnsafeMutablePointer<Float>
  /// The gradients by gamma, then those by beta, of the whole batch.
  private let slopes: UnsafeMutablePointer<Float>

  init?(_ layer: BatchNormalization, _ site: LayerSite) {
    let store = site.parameters
    guard let movingMean = store.tensor(site.path, "moving_mean"),
      let movingVariance = store.tensor(site.path, "moving_variance")
    else { return nil }
    self.movingMean = movingMean
    self.movingVariance = movingVariance
    gamma = store.tensor(site.path, "gamma")
    beta = store.tensor(site.path, "beta")
    shards = site.shards
    kernels = site.executor.kernels
    input = site.input
    training = site.training
    momentum = layer.momentum
    epsilon = layer.epsilon
    let width = site.input.columns
    output = site.arena.matrix(rows: site.rows, columns: width)
    outputGradient =
      site.training ? site.inputGradient ?? site.arena.matrix(rows: site.rows, columns: width) : nil
    inverse = site.arena.floats(paddedWidth(width))
    slopes = site.arena.floats(site.training ? 2 * paddedWidth(width) : 0)
    mean = site.training ? site.arena.floats(paddedWidth(width)) : movingMean.values
    variance = site.training ? site.arena.floats(paddedWidth(width)) : movingVariance.values
  }

  func forward(rows: Int, step: UInt64) {
    if training {
      findMoments(rows)
      let rest = Float(1 - Double(momentum))
      for unit in 0..<input.columns {
        movingMean.values[unit] = movingMean.values[unit] * momentum + mean[unit] * rest
        movingVariance.values[unit] = movingVariance.values[unit] * momentum + variance[unit] * rest
      }
    }
    kernels.pointee.batch_norm(
      input.base, input.stride, mean, variance, gamma?.values, beta?.values, epsilon, rows, input.columns,
      inverse,
      output.base, output.stride)
  }

  /// The mean and the population's variance of the whole batch, in two passes.
  private func findMoments(_ rows: Int) {
    let (kernels, input, mean) = (kernels, input, mean)
    let count = Float(shards?.batchRows ?? rows)
    addOverBatch(rows, into: mean) { rows, sum in
      let part = input.rows(from: rows.lowerBound)
      kernels.pointee.column_sums(part.base, part.stride, rows.count, part.columns, sum)
    }
    for unit in 0..<input.columns { mean[unit] /= count }
    addOverBatch(rows, into: variance) { rows, sum in
      let part = input.rows(from: rows.lowerBound)
      kernels.pointee.column_squares(part.base, part.stride, mean, rows.count, part.columns, sum)
    }
    for unit in 0..<input.columns { variance[unit] /= count }
  }

  private func addOverBatch(
    _ rows: Int, into sum: UnsafeMutablePointer<Float>,
    _ leaf: (_ rows: Range<Int>, _ sum: UnsafeMutablePointer<Float>) -> Void
  ) {
    let width = wholeGroups(input.columns)
    shards.add(rows: rows, into: sum, width, leaf)
    shards?.sum?.add(sum, width)
  }

  func backward(rows: Int) {
    guard let gradient = outputGradient else { return }
    let (kernels, input, mean, inverse) = (kernels, input, mean, inverse)
    let width = wholeGroups(input.columns)
    shards.add(rows: rows, into: slopes, 2 * width) { rows, sums in
      let part = input.rows(from: rows.lowerBound)
      let slope = gradient.rows(from: rows.lowerBound)
      kernels.pointee.batch_norm_sums(
        part.base, part.stride, mean, inverse, rows.count, part.columns, slope.base, slope.stride, sums,
        sums + width)
    }
    // Those of the shards here: the gradients are added up over ranks with all others.
    gamma?.gradients.update(from: slopes, count: width)
    beta?.gradients.update(from: slopes + width, count: width)
    shards?.sum?.add(slopes, 2 * width)
    kernels.pointee.batch_norm_gradient(
      input.base, input.stride, mean, inverse, gamma?.values, slopes, slopes + width,
      shards?.batchRows ?? rows, rows, input.columns, gradient.base, gradient.stride)
  }
}
