import NNData
import NNDiagnostics
import NNEngine

extension FitStage {
  /// The fit of a table that streams: what it takes is told from what is known of the whole table, learned in passes over it,
  /// and read a window at a time.
  func run(
    _ stream: StreamSlot, _ experiment: inout Experiment, _ model: ModelSlot, _ data: DataSlot,
    _ table: Table,
    _ context: RunContext
  ) throws {
    let (training, validation) = try parts(of: stream)
    var target = try placed(at: bound.nameSpan) { () throws(Found) -> TargetPlan in
      if let trained = model.trained { return trained.target }
      return try TargetResolver(table: table, declared: data.roles, plan: model.plan, compile: model.compile)
        .resolve()
    }
    let targets = target.roles.targets
    let rows = try reading { () throws(DataError) in try training.filled(in: targets) }
    let watched = try reading { () throws(DataError) in try validation.filled(in: targets) }
    let hollow = training.count - rows.count + validation.count - watched.count
    if hollow > 0 { context.warn(DataProblem.withoutTarget(targets, rows: hollow), at: bound.nameSpan) }
    if rows.count == 0 {
      throw Found(RunProblem.noRows(stage: "fit", part: "the training part"), at: bound.nameSpan)
    }
    if model.trained == nil {
      let steps = experiment.steps.map(\.step)
      let roles = target.roles
      target.leaveOut(
        try reading { () throws(DataError) in
          try Preprocessor.textsOfMany(steps: steps, stored: rows, roles: roles)
        }, data.roles)
      if target.roles.features.isEmpty {
        throw Found(FlowProblem.onlyTextsOfMany(target.textsOfMany.map(\.column)), at: bound.nameSpan)
      }
    }
    experiment.announceData(to: context, force: true, target: target)
    experiment.hasUnlearnedSteps = false
    let preparation = try placed(at: bound.nameSpan) { () throws(Found) in
      if model.trained == nil { try requireFilled(table, target.roles.features, steps: experiment.steps) }
      return try prepare(experiment, model, target) { (steps) throws(DataError) in
        try Preprocessor.fit(
          steps: steps, stored: rows, roles: target.roles, targetKind: target.kind,
          ranks: context.options.ranks)
      }
    }
    if model.trained == nil {
      for problem in Forewarnings.problems(target, preparation) { context.warn(problem, at: bound.nameSpan) }
    }
    let classWeights = try placed(at: bound.arguments.span("class_weight")) { () throws(Found) in
      try weights(target, preparation) { () throws(Found) in
        do throws(DataError) {
          return try preparation.classCounts(of: rows)
        } catch {
          throw Found(error.problem)
        }
      }
    }
    let source = try placed(at: bound.nameSpan) { () throws(Found) in
      try StreamedRows(
        rows, preparation, target, memory: stream.memory / 4 * 3, classWeights: classWeights)
    }
    var session = FitSession(
      model: model, target: target, preparation: preparation, training: source,
      validation: try watchedRows(watched, preparation, target, stream, experiment, context))
    try session.run(self, &experiment, context)
  }

  /// The rows to train on, and those to watch if they come from the same table.
  private func parts(of stream: StreamSlot) throws(Found) -> (training: StoredRows, validation: StoredRows) {
    let training = StoredRows(stream.table, of: stream.split)
    let fraction = bound.arguments.number("validation_split", or: 0)
    if fraction > 0 {
      let cut = Int((Double(training.count) * (1 - fraction)).rounded(.down))
      return (training.dropping(allBut: 0..<cut), training.dropping(allBut: cut..<training.count))
    }
    guard stream.split != nil else { return (training, training.dropping(allBut: 0..<0)) }
    return (training, StoredRows(stream.table, part: .validation, of: stream.split))
  }

  private func watchedRows(
    _ watched: StoredRows, _ preparation: Preprocessor, _ target: TargetPlan, _ stream: StreamSlot,
    _ experiment: Experiment, _ context: RunContext
  ) throws -> (any RowSource)? {
    if let path = bound.arguments.text("validation_data") {
      return try placed(at: bound.arguments.span("validation_data")) { () throws(Found) in
        try experiment.dataLike(path, context.tables, needsTargets: true).rows(
          preparation, target, memory: stream.memory / 4)
      }
    }
    guard watched.count > 0 else { return nil }
    return try placed(at: bound.nameSpan) { () throws(Found) in
      try StreamedRows(watched, preparation, target, memory: stream.memory / 4)
    }
  }

  private func reading<Result>(_ body: () throws(DataError) -> Result) throws -> Result {
    do {
      return try body()
    } catch {
      throw Found(error.problem, at: bound.nameSpan)
    }
  }
}

extension DataSlot {
  /// All rows that have a target, as the engine takes them; nil without a table.
  func rows(
    _ preparation: Preprocessor, _ target: TargetPlan, memory: Int
  ) throws(Found) -> (any RowSource)? {
    let targets = target.roles.targets
    if let stream {
      let rows: StoredRows
      do {
        rows = try StoredRows(stream.table).filled(in: targets)
      } catch {
        throw Found(error.problem)
      }
      return try StreamedRows(rows, preparation, target, memory: memory)
    }
    guard let table else { return nil }
    return try preparation.dataset(table, rows: table.rows(nil, filledIn: targets), target).dataset
  }
}
