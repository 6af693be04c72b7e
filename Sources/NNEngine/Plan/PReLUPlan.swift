import CKernels

extension PReLU: PlannedLayer {
  func makePlan(_ site: LayerSite) -> (any LayerPlan)? { PReLUPlan(self, site) }
}

/// The gradient is taken in place.
final class PReLUPlan: LayerPlan {
  let output: MatrixView
  let outputGradient: MatrixView?

  private let shards: ShardCut?
  private let kernels: UnsafePointer<ck_kernels>
  private let input: MatrixView
  private let alpha: ParameterView

  init?(_ layer: PReLU, _ site: LayerSite) {
    guard let alpha = site.parameters.tensor(site.path, "alpha") else { return nil }
    self.alpha = alpha
    shards = site.shards
    kernels = site.executor.kernels
    input = site.input
    output = site.arena.matrix(rows: site.rows, columns: input.columns)
    outputGradient =
      site.training ? site.inputGradient ?? site.arena.matrix(rows: site.rows, columns: input.columns) : nil
  }

  func forward(rows: Int, step: UInt64) {
    kernels.pointee.prelu(
      input.base, input.stride, alpha.values, rows, input.columns, output.base, output.stride)
  }

  func backward(rows: Int) {
    guard let gradient = outputGradient else { return }
    let (kernels, input, alpha) = (kernels, input, alpha)
    shards.add(rows: rows, into: alpha.gradients, wholeGroups(input.columns)) { rows, sum in
      let first = rows.lowerBound
      kernels.pointee.prelu_gradient(
        input.rows(from: first).base, input.stride, alpha.values, rows.count, input.columns,
        gradient.rows(from: first).base, gradient.stride, sum)
    }
  }
}
