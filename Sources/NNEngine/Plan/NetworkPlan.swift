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
  /// How batches are cut, where they are.
  let cut: ShardCut?
  /// Where they are cut over ranks.
  let exchange: (any StepExchange)?
  /// The same, where the ranks have one and the same weights, which it moves.
  let sharedStep: SharedStep?

  /// - Parameters:
  ///   - slotNames: the optimizer's, for a plan that trains; else nil.
  ///   - head: the activation which the loss looks behind, if it does.
  ///   - metrics: what will be measured of the outputs.
  ///   - keepsWeights: nobody will change the weights, so that they can be laid out for reading.
  ///   - sharding: how batches are cut, where they are; `rows` are then the most that are here.
  init(
    _ network: Network, rows: Int, executor: Executor, slotNames: [String]?, seed: UInt64 = 0,
    head: ck_activation? = nil, metrics: [any Metric]? = nil,
    keepsWeights: Bool = false, sharding: Sharding? = nil
  ) {
    let training = slotNames != nil
    self.executor = executor
    self.rows = rows
    let parameters = ParameterStore(
      network, arena: arena, kernels: executor.kernels, slotNames: slotNames, sharding: sharding)
    self.parameters = parameters
    input = arena.matrix(rows: rows, columns: network.inputWidth)
    var resources = PlanResources(
      rows: rows, arena: arena, parameters: parameters, executor: executor, seed: seed, training: training,
      keepsWeights: keepsWeights)
    let sharedStep = parameters.shared.map { SharedStep($0, store: parameters, executor: executor) }
    self.sharedStep = parameters.shared?.values == nil ? nil : sharedStep
    if let sharding {
      let cut = ShardCut(
        shards: sharding.shards, ranks: sharding.ranks, widest: parameters.widestSums, arena: arena)
      resources.shards = cut
      if cut.count > 1 { resources.shardedProduct = ShardedProduct(executor, cut, arena: arena) }
      exchange =
        sharedStep
        ?? cut.ranks.flatMap { ranks in
          cut.sum.map { GradientExchange(ranks, sum: $0, store: parameters) }
        }
    } else {
      exchange = nil
    }
    cut = resources.shards
    let builder = ChainBuilder(
      resources: resources,
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

  deinit { exchange?.close() }

  /// Seconds that steps have waited for other ranks, or for sums under way.
  var waited: Double { (cut?.sum?.seconds ?? 0) + (exchange?.waited ?? 0) }

  func forward(rows: Int, step: UInt64) { chain.forward(rows: rows, step: step) }

  /// Gradients of all weights, from `outputGradient`, with the penalties' share. Of a batch that is cut over ranks, each does it for
  /// the rows that are here, and the gradients are the whole batch's.
  func backward(rows: Int) {
    chain.backward(rows: rows, exchange: exchange)
    exchange?.finish()
    for index in 0..<parameters.penalties.count {
      let penalty = parameters.penalties[index]
      penalty.regularizer.addGradient(penalty.tensor)
    }
  }

  /// All penalties, of activities of the rows at hand and of weights.
  func penalty(rows: Int) -> Float { activityPenalty(0..<rows, of: rows) + weightPenalty() }

  /// The share that some rows have in the penalty on activities, a mean over a batch.
  func activityPenalty(_ rows: Range<Int>, of batch: Int) -> Float { chain.penalty(rows, of: batch) }

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
    // Of those that ranks found, the first: each says so of every layer.
    var found = chain.layers.map { plan -> Double in
      let view = plan.logits ?? plan.output
      return executor.kernels.pointee.all_finite(view.base, view.stride, rows, view.columns) == 0 ? 1 : 0
    }
    found.withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { cut?.sum?.add(base, buffer.count) }
    }
    return zip(found, chain.layerIndices).first { $0.0 > 0 }?.1
  }
}
