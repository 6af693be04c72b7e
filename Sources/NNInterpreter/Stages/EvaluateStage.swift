import NNData
import NNDiagnostics
import NNEngine

/// `evaluate [FILE]`: the loss and the metrics on rows that did not train.
struct EvaluateStage: Stage {
  static let declaration = StageDeclaration(
    "evaluate", "measures the model on the test part, or on a file",
    options: [OptionDeclaration("path", .text("a file"), positional: true, "rows to measure on instead")],
    needs: [.weights])

  private let bound: BoundStage

  var files: StageFiles { StageFiles(reads: [bound.arguments.text("path")]) }

  init(_ bound: BoundStage) { self.bound = bound }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    checkRows(bound, of: "evaluate", needsTargets: true, experiment, context)
    context.compilations.use(experiment.model?.compile?.span)
    let names = ["loss"] + (experiment.model?.compile?.metrics.map(\.name) ?? [])
    experiment.setMetrics(prefix: "test_", names.map { ($0, nil) })
  }

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    guard let model = experiment.model, let trained = model.trained else {
      throw Found(FlowProblem.needsWeights("evaluate"))
    }
    let rows = try ChosenRows(bound, of: "evaluate", needsTargets: true, experiment, context)
    experiment.announceData(to: context, force: true, target: trained.target)
    let metrics = try placed(at: bound.nameSpan) { () throws(Found) in
      try trained.target.metrics(
        model.compile, outputs: trained.network.outputWidth, decision: trained.decisionOutput)
    }
    let values: [(name: String, value: Double)]
    do {
      let (dataset, warnings) = try trained.preprocessor.dataset(
        rows.table, rows: rows.indices, trained.target)
      context.warn(warnings, at: bound.nameSpan)
      values = try NNEngine.evaluate(
        trained.network, on: dataset, loss: Catalog.makeLoss(trained.target.loss).loss, metrics: metrics,
        threads: context.options.threads)
    } catch let error as EngineError {
      throw Found(RunProblem.engine(error))
    }
    let named = values.map { (name: "test_" + $0.name, value: $0.value) }
    experiment.setMetrics(prefix: nil, named.map { ($0.name, $0.value) })
    context.tell(
      .evaluated(.init(fit: trained.fit, values: named, rows: rows.count, place: rows.place)))
  }
}

/// The rows that `evaluate`, `confusion` and `predict` work on: a file's, or the test part, else the validation part, else all.
struct ChosenRows {
  let table: Table
  /// nil for all of them.
  let indices: [Int]?
  /// In words: `the test part of iris.csv`.
  let place: String
  /// They are all there are, those that trained the model among them.
  let includesTraining: Bool

  var count: Int { indices?.count ?? table.rowCount }

  init(
    _ bound: BoundStage, of stage: String, needsTargets: Bool, _ experiment: Experiment, _ context: RunContext
  ) throws(Found) {
    let chosen = try Self.choose(bound, of: stage, needsTargets: needsTargets, experiment, context)
    table = chosen.table
    place = chosen.place
    includesTraining =
      chosen.indices == nil && !bound.arguments.isGiven("path") && experiment.model?.trained?.fit != nil
    guard needsTargets, let targets = experiment.model?.trained?.target.roles.targets else {
      indices = chosen.indices
      return
    }
    indices = table.rows(chosen.indices, filledIn: targets)
    let missing = (chosen.indices?.count ?? table.rowCount) - (indices?.count ?? table.rowCount)
    guard missing > 0 else { return }
    if indices?.isEmpty == true {
      throw Found(RunProblem.noRows(stage: stage, part: "the target of \(place)"), at: bound.nameSpan)
    }
    context.warn(DataProblem.withoutTarget(targets, rows: missing), at: bound.nameSpan)
  }

  private static func choose(
    _ bound: BoundStage, of stage: String, needsTargets: Bool, _ experiment: Experiment, _ context: RunContext
  ) throws(Found) -> (table: Table, indices: [Int]?, place: String) {
    if let path = bound.arguments.text("path") {
      let slot = try placed(at: bound.arguments.span("path")) { () throws(Found) in
        try experiment.dataLike(path, context.tables, needsTargets: needsTargets)
      }
      guard let table = slot.table else { throw Found(FlowProblem.needsData(stage), at: bound.nameSpan) }
      return (table, nil, path == "-" ? "standard input" : path)
    }
    guard let data = experiment.data, let table = data.table else {
      throw Found(FlowProblem.needsData(stage), at: bound.nameSpan)
    }
    if let test = data.split?.test, !test.isEmpty { return (table, test, "the test part of \(data.path)") }
    if let validation = data.split?.validation, !validation.isEmpty {
      return (table, validation, "the validation part of \(data.path)")
    }
    return (table, nil, "all of \(data.path), training rows included")
  }
}

/// The checks that `evaluate`, `confusion` and `predict` share: the file can be opened and has the columns.
func checkRows(
  _ bound: BoundStage, of stage: String, needsTargets: Bool, _ experiment: Experiment,
  _ context: CheckContext
) {
  if let path = bound.arguments.text("path") {
    guard !context.isDeferred(path) else { return }
    _ = context.attempt(at: bound.arguments.span("path")) { () throws(Found) in
      try experiment.dataLike(path, context.tables, needsTargets: needsTargets)
    }
  } else if let table = experiment.data?.table, let target = experiment.model?.target {
    _ = context.attempt(at: bound.nameSpan) { () throws(Found) in
      try requireColumns(target.roles.features + (needsTargets ? target.roles.targets : []), of: table)
    }
  } else if experiment.data == nil, !experiment.isUncertain, !bound.isBroken {
    context.report(FlowProblem.needsData(stage), at: bound.nameSpan)
  }
}
