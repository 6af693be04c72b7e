import CKernels

extension LayerNormalization: PlannedLayer {
  func makePlan(_ site: LayerSite) -> (any LayerPlan)? {
    RowNormalizationPlan(CK_LAYER_NORM, epsilon: epsilon, site)
  }
}

extension RMSNormalization: PlannedLayer {
  func makePlan(_ site: LayerSite) -> (any LayerPlan)? {
    RowNormalizationPlan(CK_RMS_NORM, epsilon: epsilon, site)
  }
}

extension UnitNormalization: PlannedLayer {
  func makePlan(_ site: LayerSite) -> (any LayerPlan)? {
    RowNormalizationPlan(CK_UNIT_NORM, epsilon: 0, site)
  }
}

/// A row by its own numbers. The gradient is taken in place.
final class RowNormalizationPlan: LayerPlan {
  let output: MatrixView
  let outputGradient: MatrixView?

  private let kernels: UnsafePointer<ck_kernels>
  private let kind: ck_row_norm
  private let epsilon: Float
  private let input: MatrixView
  private let gamma: ParameterView?
  private let beta: ParameterView?
  private let mean: UnsafeMutablePointer<Float>
  private let inverse: UnsafeMutablePointer<Float>

  init(_ kind: ck_row_norm, epsilon: Float, _ site: LayerSite) {
    kernels = site.executor.kernels
    self.kind = kind
    self.epsilon = epsilon
    input = site.input
    gamma = site.parameters.tensor(site.path, "gamma")
    beta = site.parameters.tensor(site.path, "beta")
    output = site.arena.matrix(rows: site.rows, columns: input.columns)
    outputGradient =
      site.training ? site.inputGradient ?? site.arena.matrix(rows: site.rows, columns: input.columns) : nil
    mean = site.arena.floats(site.rows)
    inverse = site.arena.floats(site.rows)
  }

  func forward(rows: Int, step: UInt64) {
    kernels.pointee.row_norm(
      kind, input.base, input.stride, gamma?.values, beta?.values, epsilon, rows, input.columns, mean,
      inverse,
      output.base, output.stride)
  }

  func backward(rows: Int) {
    guard let gradient = outputGradient else { return }
    kernels.pointee.row_norm_gradient(
      kind, input.base, input.stride, gamma?.values, mean, inverse, rows, input.columns, gradient.base,
      gradient.stride, gamma?.gradients, beta?.gradients)
  }
}
