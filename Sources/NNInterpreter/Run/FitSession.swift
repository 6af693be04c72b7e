import NNData
import NNDiagnostics
import NNEngine

/// One fit under way: the engine's inputs, and what is made of its outcome.
struct FitSession {
  let model: ModelSlot
  let target: TargetPlan
  let preparation: Preprocessor
  let training: Dataset
  let validation: Dataset?
  private var unusual: [PreparationWarning] = []

  init(
    model: ModelSlot, target: TargetPlan, preparation: Preprocessor, table: Table, rows: FitRows,
    validationTable: Table?
  ) throws {
    self.model = model
    self.target = target
    self.preparation = preparation
    let trained = try preparation.dataset(table, rows: rows.training, target)
    training = trained.dataset
    unusual = trained.warnings
    if let validationTable {
      let watched = try preparation.dataset(validationTable, rows: nil, target)
      validation = watched.dataset
      unusual += watched.warnings
    } else if !rows.validation.isEmpty {
      let watched = try preparation.dataset(table, rows: rows.validation, target)
      validation = watched.dataset
      unusual += watched.warnings
    } else {
      validation = nil
    }
  }

  mutating func run(_ stage: FitStage, _ experiment: inout Experiment, _ context: RunContext) throws {
    let arguments = stage.bound.arguments
    let given = arguments.integer("seed").map { UInt64($0) }
    let seed = given ?? model.trained?.seed ?? stage.drawnSeed
    var (network, state) = try start(seed: seed)
    context.warn(unusual, at: stage.bound.nameSpan)

    let epochs = arguments.integer("epochs", or: 1)
    let metrics = try placed(at: stage.bound.nameSpan) { () throws(Found) in
      try target.metrics(model.compile, outputs: network.outputWidth)
    }
    let options = FitOptions(
      epochs: epochs, batchSize: arguments.integer("batch", or: 32), shuffle: arguments.boolean("shuffle"),
      seed: seed, stepLimit: arguments.integer("steps"), budgetSeconds: arguments.number("budget"),
      callbacks: callbacks(arguments), metrics: metrics, threads: context.options.threads)
    let firstEpoch = state.epochsDone
    context.fitCount += 1
    let fit = context.fitCount
    context.tell(
      .fitStarted(
        .init(
          fit: fit, seed: seed, seedIsDrawn: given == nil && model.trained == nil,
          epochs: firstEpoch + epochs,
          firstEpoch: firstEpoch + 1, batch: options.batchSize, rows: training.features.rows,
          validationRows: validation?.features.rows ?? 0, parameters: network.parameterCount,
          loss: target.loss.name, notes: notes)))

    let stepsBefore = state.stepsDone
    let observer = FitObserver(fit: fit, epochs: firstEpoch + epochs, context: context)
    let outcome = try placed(at: stage.bound.nameSpan) { () throws(Found) in
      try train(&network, &state, options, observer, context.stop)
    }
    keep(outcome, network, state, seed, fit: fit, in: &experiment)
    try tell(outcome, fit: fit, stepsBefore: stepsBefore, stage, experiment, context)
  }

  private func train(
    _ network: inout Network, _ state: inout TrainingState, _ options: FitOptions, _ observer: FitObserver,
    _ stop: StopSignal
  ) throws(Found) -> FitOutcome {
    do throws(EngineError) {
      var trainer = try Trainer(network: network, loss: Catalog.makeLoss(target.loss).loss, options: options)
      let outcome = try trainer.fit(
        training: training, validation: validation, state: &state, observer: observer, stop: stop)
      network = trainer.network
      return outcome
    } catch {
      throw Found(RunProblem.engine(error))
    }
  }

  /// The weights and counters to start from: a new model's, or those of the last fit.
  private func start(seed: UInt64) throws(Found) -> (Network, TrainingState) {
    if let trained = model.trained { return (trained.network, trained.state) }
    do throws(EngineError) {
      let output = target.output.map { ($0.units, Catalog.makeActivation($0.activation)) }
      var network = try model.plan.network(inputWidth: preparation.featureWidth, output: output)
      network.initializeWeights(seed: seed)
      return (network, TrainingState(optimizer: (model.compile ?? CompileOptions()).makeOptimizer()))
    } catch {
      throw Found(RunProblem.engine(error))
    }
  }

  private func callbacks(_ arguments: BoundArguments) -> [any Callback] {
    var callbacks = (arguments.list("callbacks") ?? []).compactMap { entry -> (any Callback)? in
      if case .component(let component) = entry.value { Catalog.makeCallback(component) } else { nil }
    }
    if let patience = arguments.integer("patience") {
      callbacks.append(
        EarlyStopping(
          monitor: validation == nil ? "loss" : "val_loss", patience: patience, restoreBestWeights: true))
    }
    return callbacks
  }

  /// What was decided without being said.
  private var notes: [String] {
    var notes: [String] = []
    if let output = target.output {
      notes.append("output: dense \(output.units) \(output.activation.name)")
      if let note = target.classNote { notes.append(note) }
    }
    let encoded = preparation.oneHotColumns
    if !encoded.isEmpty { notes.append("one-hot: \(encoded.joined(separator: ", "))") }
    return notes
  }

  private func keep(
    _ outcome: FitOutcome, _ network: Network, _ state: TrainingState, _ seed: UInt64, fit: Int,
    in experiment: inout Experiment
  ) {
    var history = experiment.history ?? History()
    for record in outcome.records { history.append(record) }
    history.keptEpoch = outcome.keptEpoch
    experiment.history = history
    experiment.model?.training = .ready(
      TrainedModel(
        network: network, preprocessor: preparation, target: target, state: state, seed: seed,
        digest: network.digest, fit: fit))
    let kept = outcome.records.first { $0.epoch == outcome.keptEpoch } ?? outcome.records.last
    experiment.metrics = []
    experiment.setMetrics(prefix: nil, kept?.values.map { ($0.name, $0.value) } ?? [])
  }

  private func tell(
    _ outcome: FitOutcome, fit: Int, stepsBefore: Int, _ stage: FitStage, _ experiment: Experiment,
    _ context: RunContext
  ) throws {
    guard let trained = experiment.model?.trained else { return }
    var reason: String
    var divergence: RunProblem?
    switch outcome.reason {
    case .epochs: reason = "epochs"
    case .earlyStopping: reason = "early_stopping"
    case .budget: reason = "budget"
    case .steps: reason = "steps"
    case .interrupted: reason = "interrupted"
    case .nonFinite(let epoch, let step, let layer):
      reason = "nan"
      divergence = .diverged(epoch: epoch, step: step, layer: layer, measure: "loss")
    }
    let kept = experiment.metrics.compactMap { name, value in value.map { (name: name, value: $0) } }
    context.tell(
      .fitStopped(
        .init(
          fit: fit, reason: reason, epoch: trained.state.epochsDone,
          steps: max(trained.state.stepsDone - stepsBefore, 0),
          bestEpoch: outcome.bestEpoch, restored: outcome.restored, seconds: outcome.seconds,
          digest: trained.digest, kept: kept,
          baseline: divergence == nil && !outcome.records.isEmpty
            ? Baseline(target: target, training: training, validation: validation).compared(
              with: trained.network, threads: context.options.threads) : nil)))
    if let divergence { throw Found(divergence, at: stage.bound.nameSpan) }
  }
}

/// Hands the engine's progress on as events.
private struct FitObserver: TrainingObserver {
  let fit: Int
  let epochs: Int
  let context: RunContext

  func epochEnded(_ record: EpochRecord) {
    context.tell(.epoch(.init(fit: fit, epochs: epochs, record: record)))
  }

  func stepEnded(epoch: Int, step: Int, stepsPerEpoch: Int, runningLoss: Double) {
    context.tell(
      .step(
        .init(
          fit: fit, epoch: epoch, epochs: epochs, step: step, stepsPerEpoch: stepsPerEpoch, loss: runningLoss)
      ))
  }
}
