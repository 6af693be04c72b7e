import CKernels

/// A network with its buffers for batches of up to `rows` rows: made once, then run without allocating.
final class NetworkPlan {
  let arena = Arena()
  let executor: Executor
  let parameters: ParameterStore
  /// Where a batch's features go.
  let input: MatrixView
  let layers: [any LayerPlan]
  /// The layer of the network that each plan is of.
  let layerIndices: [Int]
  let output: MatrixView
  let outputGradient: MatrixView?
  let logits: MatrixView?
  let outputActivation: ck_activation
  let rows: Int
  private let hasActivityPenalty: Bool

  /// - Parameters:
  ///   - slotNames: the optimizer's, for a plan that trains; else nil.
  ///   - head: the activation which the loss looks behind, if it does.
  ///   - metrics: what will be measured of the outputs.
  init(
    _ network: Network, rows: Int, executor: Executor, slotNames: [String]?, seed: UInt64 = 0,
    head: ck_activation? = nil, metrics: [any Metric]? = nil
  ) {
    let wantsPredictions = metrics.map { !$0.isEmpty } ?? true
    let training = slotNames != nil
    self.executor = executor
    self.rows = rows
    parameters = ParameterStore(network, arena: arena, slotNames: slotNames)
    input = arena.matrix(rows: rows, columns: network.inputWidth)
    let planned = network.layers.compactMap { $0 as? any PlannedLayer }
    let last = planned.lastIndex { !$0.isIdentity(training: training) }
    var plans: [any LayerPlan] = []
    var indices: [Int] = []
    var current = input
    var gradient: MatrixView?
    var weightsBefore = false
    for (index, layer) in planned.enumerated() where !layer.isIdentity(training: training) {
      let fused = index == last && head != nil && layer.lastActivation == head
      let site = LayerSite(
        index: index, rows: rows, input: current, outputWidth: network.widths[index + 1], arena: arena,
        parameters: parameters, executor: executor, seed: seed, training: training,
        inputGradient: weightsBefore ? gradient : nil, fused: fused, wantsPredictions: wantsPredictions,
        keepsLogits: index == last && NetworkPlan.looksBehind(metrics ?? [], layer.lastActivation))
      guard let plan = layer.makePlan(site) else { continue }
      plans.append(plan)
      indices.append(index)
      current = plan.output
      gradient = plan.outputGradient
      weightsBefore = weightsBefore || !layer.parameters(inputWidth: network.widths[index]).isEmpty
    }
    layers = plans
    layerIndices = indices
    output = current
    outputGradient = gradient ?? (training ? arena.matrix(rows: rows, columns: network.outputWidth) : nil)
    logits = plans.last?.logits
    outputActivation = plans.last?.outputActivation ?? CK_LINEAR
    hasActivityPenalty = network.layers.contains {
      ($0 as? Dense)?.activityRegularizer.map { !$0.isZero } ?? false
    }
    parameters.load(network)
  }

  /// Is one of the metrics a loss that Keras computes from behind this activation?
  private static func looksBehind(_ metrics: [any Metric], _ activation: ck_activation) -> Bool {
    metrics.contains { ($0 as? LossMetric)?.loss.kernel.looksBehind(activation) ?? false }
  }

  func forward(rows: Int, step: UInt64) {
    for index in 0..<layers.count { layers[index].forward(rows: rows, step: step) }
  }

  /// Gradients of all weights, from `outputGradient`, with the penalties' share.
  func backward(rows: Int) {
    var next = layers.count
    while next > 0 {
      next -= 1
      layers[next].backward(rows: rows)
    }
    for index in 0..<parameters.penalties.count {
      let penalty = parameters.penalties[index]
      executor.kernels.pointee.penalty_gradient(
        penalty.values, penalty.stride, penalty.rows, penalty.columns, penalty.l1, penalty.l2,
        penalty.gradients,
        penalty.stride)
    }
  }

  /// All penalties, of activities of the rows at hand and of weights.
  func penalty(rows: Int) -> Float {
    (hasActivityPenalty ? activityPenalty(rows: rows) : 0) + weightPenalty()
  }

  func activityPenalty(rows: Int) -> Float {
    var sum: Float = 0
    for index in 0..<layers.count { sum += layers[index].penalty(rows: rows) }
    return sum
  }

  func weightPenalty() -> Float {
    var sum: Float = 0
    let kernels = executor.kernels
    for index in 0..<parameters.penalties.count {
      let penalty = parameters.penalties[index]
      if penalty.l1 != 0 {
        sum +=
          penalty.l1
          * kernels.pointee.sum_absolute(penalty.values, penalty.stride, penalty.rows, penalty.columns)
      }
      if penalty.l2 != 0 {
        sum +=
          penalty.l2
          * kernels.pointee.sum_squares(penalty.values, penalty.stride, penalty.rows, penalty.columns)
      }
    }
    return sum
  }

  /// The first layer, as the network counts, whose output is not finite.
  func firstNotFinite(rows: Int) -> Int? {
    for (plan, index) in zip(layers, layerIndices) {
      let view = plan.logits ?? plan.output
      if executor.kernels.pointee.all_finite(view.base, view.stride, rows, view.columns) == 0 { return index }
    }
    return nil
  }
}
