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
    experiment.lineage.read([arguments.text("path"), arguments.text("validation_data")])
    guard let model = experiment.model else { throw Found(FlowProblem.needsModel("fit"), at: bound.nameSpan) }
    guard let data = experiment.data, let table = data.table else {
      throw Found(FlowProblem.needsData("fit"), at: bound.nameSpan)
    }
    if let stream = data.stream { return try run(stream, &experiment, model, data, table, context) }
    let chosen = try trainingRows(data, table)
    var target = try placed(at: bound.nameSpan) { () throws(Found) -> TargetPlan in
      if let trained = model.trained { return trained.target }
      return try TargetResolver(table: table, declared: data.roles, plan: model.plan, compile: model.compile)
        .resolve()
    }
    let rows = chosen.withTargets(target, table)
    if let problem = chosen.hollowTargets(target, table) { context.warn(problem, at: bound.nameSpan) }
    if rows.training?.isEmpty == true {
      throw Found(RunProblem.noRows(stage: "fit", part: "the training part"), at: bound.nameSpan)
    }
    if model.trained == nil {
      target = try placed(at: bound.nameSpan) { () throws(Found) in
        try target.leavingOutTexts(of: table, data.roles, steps: experiment.steps, rows: rows.training)
      }
    }
    experiment.announceData(to: context, force: true, target: target)
    // The model learns them now, or has learned others.
    experiment.hasUnlearnedSteps = false
    let preparation = try placed(at: bound.nameSpan) { () throws(Found) in
      if model.trained == nil { try requireFilled(table, target.roles.features, steps: experiment.steps) }
      return try prepare(experiment, model, table, rows, target, context.tables.prepared)
    }
    // Of many runs on the same rows the first has said it.
    if model.trained == nil, context.run?.isFirst ?? true {
      let forewarnings = Forewarnings(
        table: table, target: target, preparation: preparation, rows: rows, plan: model.plan,
        place: bound.nameSpan)
      for (problem, span) in forewarnings.all { context.warn(problem, at: span) }
    }
    if context.run?.isFirst ?? true {
      for (problem, span) in classProblems(data, table, rows, preparation) { context.warn(problem, at: span) }
    }
    var session = try FitSession(
      self, model: model, target: target, preparation: preparation, table: table, rows: rows,
      validationTable: try validationTable(experiment, context),
      prepared: context.run == nil ? nil : context.tables.prepared)
    try session.run(self, &experiment, context)
  }

  /// The rows to train on and, if they come from the same table, those to watch; nil stands for all of them.
  func trainingRows(_ data: DataSlot, _ table: Table) throws(Found) -> FitRows {
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

  /// Classes that the training rows, or those that measure, have none of.
  func classProblems(
    _ data: DataSlot, _ table: Table, _ rows: FitRows, _ preparation: Preprocessor
  ) -> [(problem: RunProblem, span: Span)] {
    let share = bound.arguments.span("validation_split")
    return ClassCoverage(table: table, preparation: preparation, rows: rows, test: data.split?.test ?? [])
      .problems(isOfLastRows: share != nil).map { ($0, share ?? bound.nameSpan) }
  }

  /// The model's preparation: learned now at the first fit, kept at later ones.
  func prepare(
    _ experiment: Experiment, _ model: ModelSlot, _ table: Table, _ rows: FitRows, _ target: TargetPlan,
    _ prepared: PreparedData
  ) throws(Found) -> Preprocessor {
    try prepare(experiment, model, target) { (steps) throws(DataError) in
      try prepared.preprocessor(
        .init(table: table, rows: rows.training, steps: steps, roles: target.roles, kind: target.kind))
    }
  }

  /// - Parameter learn: learns it, from the steps.
  func prepare(
    _ experiment: Experiment, _ model: ModelSlot, _ target: TargetPlan,
    learn: ([PreparationStep]) throws(DataError) -> Preprocessor
  ) throws(Found) -> Preprocessor {
    if let trained = model.trained { return trained.preprocessor }
    let preprocessor: Preprocessor
    do throws(DataError) {
      preprocessor = try learn(experiment.steps.map(\.step))
    } catch {
      let step = error.column.flatMap { column in
        experiment.steps.first { $0.step.columns?.contains(column) == true }
      }
      throw Found(error.problem, at: step?.span)
    }
    if let width = model.plan.inputWidth, width != preprocessor.featureWidth {
      throw Found(
        FlowProblem.inputDisagrees(
          model: width, data: preprocessor.featureWidth, features: preprocessor.featureNames),
        at: model.plan.inputSpan)
    }
    return preprocessor
  }
}

/// Rows of one table.
struct FitRows {
  /// nil for all of them.
  var training: [Int]?
  var validation: [Int]

  /// Those that have a target: without one, a row can neither train nor be measured.
  func withTargets(_ target: TargetPlan, _ table: Table) -> FitRows {
    FitRows(
      training: table.rows(training, filledIn: target.roles.targets),
      validation: table.rows(validation, filledIn: target.roles.targets) ?? validation)
  }

  /// Said of those that have none.
  func hollowTargets(_ target: TargetPlan, _ table: Table) -> DataProblem? {
    let kept = withTargets(target, table)
    let all = (training?.count ?? table.rowCount) + validation.count
    let missing = all - (kept.training?.count ?? table.rowCount) - kept.validation.count
    return missing == 0 ? nil : .withoutTarget(target.roles.targets, rows: missing)
  }
}
