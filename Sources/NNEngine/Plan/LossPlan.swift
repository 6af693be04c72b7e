import CKernels

/// A loss bound to a network's output: which form to compute, from where.
struct LossPlan {
  let kind: ck_loss
  let parameters: ck_params
  let kernels: UnsafePointer<ck_kernels>
  let ignoresClass: Bool
  let outputs: MatrixView

  /// The activation to look behind, if the network's output comes from it.
  static func head(_ loss: any Loss, _ network: Network, training: Bool) -> ck_activation? {
    let placed = network.layers.placed("layers").map(\.layer)
    guard let last = placed.last(where: { !$0.isIdentity(training: training) }) else { return nil }
    return loss.kernel.looksBehind(last.lastActivation) ? last.lastActivation : nil
  }

  init(_ loss: any Loss, plan: NetworkPlan) {
    let kernel = loss.kernel
    if let logits = plan.logits, let form = kernel.fromLogits, kernel.looksBehind(plan.outputActivation) {
      kind = form
      outputs = logits
    } else {
      kind = kernel.fromPredictions
      outputs = plan.output
    }
    parameters = ck_params(p0: kernel.parameter, p1: 0, p2: 0)
    kernels = plan.executor.kernels
    ignoresClass = kernel.ignoresClass
  }

  /// Fills `values` with the rows' losses and, if there is one, `gradient` with that of the batch's loss.
  /// - Returns: what the sum of the rows' losses is divided by.
  func run(
    targets: MatrixView, weights: UnsafePointer<Float>?, rows: Int, values: UnsafeMutablePointer<Float>,
    gradient: MatrixView?
  ) -> Float {
    var divisor = Float(rows)
    if ignoresClass {
      var counted = 0
      for row in 0..<rows where targets.base[row * targets.stride] != parameters.p0 { counted += 1 }
      divisor = Float(counted)
    }
    let scale: Float = divisor == 0 ? 0 : 1 / divisor
    kernels.pointee.loss(
      kind, parameters, outputs.base, outputs.stride, targets.base, targets.stride, weights, scale, rows,
      outputs.columns, values, gradient?.base, gradient?.stride ?? 0)
    return divisor
  }
}
