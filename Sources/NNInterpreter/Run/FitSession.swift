import NNData
import NNDiagnostics
import NNEngine

/// One fit under way: the engine's inputs, and what is made of its outcome.
struct FitSession {
  let model: ModelSlot
  let target: TargetPlan
  let preparation: Preprocessor
  /// As the loss counts them: with the classes' weights.
  let training: any RowSource
  /// As they came.
  private let rows: any RowSource
  let validation: (any RowSource)?
  /// Keeps what other runs on the same rows share with this one.
  private let sharedRows: [PreparedPlace]
  /// The table's rows that train, for messages; nil for all of them.
  private let tableRows: [Int]?
  private let table: Table?
  private var unusual: [PreparationWarning] = []

  /// A fit whose rows are read while it goes on.
  init(
    model: ModelSlot, target: TargetPlan, preparation: Preprocessor, training: any RowSource,
    validation: (any RowSource)?
  ) {
    self.model = model
    self.target = target
    self.preparation = preparation
    self.training = training
    rows = training
    self.validation = validation
    table = nil
    tableRows = nil
    sharedRows = []
  }

  init(
    _ stage: FitStage, model: ModelSlot, target: TargetPlan, preparation: Preprocessor, table: Table,
    rows: FitRows, validationTable: Table?, prepared: PreparedData?
  ) throws {
    self.model = model
    self.target = target
    self.preparation = preparation
    self.table = table
    tableRows = rows.training
    var shared: [PreparedPlace] = []
    func dataset(_ table: Table, _ rows: [Int]?) throws(Found) -> PreparedRows {
      let request = PreparedRows.Request(table: table, rows: rows, preparation: preparation, target: target)
      guard let place = try prepared?.place(request) else { return try request.make() }
      shared.append(place)
      return try place.rows()
    }
    let trained = try dataset(table, rows.training)
    self.rows = trained.dataset
    training = try placed(at: stage.bound.arguments.span("class_weight")) { () throws(Found) in
      try stage.weighted(trained.dataset, target, preparation)
    }
    unusual = trained.warnings
    if let validationTable {
      let watched = try dataset(
        validationTable, validationTable.rows(nil, filledIn: target.roles.targets))
      validation = watched.dataset
      unusual += watched.warnings
    } else if !rows.validation.isEmpty {
      let watched = try dataset(table, rows.validation)
      validation = watched.dataset
      unusual += watched.warnings
    } else {
      validation = nil
    }
    sharedRows = shared
  }

  mutating func run(_ stage: FitStage, _ experiment: inout Experiment, _ context: RunContext) throws {
    let arguments = stage.bound.arguments
    let replay = context.options.replay
    let taken = context.run == nil ? replay?.fit(context.fitCount + 1) : nil
    let backup = replay != nil ? nil : stage.callbacks.first { $0.product?.backupFolder != nil }
    let backupFile = backup?.product?.backupFolder.map { BackupFile(folder: $0) }
    let kept = try placed(at: backup?.span) { () throws(Found) in try backupFile?.identity() }
    let given = arguments.integer("seed").map { UInt64($0) }
    let seed =
      taken?.seed ?? given ?? context.run?.ownSeed ?? model.trained?.seed ?? kept?.seed ?? context.run?
      .drawnSeed
      ?? stage.drawnSeed
    var (network, state) = try start(seed: seed)
    context.warn(unusual, at: stage.bound.nameSpan)

    var options = try self.options(arguments, seed: seed, outputs: network.outputWidth, stage, context)
    if replay != nil { options.budgetSeconds = nil }
    options.stepLimit = taken?.steps ?? options.stepLimit
    let identity = backupFile.map { _ in
      FitIdentity(
        model: model, target: target, network: network, state: state, options: options, arguments: arguments,
        training: training, validation: validation)
    }
    let resumed = try placed(at: backup?.span) { () throws(Found) -> FitSnapshot? in
      guard let backupFile, let kept, let identity else { return nil }
      let differences = identity.differences(from: kept.json)
      if !differences.isEmpty {
        throw Found(RunProblem.backupDiffers(folder: backupFile.folder, names: differences))
      }
      return try backupFile.read(network: network, optimizer: state.optimizer)
    }
    context.fitCount += 1
    let fit = context.fitCount
    var sealing = try Sealing(
      stage, fit: fit, seed: seed, network: network, session: self, experiment.lineage, context)
    let toleratesNaN = stage.callbacks.contains { $0.product?.toleratesNaN == true }
    options.callbacks = callbacks(
      stage, experiment, network, state, seed, fit: fit, identity, toleratesNaN: toleratesNaN, context)
    if let sealing { options.callbacks.append(sealing.callback) }

    let firstEpoch = state.epochsDone
    let epochs = firstEpoch + options.epochs
    context.tell(
      .fitStarted(
        .init(
          fit: fit, seed: seed,
          seedIsDrawn: given == nil && context.run?.ownSeed == nil && model.trained == nil, epochs: epochs,
          firstEpoch: firstEpoch + 1, batch: options.batchSize, rows: training.rowCount,
          validationRows: validation?.rowCount ?? 0, parameters: network.parameterCount,
          loss: target.loss.name, notes: notes,
          resumed: resumed.flatMap { snapshot in
            backupFile.map { .init(folder: $0.folder, snapshot: snapshot) }
          }, places: places(of: stage, context))))
    warnOfEpochs(options, from: firstEpoch + 1, stage, context)

    let stepsBefore = state.stepsDone
    let observer = FitObserver(fit: fit, epochs: epochs, context: context)
    let outcome = try placed(at: stage.bound.nameSpan) { () throws(Found) in
      try train(
        &network, &state, options, observer, context.stop, resuming: resumed ?? context.run?.rung?.snapshot)
    }
    if let watched = validation as? StreamedRows { context.warn(watched.warnings, at: stage.bound.nameSpan) }
    keep(outcome, network, state, seed, fit: fit, in: &experiment)
    experiment.history?.fits.append(
      FitSummary(
        reason: Self.word(for: outcome.reason), seed: seed, epochs: state.epochsDone - firstEpoch,
        batch: options.batchSize, rows: training.rowCount,
        validationRows: validation?.rowCount ?? 0, steps: state.stepsDone - stepsBefore))
    experiment.diverged = outcome.divergence.map { diverged($0, in: experiment) }
    forgetWritten(stage, context)
    let reason = Self.word(for: outcome.reason)
    let steps = max(state.stepsDone - stepsBefore, 0)
    experiment.lineage.took(
      Lineage.Fit(seed: seed, steps: Lineage.cuts.contains(reason) ? steps : nil), fit: fit,
      isOfMany: context.run != nil, saysSeed: given != nil)
    var unsealed: Found?
    do throws(Found) {
      let isWritten =
        try sealing?.finish(
          outcome, reason: reason, steps: steps, digest: experiment.digest ?? "") ?? false
      if isWritten, let path = arguments.text("seal") { context.tell(.saved(path: path)) }
    } catch {
      unsealed = error
    }
    try tell(
      outcome, fit: fit, stepsBefore: stepsBefore, toleratesNaN: toleratesNaN, stage, experiment, context)
    if let unsealed { throw unsealed }
  }

  /// What is known here of a step that the engine has looked at.
  private func diverged(_ divergence: Divergence, in experiment: Experiment) -> Diverged {
    let rows: [Int]?
    if let table {
      rows = divergence.rows.map { row in
        table.fileRow(tableRows.map { $0.indices.contains(row) ? $0[row] : row } ?? row) + 1
      }
    } else {
      rows = experiment.data?.stream?.split == nil ? divergence.rows.map { $0 + 1 } : nil
    }
    return Diverged(
      divergence: divergence, rows: rows, path: experiment.data?.path ?? "",
      columns: preparation.featureNames, loss: target.loss.name,
      layers: experiment.model?.plan.layers.map { ($0.entry.name, $0.activation) } ?? [],
      output: target.output?.activation.name)
  }

  private func options(
    _ arguments: BoundArguments, seed: UInt64, outputs: Int, _ stage: FitStage, _ context: RunContext
  ) throws(Found) -> FitOptions {
    let metrics = try placed(at: stage.bound.nameSpan) { () throws(Found) in
      try target.metrics(model.compile, outputs: outputs)
    }
    let frequency: ValidationFrequency
    if let epochs = arguments.integers("validation_freq") {
      frequency = .epochs(Set(epochs))
    } else {
      frequency = .every(arguments.integer("validation_freq", or: 1))
    }
    return FitOptions(
      epochs: arguments.integer("epochs", or: 1), batchSize: arguments.integer("batch", or: 32),
      shuffle: arguments.boolean("shuffle"), seed: seed, stepLimit: arguments.integer("steps"),
      budgetSeconds: arguments.number("budget"),
      metrics: metrics,
      threads: context.options.threads, stepsPerEpoch: arguments.integer("steps_per_epoch"),
      validationFrequency: frequency)
  }

  private func train(
    _ network: inout Network, _ state: inout TrainingState, _ options: FitOptions, _ observer: FitObserver,
    _ stop: StopSignal, resuming snapshot: FitSnapshot?
  ) throws(Found) -> FitOutcome {
    do throws(EngineError) {
      var trainer = try Trainer(network: network, loss: Catalog.makeLoss(target.loss).loss, options: options)
      let outcome = try trainer.fit(
        training: training, validation: validation, state: &state, observer: observer, stop: stop,
        resuming: snapshot)
      network = trainer.network
      return outcome
    } catch {
      if case .callbackFailed(let reason) = error { throw Found(RunProblem.callback(reason)) }
      throw Found(RunProblem.engine(error))
    }
  }

  /// The weights and counters to start from: a new model's, or those of the last fit.
  private func start(seed: UInt64) throws(Found) -> (Network, TrainingState) {
    if let trained = model.trained { return (trained.network, trained.state) }
    if let (problem, span) = model.plan.layers.disagreement(inputWidth: preparation.featureWidth) {
      throw Found(problem, at: span)
    }
    do throws(EngineError) {
      let output = target.output.map { ($0.units, Catalog.makeActivation($0.activation)) }
      var network = try model.plan.network(inputWidth: preparation.featureWidth, output: output)
      network.initializeWeights(seed: seed)
      return (network, TrainingState(optimizer: (model.compile ?? CompileOptions()).makeOptimizer()))
    } catch {
      throw Found(RunProblem.engine(error))
    }
  }

  private func callbacks(
    _ stage: FitStage, _ experiment: Experiment, _ network: Network, _ state: TrainingState, _ seed: UInt64,
    fit: Int, _ identity: FitIdentity?, toleratesNaN: Bool, _ context: RunContext
  ) -> [any Callback] {
    let observer = context.observer
    let sources = context.sources
    let place = stage.bound.arguments.span("callbacks") ?? stage.bound.nameSpan
    let environment = CallbackEnvironment(
      fit: fit, tell: { observer?.observe($0) },
      warn: { observer?.observe(.warning($0.diagnostic(in: sources, at: place))) },
      models: ModelWriter(
        experiment: experiment,
        trained: TrainedModel(
          network: network, preprocessor: preparation, target: target, state: state, seed: seed,
          digest: "", fit: fit)),
      run: context.run.map { ($0.rowsBefore + 1, $0.settings) }, identity: identity,
      toleratesNaN: toleratesNaN)
    let isReplay = context.options.replay != nil
    var callbacks = stage.callbacks.compactMap { component, product, _ -> (any Callback)? in
      if isReplay, product?.writes != nil { return nil }
      return product?.make(environment) ?? context.options.callbacks[component.name]
    }
    if let patience = stage.bound.arguments.integer("patience") {
      callbacks.append(
        EarlyStopping(
          monitor: validation == nil ? "loss" : "val_loss", patience: patience, restoreBestWeights: true))
    }
    if let gate = context.run?.rung?.gate(after: state.epochsDone) { callbacks.append(gate) }
    return callbacks
  }

  /// Epochs of a number of steps that do not come out even with the rows, and epochs none of which is validated.
  private func warnOfEpochs(
    _ options: FitOptions, from first: Int, _ stage: FitStage, _ context: RunContext
  ) {
    if validation != nil, options.epochs > 0,
      !options.validationFrequency.includesAny(from: first, through: first - 1 + options.epochs)
    {
      context.warn(RunProblem.neverWatched, at: stage.bound.arguments.span("validation_freq"))
    }
    guard let steps = options.stepsPerEpoch else { return }
    let batches = (training.rowCount + options.batchSize - 1) / options.batchSize
    if batches % steps != 0 {
      context.warn(
        RunProblem.shortEpochs(steps: steps, batches: batches),
        at: stage.bound.arguments.span("steps_per_epoch"))
    }
  }

  private func places(of stage: FitStage, _ context: RunContext) -> [RunEvent.Place] {
    ([stage.bound.span] + stage.bound.uses).compactMap { span in
      context.sources.file(span).map { RunEvent.Place(source: $0, span: span) }
    }
  }

  /// Tables that callbacks have written are read anew.
  private func forgetWritten(_ stage: FitStage, _ context: RunContext) {
    for (_, product, _) in stage.callbacks {
      guard let path = product?.writes?.path else { continue }
      context.tables.forget(path: expandingTilde(path))
    }
  }

  /// What was decided without being said.
  private var notes: [String] {
    var notes: [String] = []
    if let output = target.output {
      notes.append("output: dense \(output.units) \(output.activation.name)")
      if let note = target.classNote { notes.append(note) }
    }
    return notes + preparation.notes
  }

  private func keep(
    _ outcome: FitOutcome, _ network: Network, _ state: TrainingState, _ seed: UInt64, fit: Int,
    in experiment: inout Experiment
  ) {
    experiment.keep(
      TrainedModel(
        network: network, preprocessor: preparation, target: target, state: state, seed: seed,
        digest: network.digest, fit: fit, reading: model.trained?.reading ?? experiment.data?.options),
      records: outcome.records, keptEpoch: outcome.keptEpoch)
    let kept = outcome.records.first { $0.epoch == outcome.keptEpoch } ?? outcome.records.last
    experiment.metrics = []
    experiment.setMetrics(prefix: nil, kept?.values.map { ($0.name, $0.value) } ?? [])
  }

  /// Why a fit ended, as events and histories have it.
  private static func word(for reason: StopReason) -> String {
    switch reason {
    case .epochs: "epochs"
    case .earlyStopping: "early_stopping"
    case .budget: "budget"
    case .steps: "steps"
    case .interrupted: "interrupted"
    case .nonFinite: "nan"
    case .rowsFailed: "rows"
    case .callbackFailed: "callback"
    }
  }

  private func tell(
    _ outcome: FitOutcome, fit: Int, stepsBefore: Int, toleratesNaN: Bool, _ stage: FitStage,
    _ experiment: Experiment, _ context: RunContext
  ) throws {
    guard let trained = experiment.model?.trained else { return }
    let reason = Self.word(for: outcome.reason)
    var failure: (problem: RunProblem, span: Span?)?
    var isFinite = true
    switch outcome.reason {
    case .epochs, .earlyStopping, .budget, .steps, .interrupted: break
    case .nonFinite(let epoch, let step, let layer):
      isFinite = false
      failure = (
        toleratesNaN
          ? .terminated(epoch: epoch, step: step, layer: layer, experiment.diverged)
          : .diverged(epoch: epoch, step: step, layer: layer, experiment.diverged), stage.bound.nameSpan
      )
    case .rowsFailed(let error):
      failure = (.rowsLost(error), stage.bound.nameSpan)
    case .callbackFailed(let callback, let text):
      let callbacks = stage.callbacks
      failure = (
        .callback(text),
        callbacks.indices.contains(callback) ? callbacks[callback].span : stage.bound.nameSpan
      )
    }
    let kept = experiment.metrics.compactMap { name, value in value.map { (name: name, value: $0) } }
    context.tell(
      .fitStopped(
        .init(
          fit: fit, reason: reason, epoch: trained.state.epochsDone,
          steps: max(trained.state.stepsDone - stepsBefore, 0),
          bestEpoch: outcome.bestEpoch, restored: outcome.restored, seconds: outcome.seconds,
          digest: trained.digest, kept: kept,
          baseline: isFinite && reason != "interrupted" && !outcome.records.isEmpty && context.run == nil
            ? Baseline(target: target, training: rows, validation: validation).compared(
              with: trained.network, threads: context.options.threads) : nil)))
    guard let failure else { return }
    if failure.problem.severity == .warning {
      context.warn(failure.problem, at: failure.span)
    } else {
      throw Found(failure.problem, at: failure.span)
    }
  }
}

extension RunEvent.Resumed {
  fileprivate init(folder: String, snapshot: FitSnapshot) {
    let pass = snapshot.state.openPass
    self.init(
      folder: folder, epoch: snapshot.state.epochsDone, step: pass.map { $0.step - $0.epochStart } ?? 0)
  }
}
