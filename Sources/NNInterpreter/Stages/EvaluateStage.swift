import NNData
import NNDiagnostics
import NNEngine

/// `evaluate [FILE]`: the loss and the metrics on rows that did not train.
struct EvaluateStage: Stage {
  static let declaration = StageDeclaration(
    "evaluate", "measures the model on the test part, or on a file",
    options: [OptionDeclaration("path", .text("a file"), positional: true, "rows to measure on instead")],
    needs: [.weights], streams: true)

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
    let rows = try ChosenRows(
      bound, of: "evaluate", needsTargets: true, canStream: true, experiment, context)
    experiment.announceData(to: context, force: true, target: trained.target)
    let metrics = try placed(at: bound.nameSpan) { () throws(Found) in
      try trained.target.metrics(
        model.compile, outputs: trained.network.outputWidth, decision: trained.decisionOutput)
    }
    let values: [(name: String, value: Double)]
    do {
      let source: any RowSource
      if let streamed = rows.streamed {
        source = try StreamedRows(
          streamed.rows, trained.preprocessor, trained.target, memory: streamed.memory)
      } else {
        let (dataset, warnings) = try trained.preprocessor.dataset(
          rows.table, rows: rows.indices, trained.target)
        context.warn(warnings, at: bound.nameSpan)
        source = dataset
      }
      values = try NNEngine.evaluate(
        trained.network, on: source, loss: Catalog.makeLoss(trained.target.loss).loss, metrics: metrics,
        threads: context.options.threads)
      if let source = source as? StreamedRows { context.warn(source.warnings, at: bound.nameSpan) }
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
  /// Where rows are read while they are used, only their first.
  let table: Table
  /// nil for all of them.
  let indices: [Int]?
  /// The rows of a table that streams, and how many bytes of them may be held.
  let streamed: (rows: StoredRows, memory: Int)?
  /// In words: `the test part of iris.csv`.
  let place: String
  /// They are all there are, those that trained the model among them.
  let includesTraining: Bool

  var count: Int { streamed?.rows.count ?? indices?.count ?? table.rowCount }

  /// - Parameter canStream: whether the stage works on rows that are read while they are used.
  init(
    _ bound: BoundStage, of stage: String, needsTargets: Bool, canStream: Bool = false,
    _ experiment: Experiment, _ context: RunContext
  ) throws(Found) {
    var slot = experiment.data
    var isWhole = false
    if let path = bound.arguments.text("path") {
      slot = try placed(at: bound.arguments.span("path")) { () throws(Found) in
        try experiment.dataLike(path, context.tables, needsTargets: needsTargets)
      }
      isWhole = true
    }
    guard let slot, let table = slot.table else {
      throw Found(FlowProblem.needsData(stage), at: bound.nameSpan)
    }
    self.table = table
    if slot.stream != nil, !canStream { throw Found(FlowProblem.notStreamed(stage), at: bound.nameSpan) }
    let part = isWhole ? nil : slot.measuredPart
    includesTraining = part == nil && !isWhole && experiment.model?.trained?.fit != nil
    place =
      isWhole
      ? (slot.path == "-" ? "standard input" : slot.path)
      : part.map { "the \($0 == .test ? "test" : "validation") part of \(slot.path)" }
        ?? "all of \(slot.path), training rows included"
    let targets = needsTargets ? experiment.model?.trained?.target.roles.targets : nil
    let all: Int
    if let stream = slot.stream {
      let rows = part.map { StoredRows(stream.table, part: $0, of: stream.split) } ?? StoredRows(stream.table)
      all = rows.count
      indices = nil
      do {
        streamed = (try targets.map(rows.filled) ?? rows, stream.memory)
      } catch {
        throw Found(error.problem, at: bound.nameSpan)
      }
    } else {
      let rows = part == .test ? slot.split?.test : part == .validation ? slot.split?.validation : nil
      all = rows?.count ?? table.rowCount
      indices = targets.map { table.rows(rows, filledIn: $0) } ?? rows
      streamed = nil
    }
    let missing = all - count
    guard let targets, missing > 0 else { return }
    if count == 0 {
      throw Found(RunProblem.noRows(stage: stage, part: "the target of \(place)"), at: bound.nameSpan)
    }
    context.warn(DataProblem.withoutTarget(targets, rows: missing), at: bound.nameSpan)
  }
}

extension DataSlot {
  /// The part that measures: the test part, else the validation part; nil where there is neither.
  fileprivate var measuredPart: StoredSplit.Part? {
    let counts = counts
    return counts.test > 0 ? .test : counts.validation > 0 ? .validation : nil
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
