import CKernels

/// A network with its buffers for batches of up to `rows` rows: made once, then run without allocating.
final class NetworkPlan {
  let arena = Arena()
  let executor: Executor
  let parameters: ParameterStore
  /// Where a batch's features go.
  let input: MatrixView
  let output: MatrixView
  let outputGradient: MatrixView?
  let logits: MatrixView?
  let outputActivation: ck_activation
  let rows: Int
  let chain: Chain

  /// - Parameters:
  ///   - slotNames: the optimizer's, for a plan that trains; else nil.
  ///   - head: the activation which the loss looks behind, if it does.
  ///   - metrics: what will be measured of the outputs.
  ///   - keepsWeights: nobody will change the weights, so that they can be laid out for reading.
  init(
    _ network: Network, rows: Int, executor: Executor, slotNames: [String]?, seed: UInt64 = 0,
    head: ck_activation? = nil, metrics: [any Metric]? = nil,
    keepsWeights: Bool = false
  ) {
    let training = slotNames != nil
    self.executor = executor
    self.rows = rows
    parameters = ParameterStore(network, arena: arena, kernels: executor.kernels, slotNames: slotNames)
    input = arena.matrix(rows: rows, columns: network.inputWidth)
    let builder = ChainBuilder(
      resources: PlanResources(
        rows: rows, arena: arena, parameters: parameters, executor: executor, seed: seed, training: training,
        keepsWeights: keepsWeights),
      head: ChainBuilder.Head(
        activation: head, wantsPredictions: metrics.map { !$0.isEmpty } ?? true, metrics: metrics ?? []))
    chain = builder.chain(network.layers, path: "layers", input: input, inputGradient: nil)
    output = chain.output
    outputGradient =
      chain.outputGradient ?? (training ? arena.matrix(rows: rows, columns: network.outputWidth) : nil)
    logits = chain.layers.last?.logits
    outputActivation = chain.layers.last?.outputActivation ?? CK_LINEAR
    parameters.load(network)
  }

  func forward(rows: Int, step: UInt64) { chain.forward(rows: rows, step: step) }

  /// Gradients of all weights, from `outputGradient`, with the penalties' share.
  func backward(rows: Int) {
    chain.backward(rows: rows)
    for index in 0..<parameters.penalties.count {
      let penalty = parameters.penalties[index]
      penalty.regularizer.addGradient(penalty.tensor)
    }
  }

  /// All penalties, of activities of the rows at hand and of weights.
  func penalty(rows: Int) -> Float { activityPenalty(rows: rows) + weightPenalty() }

  func activityPenalty(rows: Int) -> Float { chain.penalty(rows: rows) }

  func weightPenalty() -> Float {
    var sum: Float = 0
    for index in 0..<parameters.penalties.count {
      let penalty = parameters.penalties[index]
      sum += penalty.regularizer.penalty(penalty.tensor)
    }
    return sum
  }

  /// The first layer, as the network counts, whose output is not finite.
  func firstNotFinite(rows: Int) -> Int? {
    for (plan, index) in zip(chain.layers, chain.layerIndices) {
      let view = plan.logits ?? plan.output
      if executor.kernels.pointee.all_finite(view.base, view.stride, rows, view.columns) == 0 { return index }
    }
    return nil
  }
}
