import NNData
import NNDiagnostics
import NNEngine

/// `fit [FILE] epochs=100 seed=42`: trains the model.
struct FitStage: Stage {
  static let declaration = StageDeclaration(
    "fit", "trains the model",
    options: [
      OptionDeclaration("path", .text("a file"), positional: true, "the data, if none is open yet"),
      OptionDeclaration(
        "epochs", .integer(0...1_000_000_000), default: .integer(1), positional: true, "passes over the rows"),
      OptionDeclaration(
        "batch", aliases: ["batch_size"], .integer(1...1_000_000_000), default: .integer(32), "rows a step"),
      OptionDeclaration(
        "seed", .integer(0...Int.max),
        "decides initial weights, shuffling and dropout; drawn and shown if absent"),
      OptionDeclaration("shuffle", .boolean, default: .boolean(true), "new order of rows every epoch"),
      OptionDeclaration(
        "validation_split", .number(.fraction), default: .number(0), "share of the last rows kept to watch"),
      OptionDeclaration("validation_data", .optional(.text("a file")), "a file whose rows are kept to watch"),
      OptionDeclaration(
        "validation_freq", .either(.integer(1...Int.max), .someOf(.integer(1...Int.max))),
        default: .integer(1), "after every so many epochs, or after those of a list, to watch them"),
      OptionDeclaration(
        "class_weight", .optional(.someOf(.text("`balanced`, or weights: `[1, 2]`, `[setosa:2]`"))),
        "what a row of each class counts in the training loss"),
      OptionDeclaration(
        "steps_per_epoch", .optional(.integer(1...Int.max)), "an epoch is so many steps, not all rows"),
      OptionDeclaration(
        "callbacks", .optional(.list(.component(.callback))), "what else happens while training"),
      OptionDeclaration(
        "patience", .integer(0...Int.max),
        "stop after so many epochs without improvement, with the best weights"),
      OptionDeclaration(
        "shards", .integer(1...1_000_000), default: .integer(1),
        "parts of a batch whose gradients are added up, so that processes can share them"),
      OptionDeclaration(
        "seal", .text("a file"), "record the fit in a file ending in .nns, with which `nn verify` proves it"),
      OptionDeclaration("budget", .duration, "stop after so long"),
      OptionDeclaration("steps", .integer(1...Int.max), "stop after so many steps"),
    ],
    needs: [.model], trains: true, streams: true)

  let bound: BoundStage
  let fits = 1

  var files: StageFiles {
    StageFiles(
      reads: [bound.arguments.text("path"), bound.arguments.text("validation_data")],
      writes: callbacks.compactMap { $0.product?.writes }.map { written in
        switch written.output {
        case .folder: .folder(written.path)
        case .file: .file(written.path)
        case .models(let pattern): .pattern(pattern)
        }
      } + (bound.arguments.text("seal").map { [.file($0)] } ?? []))
  }

  /// Stands in where no seed is given; drawn before the run, in source order.
  let drawnSeed: UInt64

  init(_ bound: BoundStage) {
    self.bound = bound
    drawnSeed = UInt64(UInt32.random(in: 0...UInt32.max))
  }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    checkData(&experiment, context)
    experiment.lineage.read([bound.arguments.text("path"), bound.arguments.text("validation_data")])
    checkSeal(experiment, context)
    checkShards(context)
    context.compilations.use(experiment.model?.compile?.span)
    let target = checkTarget(experiment, context)
    let validation = checkValidation(experiment, context)
    let names = metricNames(experiment.model, validation: validation)
    checkClassWeights(experiment, target, context)
    // Which metrics there are is not known where `compile` is already in error.
    checkCallbacks(experiment.model?.compile?.isBroken == true ? nil : names, experiment, context)
    if experiment.model?.hasWeights == true, experiment.hasUnlearnedSteps, !experiment.isUncertain {
      context.report(FlowProblem.preparationTooLate, at: bound.nameSpan)
    }
    experiment.hasUnlearnedSteps = false
    if experiment.model != nil { experiment.model?.training = .promised(target) }
    if bound.arguments.integer("epochs") == 0 {
      // Weights are made, and nothing is measured.
      experiment.metrics = []
      return
    }
    if experiment.history == nil { experiment.history = History() }
    // A fit replaces the metrics: what an earlier `evaluate` said is no longer true of these weights.
    experiment.metrics = names.map { ($0, nil) }
  }

  /// Opens PATH as the data, with what is known of roles, types and preparation.
  private func checkData(_ experiment: inout Experiment, _ context: CheckContext) {
    let span = bound.arguments.span("path")
    if let path = bound.arguments.text("path") {
      if context.isDeferred(path) {
        experiment.data = DataSlot(
          path: path, options: experiment.data?.options ?? ReadOptions(),
          roles: experiment.data?.roles ?? DeclaredRoles())
      } else if let slot = context.attempt(
        at: span,
        { () throws(Found) in
          try experiment.dataLike(path, context.tables, needsTargets: true)
        })
      {
        experiment.data = slot
        context.reportNotices(of: slot.table, at: span)
      } else {
        experiment.data = DataSlot(path: path, options: ReadOptions(), roles: DeclaredRoles())
      }
    } else if experiment.data == nil, !experiment.isUncertain, !bound.isBroken {
      context.report(FlowProblem.needsData("fit"), at: bound.nameSpan)
    }
  }

  private func checkTarget(_ experiment: Experiment, _ context: CheckContext) -> TargetPlan? {
    guard let model = experiment.model, !model.plan.isBroken, !model.isUnknown,
      model.compile?.isBroken != true
    else { return experiment.model?.target }
    if let target = model.target {
      if let table = experiment.data?.table, !bound.arguments.isGiven("path") {
        _ = context.attempt(at: bound.nameSpan) { () throws(Found) in
          try requireColumns(target.roles.features + target.roles.targets, of: table)
        }
      }
      return target
    }
    if case .promised = model.training { return nil }
    guard model.compile?.loss != nil || model.plan.endsInOutput else {
      context.report(FlowProblem.noLoss, at: bound.nameSpan)
      return nil
    }
    guard let data = experiment.data, let table = data.table, !data.hasBrokenRoles else { return nil }
    let resolved = context.attempt(at: bound.nameSpan) { () throws(Found) in
      try TargetResolver(table: table, declared: data.roles, plan: model.plan, compile: model.compile)
        .resolve()
    }
    guard let resolved else { return nil }
    context.checkMetrics(model.compile, resolved, model.plan, at: bound.nameSpan)
    checkOutput(model.plan, resolved, context)
    return checkPreparation(experiment, model, data, table, resolved, context)
  }

  /// Learns the preparation as the run will, and tells what it finds.
  private func checkPreparation(
    _ experiment: Experiment, _ model: ModelSlot, _ data: DataSlot, _ table: Table, _ resolved: TargetPlan,
    _ context: CheckContext
  ) -> TargetPlan {
    // Passes over the disk are the run's.
    if data.stream != nil {
      _ = context.attempt(at: bound.nameSpan) { () throws(Found) in
        try requireFilled(table, resolved.roles.features, steps: experiment.steps)
      }
      return resolved
    }
    // What is wrong with a step, a cell or the rows to train on is reported where it stands.
    guard !experiment.hasBrokenSteps, firstBadCells(in: table, data.roles) == nil,
      let chosen = try? trainingRows(data, table)
    else { return resolved }
    if let problem = chosen.hollowTargets(resolved, table) { context.report(problem, at: bound.nameSpan) }
    let rows = chosen.withTargets(resolved, table)
    if rows.training?.isEmpty == true {
      context.report(RunProblem.noRows(stage: "fit", part: "the training part"), at: bound.nameSpan)
      return resolved
    }
    if resolved.kind == .numeric, experiment.steps.contains(where: { $0.step == .balance }) {
      return resolved
    }
    let prepared = context.attempt(at: bound.nameSpan) { () throws(Found) -> (TargetPlan, Preprocessor) in
      try requireFilled(table, resolved.roles.features, steps: experiment.steps)
      let target = try resolved.leavingOutTexts(
        of: table, data.roles, steps: experiment.steps, rows: rows.training)
      return (target, try prepare(experiment, model, table, rows, target, context.tables.prepared))
    }
    guard let (target, preparation) = prepared else { return resolved }
    // Of many runs on one table the first says it for all.
    if context.run?.number ?? 1 == 1 {
      let forewarnings = Forewarnings(
        table: table, target: target, preparation: preparation, rows: rows, plan: model.plan,
        place: bound.nameSpan)
      for (problem, span) in forewarnings.all { context.report(problem, at: span) }
      for (problem, span) in classProblems(data, table, rows, preparation) {
        context.report(problem, at: span)
      }
    }
    if let (problem, span) = model.plan.layers.disagreement(inputWidth: preparation.featureWidth) {
      context.report(problem, at: span ?? bound.nameSpan)
      return target
    }
    do throws(EngineError) {
      let output = target.output.map { ($0.units, Catalog.makeActivation($0.activation)) }
      _ = try model.plan.network(inputWidth: preparation.featureWidth, output: output)
    } catch {
      context.report(FlowProblem.shape(error.description), at: bound.nameSpan)
    }
    return target
  }

  /// Warns of a last layer whose values are not what the loss takes them for.
  private func checkOutput(_ plan: ModelPlan, _ target: TargetPlan, _ context: CheckContext) {
    guard !plan.endsInOutput, let last = plan.layers.last, let activation = last.activation else { return }
    let span = last.span ?? bound.nameSpan
    if activation == "softmax", plan.lastUnits == 1 { return context.report(FlowProblem.alwaysOne, at: span) }
    switch Catalog.makeLoss(target.loss).output {
    case .logits where activation == "sigmoid" || activation == "softmax":
      context.report(FlowProblem.logitsBehind(activation: activation, loss: target.loss.name), at: span)
    case .probabilities:
      let givesProbabilities = ["sigmoid", "hard_sigmoid", "sparse_sigmoid", "softmax", "sparsemax"]
        .contains(activation)
      let takesLogits =
        Catalog.component(.loss, named: target.loss.name)?.option(named: "from_logits") != nil
      if !givesProbabilities, takesLogits {
        context.report(
          FlowProblem.notProbabilities(
            activation: activation, loss: target.loss.name, units: plan.lastUnits), at: span)
      }
    default: break
    }
  }

  /// - Returns: whether this fit will have validation rows.
  private func checkValidation(_ experiment: Experiment, _ context: CheckContext) -> Bool {
    let arguments = bound.arguments
    var sources: [String] = []
    if arguments.isSet("validation_data") { sources.append("validation_data") }
    if arguments.number("validation_split", or: 0) > 0 { sources.append("validation_split") }
    if let data = experiment.data, data.counts.validation > 0, !arguments.isGiven("path") {
      sources.append(data.fold == nil ? "split val" : "folds")
    } else if experiment.data?.fold != nil, !arguments.isGiven("path") {
      // The rows of a file that only the run will read.
      sources.append("folds")
    }
    if sources.count > 1 {
      let last = arguments.span("validation_split") ?? arguments.span("validation_data")
      context.report(FlowProblem.severalValidations(sources), at: last ?? bound.span)
    }
    let share = arguments.number("validation_split", or: 0)
    if share > 0, let data = experiment.data, data.table != nil {
      let rows = data.counts.training
      if Int((Double(rows) * (1 - share)).rounded(.down)) == 0 {
        context.report(
          FlowProblem.rowsForSplit(
            "\(counted(rows, "row")) leave none for training with this `validation_split`"),
          at: arguments.span("validation_split"))
      }
    }
    if let path = arguments.text("validation_data"), !context.isDeferred(path) {
      _ = context.attempt(at: arguments.span("validation_data")) { () throws(Found) in
        try experiment.dataLike(path, context.tables, needsTargets: true)
      }
    }
    return !sources.isEmpty
  }

  /// The names that this fit sets, in the order of the history.
  func metricNames(_ model: ModelSlot?, validation: Bool) -> [String] {
    let names = ["loss"] + (model?.compile?.metrics.map(\.name) ?? [])
    return names + (validation ? names.map { "val_\($0)" } : [])
  }
}

/// Missing numbers without `impute` are an error that names columns and counts, in whatever rows they stand.
func requireFilled(_ table: Table, _ features: [String], steps: [RecordedStep]) throws(Found) {
  var covered: Set<String> = []
  for step in steps.map(\.step) {
    switch step {
    case .impute(_, _, columns: nil): return
    case .impute(_, _, let columns?), .encode(_, let columns?): covered.formUnion(columns)
    default: continue
    }
  }
  let holes = features.compactMap { name -> (name: String, count: Int)? in
    guard let column = table[name], !column.isCategorical, column.missingCount > 0, !covered.contains(name)
    else { return nil }
    return (name, column.missingCount)
  }
  if !holes.isEmpty { throw Found(DataProblem.missingValues(holes)) }
}
