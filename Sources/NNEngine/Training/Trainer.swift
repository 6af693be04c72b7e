/// Fits a network to data.
///
/// From the same weights, data, options and state the result is the same, bit for bit, whatever the number of threads and
/// whichever variant of the kernels runs; a fit of five epochs and one of five more are a fit of ten.
public struct Trainer: Sendable {
  /// The network with the weights that are kept: the last ones, or the best if a callback puts them back.
  public private(set) var network: Network
  let loss: any Loss
  let options: FitOptions

  /// Throws if an option makes no sense.
  public init(network: Network, loss: any Loss, options: FitOptions) throws(EngineError) {
    try loss.check()
    try options.check()
    self.network = network
    self.loss = loss
    self.options = options
  }

  /// Trains for `options.epochs` epochs more, or until something stops it. A network without weights gets them from
  /// `options.seed` first.
  ///
  /// - Parameters:
  ///   - training: rows to train on, held or read a window at a time.
  ///   - validation: rows to evaluate after each epoch.
  ///   - state: where an earlier fit got to; afterwards, where this one did.
  ///   - stop: polled after each step, and within long ones: the step in flight is then given up, and the weights are those of
  ///     the step before.
  ///   - snapshot: where this very fit, begun before, got to: it goes on from there, with what its callbacks remembered.
  ///     `state` and the network are still those that the fit was begun with.
  public mutating func fit(
    training: any RowSource, validation: (any RowSource)? = nil, state: inout TrainingState,
    observer: (any TrainingObserver)? = nil, stop: StopSignal? = nil,
    resuming snapshot: FitSnapshot? = nil
  ) throws(EngineError) -> FitOutcome {
    try state.check()
    try snapshot?.state.check()
    try training.check(network, loss: loss, what: "training")
    try validation?.check(network, loss: loss, what: "validation")
    try Accumulators.check(options.metrics, network, targetWidth: training.shape.targets)
    if let validation {
      try Accumulators.check(options.metrics, network, targetWidth: validation.shape.targets)
    }
    let rows = min(options.batchSize, training.rowCount)
    let floats =
      NetworkPlan.floats(network, rows: rows, slots: state.optimizer.slotNames.count)
      + Double(OptimizerPlan.scratchCount(state.optimizer, network))
      + (validation.map { Evaluator.floats(network, $0) } ?? 0)
    try checkMemory(
      floats: floats, "a network of \(network.parameterCount) weights with batches of \(rows) rows")
    let kernels = try InstructionSet.resolve(options.instructionSet)
    if !network.hasWeights { network.initializeWeights(seed: options.seed) }
    let run = try FitRun(
      network: network, loss: loss, options: options, training: training, validation: validation,
      state: state, snapshot: snapshot,
      executor: Executor(
        kernels: kernels, threads: options.threads ?? machineThreads, grain: options.grain,
        // Where ranks take a step together, none gives it up alone.
        stop: (options.ranks?.count ?? 1) > 1 ? nil : stop))
    let outcome = run.run(observer: observer, stop: stop)
    network = run.network
    state = run.state
    return outcome
  }
}
