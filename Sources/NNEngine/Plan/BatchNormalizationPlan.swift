import CKernels

extension BatchNormalization: PlannedLayer {
  func makePlan(_ site: LayerSite) -> (any LayerPlan)? { BatchNormalizationPlan(self, site) }
}

/// In training by the batch's moments, which also move the moving ones; else by the moving ones. The gradient is taken in
/// place.
final class BatchNormalizationPlan: LayerPlan {
  let output: MatrixView
  let outputGradient: MatrixView?

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

  init?(_ layer: BatchNormalization, _ site: LayerSite) {
    let store = site.parameters
    guard let movingMean = store.tensor(site.path, "moving_mean"),
      let movingVariance = store.tensor(site.path, "moving_variance")
    else { return nil }
    self.movingMean = movingMean
    self.movingVariance = movingVariance
    gamma = store.tensor(site.path, "gamma")
    beta = store.tensor(site.path, "beta")
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
    mean = site.training ? site.arena.floats(paddedWidth(width)) : movingMean.values
    variance = site.training ? site.arena.floats(paddedWidth(width)) : movingVariance.values
  }

  func forward(rows: Int, step: UInt64) {
    guard rows > 0 else { return }
    if training {
      kernels.pointee.column_moments(input.base, input.stride, rows, input.columns, mean, variance)
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

  func backward(rows: Int) {
    guard let gradient = outputGradient, rows > 0 else { return }
    kernels.pointee.batch_norm_gradient(
      input.base, input.stride, mean, inverse, gamma?.values, rows, input.columns, gradient.base,
      gradient.stride,
      gamma?.gradients, beta?.gradients)
  }
}
