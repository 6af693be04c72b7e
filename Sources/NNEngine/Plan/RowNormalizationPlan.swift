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

  private let shards: ShardCut?
  /// The gradients by gamma, then those by beta.
  private let slopes: UnsafeMutablePointer<Float>
  private let kernels: UnsafePointer<ck_kernels>
  private let kind: ck_row_norm
  private let epsilon: Float
  private let input: MatrixView
  private let gamma: ParameterView?
  private let beta: ParameterView?
  private let mean: UnsafeMutablePointer<Float>
  private let inverse: UnsafeMutablePointer<Float>

  init(_ kind: ck_row_norm, epsilon: Float, _ site: LayerSite) {
    shards = site.shards
    slopes = site.arena.floats(site.training ? 2 * paddedWidth(site.input.columns) : 0)
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
    let (kernels, kind, input, mean, inverse, gamma) = (kernels, kind, input, mean, inverse, gamma)
    let width = wholeGroups(input.columns)
    shards.add(rows: rows, into: slopes, 2 * width) { rows, sums in
      let first = rows.lowerBound
      kernels.pointee.row_norm_gradient(
        kind, input.rows(from: first).base, input.stride, gamma?.values, mean + first, inverse + first,
        rows.count, input.columns, gradient.rows(from: first).base, gradient.stride, sums, sums + width)
    }
    gamma?.gradients.update(from: slopes, count: width)
    beta?.gradients.update(from: slopes + width, count: width)
  }
}
