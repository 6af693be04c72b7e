import CKernels

/// A loss bound to a network's output: which form to compute, from where.
struct LossPlan {
  let kernel: LossKernel
  let form: ck_loss
  let kernels: UnsafePointer<ck_kernels>
  let outputs: MatrixView
  /// `outputs` are what went into the network's last activation.
  let readsLogits: Bool

  /// The activation to look behind, if the network's output comes from it.
  static func head(_ loss: any Loss, _ network: Network, training: Bool) -> ck_activation? {
    let placed = network.layers.placed("layers").map(\.layer)
    guard let last = placed.last(where: { !$0.isIdentity(training: training) }) else { return nil }
    return loss.kernel.form(behind: last.lastActivation) == nil ? nil : last.lastActivation
  }

  init(_ loss: any Loss, plan: NetworkPlan) {
    kernel = loss.kernel
    kernels = plan.executor.kernels
    if let logits = plan.logits, let form = kernel.form(behind: plan.outputActivation) {
      self.form = form
      outputs = logits
      readsLogits = true
    } else {
      form = kernel.fromPredictions
      outputs = plan.output
      readsLogits = false
    }
  }

  private init(_ other: LossPlan, outputs: MatrixView) {
    kernel = other.kernel
    form = other.form
    kernels = other.kernels
    readsLogits = other.readsLogits
    self.outputs = outputs
  }

  /// The same loss, read from a copy of its outputs.
  func reading(_ view: MatrixView) -> LossPlan { LossPlan(self, outputs: view) }

  /// Fills the places of some rows in `values` with their losses and, if there is one, of `gradient` with that of the batch's
  /// loss, a mean that takes each row `scale` times.
  func run(
    targets: MatrixView, weights: UnsafeMutablePointer<Float>?, in rows: Range<Int>, scale: Float,
    values: UnsafeMutablePointer<Float>, gradient: MatrixView?
  ) {
    let first = rows.lowerBound
    kernel.run(
      kernels, form, outputs: outputs.rows(from: first), targets: targets.rows(from: first),
      weights: weights.map { UnsafePointer($0 + first) }, scale: scale, rows: rows.count,
      values: values + first, gradient: gradient?.rows(from: first))
  }

  /// Fills `values` with the rows' losses and, if there is one, `gradient` with that of the batch's loss.
  /// - Returns: what the sum of the rows' losses is divided by.
  func run(
    targets: MatrixView, weights: UnsafePointer<Float>?, rows: Int, values: UnsafeMutablePointer<Float>,
    gradient: MatrixView?
  ) -> Float {
    let divisor = Float(kernel.countedRows(targets, rows: rows))
    kernel.run(
      kernels, form, outputs: outputs, targets: targets, weights: weights,
      scale: divisor == 0 ? 0 : 1 / divisor, rows: rows, values: values, gradient: gradient)
    return divisor
  }
}
