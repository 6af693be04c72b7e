import NNData
import NNDiagnostics
import NNEngine

extension FitStage {
  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    let arguments = bound.arguments
    if let path = arguments.text("path") {
      experiment.data = try placed(at: arguments.span("path")) { () throws(Found) in
        try experiment.dataLike(path, context.tables, needsTargets: true)
      }
    }
    guard let model = experiment.model else { throw Found(FlowProblem.needsModel("fit"), at: bound.nameSpan) }
    guard let data = experiment.data, let table = data.table else {
      throw Found(FlowProblem.needsData("fit"), at: bound.nameSpan)
    }
    let target = try placed(at: bound.nameSpan) { () throws(Found) -> TargetPlan in
      if let trained = model.trained { return trained.target }
      return try TargetResolver(table: table, declared: data.roles, plan: model.plan, compile: model.compile)
        .resolve()
    }
    experiment.announceData(to: context, force: true, target: target)
    try placed(at: bound.nameSpan) { () throws(Found) -> Void in
      if model.trained == nil { try requireFilled(table, target.roles.features, steps: experiment.steps) }
    }
    let rows = try trainingRows(data, table)
    let preparation = try prepare(experiment, model, table, rows.training, target, context)
    var session = try FitSession(
      model: model, target: target, preparation: preparation, table: table, rows: rows,
      validationTable: try validationTable(experiment, context))
    try session.run(self, &experiment, context)
  }

  /// The rows to train on and, if they come from the same table, those to watch; nil stands for all of them.
  private func trainingRows(_ data: DataSlot, _ table: Table) throws -> FitRows {
    var training = data.split?.training
    var validation = data.split?.validation ?? []
    let fraction = bound.arguments.number("validation_split", or: 0)
    if fraction > 0 {
      let all = training ?? Array(0..<table.rowCount)
      // Keras: the first ⌊n·(1 − p)⌋ rows train, the others are watched.
      let cut = Int((Double(all.count) * (1 - fraction)).rounded(.down))
      training = Array(all[..<cut])
      validation = Array(all[cut...])
    }
    if training?.isEmpty ?? (table.rowCount == 0) {
      throw Found(RunProblem.noRows(stage: "fit", part: "the training part"), at: bound.nameSpan)
    }
    return FitRows(training: training, validation: validation)
  }

  private func validationTable(_ experiment: Experiment, _ context: RunContext) throws -> Table? {
    guard let path = bound.arguments.text("validation_data") else { return nil }
    return try placed(at: bound.arguments.span("validation_data")) { () throws(Found) in
      try experiment.dataLike(path, context.tables, needsTargets: true).table
    }
  }

  /// The model's preparation: learned now at the first fit, kept at later ones.
  private func prepare(
    _ experiment: Experiment, _ model: ModelSlot, _ table: Table, _ rows: [Int]?, _ target: TargetPlan,
    _ context: RunContext
  ) throws -> Preprocessor {
    if let trained = model.trained { return trained.preprocessor }
    let preprocessor: Preprocessor
    do {
      preprocessor = try Preprocessor.fit(
        steps: experiment.steps.map(\.step), table: table, rows: rows, roles: target.roles,
        targetKind: target.kind)
    } catch {
      throw Found(error.problem, at: bound.nameSpan)
    }
    for warning in preprocessor.scaleWarnings {
      context.warn(DataProblem.scales(warning), at: bound.nameSpan)
    }
    if let width = model.plan.inputWidth, width != preprocessor.featureWidth {
      throw Found(
        FlowProblem.inputDisagrees(
          model: width, data: preprocessor.featureWidth, features: preprocessor.featureNames),
        at: model.plan.inputSpan ?? bound.nameSpan)
    }
    return preprocessor
  }
}

/// Rows of one table.
struct FitRows {
  /// nil for all of them.
  var training: [Int]?
  var validation: [Int]
}

/// One fit under way: the engine's inputs, and what is made of its outcome.
private struct FitSession {
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
    let metrics = (model.compile?.metrics ?? []).compactMap { Catalog.makeMetric($0)?(target.lossTarget) }
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

    let observer = FitObserver(fit: fit, epochs: firstEpoch + epochs, context: context)
    let outcome = try placed(at: stage.bound.nameSpan) { () throws(Found) in
      try train(&network, &state, options, observer, context.stop)
    }
    keep(outcome, network, state, seed, in: &experiment)
    try tell(outcome, fit: fit, metrics: metrics, stage, experiment, context)
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
    _ outcome: FitOutcome, _ network: Network, _ state: TrainingState, _ seed: UInt64,
    in experiment: inout Experiment
  ) {
    var history = experiment.history ?? History()
    for record in outcome.records { history.append(History.Epoch(record)) }
    history.keptEpoch = outcome.keptEpoch
    experiment.history = history
    experiment.model?.training = .ready(
      TrainedModel(
        network: network, preprocessor: preparation, target: target, state: state, seed: seed,
        digest: network.digest))
    let kept = outcome.records.first { $0.epoch == outcome.keptEpoch } ?? outcome.records.last
    experiment.metrics = []
    experiment.setMetrics(prefix: nil, kept?.values.map { ($0.name, $0.value) } ?? [])
  }

  private func tell(
    _ outcome: FitOutcome, fit: Int, metrics: [any Metric], _ stage: FitStage, _ experiment: Experiment,
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
          fit: fit, reason: reason, epoch: trained.state.epochsDone, steps: trained.state.stepsDone,
          bestEpoch: outcome.bestEpoch, restored: outcome.restored, seconds: outcome.seconds,
          digest: trained.digest, kept: kept,
          baseline: divergence == nil && !outcome.records.isEmpty
            ? baseline(trained, threads: context.options.threads) : nil)))
    if let divergence { throw Found(divergence, at: stage.bound.nameSpan) }
  }

  /// How the model compares with always giving the training rows' mean, or their commonest class.
  private func baseline(_ trained: TrainedModel, threads: Int?) -> RunEvent.Baseline? {
    let rows = validation ?? training
    let loss = Catalog.makeLoss(target.loss).loss
    let isClass = target.kind != .numeric
    let means = columnMeans(training.targets)
    let constant: [Float]
    var metrics: [any Metric] = []
    if isClass {
      guard let accuracy = Catalog.makeMetric(Component(kind: .metric, name: "accuracy"))?(target.lossTarget)
      else { return nil }
      metrics = [accuracy]
      constant = commonestClass(outputs: trained.network.outputWidth)
    } else {
      constant = means
    }
    do {
      var dull = try Network(
        inputWidth: rows.features.columns, layers: [Dense(units: constant.count, activation: Linear())])
      dull.initializeWeights(seed: 0)
      try dull.setParameter(
        name: "layers.0.kernel", shape: [rows.features.columns, constant.count],
        values: [Float](repeating: 0, count: rows.features.columns * constant.count))
      try dull.setParameter(name: "layers.0.bias", shape: [constant.count], values: constant)
      let measure = isClass ? "accuracy" : "loss"
      let own = try evaluate(trained.network, on: rows, loss: loss, metrics: metrics, threads: threads)
      let other = try evaluate(dull, on: rows, loss: loss, metrics: metrics, threads: threads)
      guard let ownValue = own.first(where: { $0.name == measure })?.value,
        let otherValue = other.first(where: { $0.name == measure })?.value
      else { return nil }
      return RunEvent.Baseline(
        rows: validation == nil ? "training" : "validation",
        predictor: isClass ? "always the commonest class" : "predicting the mean", measure: measure,
        model: ownValue, value: otherValue)
    } catch {
      // A comparison that cannot be made is left out; the fit itself went well.
      return nil
    }
  }

  /// Outputs that name the training rows' commonest class.
  private func commonestClass(outputs: Int) -> [Float] {
    let means = columnMeans(training.targets)
    if target.form == .oneHot {
      let best = means.indices.max { means[$0] < means[$1] } ?? 0
      return means.indices.map { $0 == best ? 1 : 0 }
    }
    var counts: [Float: Int] = [:]
    for value in training.targets.values { counts[value, default: 0] += 1 }
    let best = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? 0
    if outputs == 1 { return [best] }
    return (0..<outputs).map { Float($0) == best ? 1 : 0 }
  }

  private func columnMeans(_ matrix: Matrix) -> [Float] {
    guard matrix.rows > 0, matrix.columns > 0 else { return [] }
    var sums = [Double](repeating: 0, count: matrix.columns)
    for row in 0..<matrix.rows {
      for column in 0..<matrix.columns {
        sums[column] += Double(matrix.values[row * matrix.columns + column])
      }
    }
    return sums.map { Float($0 / Double(matrix.rows)) }
  }
}

/// Hands the engine's progress on as events.
private struct FitObserver: TrainingObserver {
  let fit: Int
  let epochs: Int
  let context: RunContext

  func epochEnded(_ record: EpochRecord) {
    context.tell(.epoch(.init(fit: fit, epochs: epochs, record: History.Epoch(record))))
  }

  func stepEnded(epoch: Int, step: Int, stepsPerEpoch: Int, runningLoss: Double) {
    context.tell(
      .step(
        .init(
          fit: fit, epoch: epoch, epochs: epochs, step: step, stepsPerEpoch: stepsPerEpoch, loss: runningLoss)
      ))
  }
}

extension History.Epoch {
  init(_ record: EpochRecord) {
    self.init(
      number: record.epoch, values: record.values.map { ($0.name, $0.value) },
      learningRate: record.learningRate, seconds: record.seconds,
      isPartial: record.isPartial)
  }
}
