import NNData
import NNDiagnostics
import NNEngine
import NNModelIO
import NNReport

/// Gathers what `report` tells of an experiment.
struct ModelCard {
  let experiment: Experiment
  let bound: BoundStage
  let context: RunContext
  let repeats: Int

  func page() throws(Found) -> ReportPage {
    guard let model = experiment.model, let trained = model.trained else {
      throw Found(FlowProblem.needsWeights("report"))
    }
    let measured = try measure(model, trained)
    var sections = [try dataSection(trained)]
    sections.append(networkSection(model, trained))
    sections.append(trainingSection(model, trained))
    if let measured {
      sections.append(try qualitySection(model, trained, measured))
    } else if let known = knownQuality {
      sections.append(known)
    }
    if let measured, repeats > 0 { sections.append(try importanceSection(trained, measured)) }
    if let runs = experiment.runs, !runs.rows.isEmpty { sections.append(try runsSection(runs)) }
    sections.append(useSection(trained))
    sections.append(provenanceSection(trained))
    return ReportPage(
      title: bound.arguments.text("title") ?? defaultTitle(trained), lead: lead(trained),
      headlines: headlines(trained, measured), sections: sections,
      footer:
        "Made by nn \(version). The page holds no time, so the same script gives the same page byte for byte."
    )
  }

  private func defaultTitle(_ trained: TrainedModel) -> String {
    "A model of " + trained.target.roles.targets.joined(separator: ", ")
  }

  private func lead(_ trained: TrainedModel) -> String {
    let roles = trained.target.roles
    let what: String
    if let classes = trained.preprocessor.classes {
      what = "Predicts which of \(formatCount(classes.count)) classes `\(roles.targets.first ?? "")` is"
    } else {
      what = "Predicts \(roles.targets.count == 1 ? "the number" : "the numbers") \(quoted(roles.targets))"
    }
    var lead = "\(what) from \(counted(roles.features.count, "column")) of a table."
    if let note = bound.arguments.text("note") { lead += " " + note }
    if let author = bound.arguments.text("author") { lead += " Answerable: \(author)." }
    return lead
  }

  // MARK: The rows that measure

  /// What the model says of the rows that `evaluate` would take.
  struct Measured {
    var rows: ChosenRows
    var outcomes: Outcomes
    /// The loss and `compile`'s metrics.
    var values: [(name: String, value: Double)]
    var baseline: RunEvent.Baseline?
    var dataset: Dataset

    var isTest: Bool { rows.place.hasPrefix("the test part") }
  }

  private func measure(_ model: ModelSlot, _ trained: TrainedModel) throws(Found) -> Measured? {
    // Without data at hand there is nothing to measure on, and the rest is told; of a table that streams the pictures would need
    // all rows in memory.
    guard let data = experiment.data, data.table != nil, data.stream == nil else { return nil }
    let rows = try ChosenRows(bound, of: "report", needsTargets: true, experiment, context)
    let (outcomes, warnings) = try trained.outcomes(
      of: rows.table, rows: rows.indices, threads: context.options.threads)
    context.warn(warnings, at: bound.nameSpan)
    let (dataset, _) = try trained.preprocessor.dataset(rows.table, rows: rows.indices, trained.target)
    let metrics = try trained.target.metrics(
      model.compile, outputs: trained.network.outputWidth, decision: trained.decisionOutput)
    let values: [(name: String, value: Double)]
    do {
      values = try evaluate(
        trained.network, on: dataset, loss: Catalog.makeLoss(trained.target.loss).loss, metrics: metrics,
        threads: context.options.threads)
    } catch {
      throw Found(RunProblem.engine(error))
    }
    return Measured(
      rows: rows, outcomes: outcomes, values: values, baseline: try baseline(trained, dataset),
      dataset: dataset)
  }

  /// What always giving the training rows' mean or commonest class reaches on the rows that measure.
  private func baseline(_ trained: TrainedModel, _ dataset: Dataset) throws(Found) -> RunEvent.Baseline? {
    guard let data = experiment.data, let table = data.table else { return nil }
    let training = table.rows(data.split?.training, filledIn: trained.target.roles.targets)
    guard training?.isEmpty != true else { return nil }
    let (rows, _) = try trained.preprocessor.dataset(table, rows: training, trained.target)
    return Baseline(target: trained.target, training: rows, validation: dataset).compared(
      with: trained.network, threads: context.options.threads)
  }

  private func headlines(_ trained: TrainedModel, _ measured: Measured?) -> [ReportPage.Fact] {
    guard let measured else { return [] }
    let part = measured.isTest ? "test rows" : measured.rows.includesTraining ? "training rows" : "rows"
    switch measured.outcomes {
    case .classes(let outcomes):
      let matrix = trained.confusion(outcomes)
      let accuracy = Double(matrix.hits) / Double(max(matrix.total, 1))
      let commonest = outcomes.classes.indices.map(matrix.support).max() ?? 0
      return [
        .init("accuracy on \(formatCount(matrix.total)) \(part)", formatShare(accuracy)),
        .init(
          "always the commonest class there", formatShare(Double(commonest) / Double(max(matrix.total, 1)))),
        .init("classes", formatCount(outcomes.classes.count)),
      ]
    case .values(let targets):
      guard let first = targets.first else { return [] }
      var facts = [
        ReportPage.Fact(
          "mean absolute error of \(first.name), \(formatCount(first.truth.count)) \(part)",
          formatMetric(first.meanAbsoluteError, trailingZeros: false))
      ]
      if let r2 = first.r2 { facts.append(.init("R² (1 is exact, 0 is the mean)", formatShare(r2))) }
      return facts
    }
  }

  // MARK: Network and training

  private func networkSection(_ model: ModelSlot, _ trained: TrainedModel) -> ReportPage.Section {
    let network = trained.network
    let held = network.parameterCount - network.trainableCount
    return ReportPage.Section(
      "Network",
      [
        .facts([
          .init(
            "inputs",
            "\(formatCount(network.inputWidth)), from \(counted(trained.preprocessor.inputs.count, "column"))"
          ),
          .init("outputs", formatCount(network.outputWidth)),
          .init(
            "parameters",
            formatCount(network.parameterCount)
              + (held > 0 ? ", \(formatCount(held)) of them moving statistics" : "")),
        ]), .picture(model.picture),
      ])
  }

  private func trainingSection(_ model: ModelSlot, _ trained: TrainedModel) -> ReportPage.Section {
    var facts = [
      ReportPage.Fact("loss", Self.written(trained.target.loss)),
      .init("optimizer", Self.written((model.compile ?? CompileOptions()).optimizer)),
    ]
    if let metrics = model.compile?.metrics, !metrics.isEmpty {
      facts.append(.init("metrics", metrics.map { Self.written($0.component) }.joined(separator: ", ")))
    }
    facts.append(
      .init(
        "learning rate",
        "\(formatMetric(trained.state.optimizer.learningRate, trailingZeros: false)) in the end"))
    facts.append(.init("seed", "\(trained.seed)"))
    facts.append(
      .init("epochs", "\(formatCount(trained.state.epochsDone)), \(counted(trained.state.stepsDone, "step"))")
    )
    for (index, fit) in (experiment.history?.fits ?? []).enumerated() {
      let watched = fit.validationRows > 0 ? ", \(formatCount(fit.validationRows)) to watch" : ""
      let name = (experiment.history?.fits.count ?? 0) > 1 ? "fit \(index + 1)" : "fit"
      facts.append(
        .init(
          name,
          "\(counted(fit.rows, "row"))\(watched), batches of \(formatCount(fit.batch)), \(counted(fit.epochs, "epoch")): \(Self.why(fit))"
        ))
    }
    if let kept = experiment.history?.keptEpoch {
      facts.append(.init("weights kept", "those of epoch \(formatCount(kept))"))
    }
    if let calibration = trained.calibration {
      facts.append(
        .init(
          "calibrated",
          calibration.method == .temperature
            ? "by a temperature of \(formatMetric(1 / calibration.scale)), learned on \(counted(calibration.rows, "validation row"))"
            : "logit × \(formatMetric(calibration.scale)) + \(formatMetric(calibration.offset)) (Platt), learned on \(counted(calibration.rows, "validation row"))"
        ))
    }
    if let decision = trained.decision, let second = trained.preprocessor.classes?.last {
      let rule = decision.rule.map { ", chosen by \($0) on validation rows" } ?? ""
      facts.append(
        .init(
          "threshold", "`\(second)` is said above a probability of \(shortestText(decision.value))\(rule)"))
    }
    var blocks: [ReportPage.Block] = [.facts(facts)]
    if let history = experiment.history, !history.isEmpty {
      blocks.append(.picture(history.picture(lossName: nil)))
    } else {
      blocks.append(.text("The epochs of the training are not known here."))
    }
    return ReportPage.Section("Training", blocks)
  }

  /// A component as a script has it, with the options that it was given.
  private static func written(_ component: Component) -> String {
    let given = component.arguments.names.filter { component.arguments.isGiven($0) }.compactMap {
      name -> String? in
      guard let record = component.arguments.record(name) else { return nil }
      return "\(name)=\(text(record))"
    }
    return component.name + (given.isEmpty ? "" : "(\(given.joined(separator: ", ")))")
  }

  private static func text(_ value: OptionValue) -> String {
    switch value {
    case .none: return "none"
    case .bool(let value): return value ? "true" : "false"
    case .number(let value): return describeNumber(value)
    case .string(let text): return text
    case .list(let values): return "[" + values.map(text).joined(separator: ", ") + "]"
    case .call(let call):
      let options = call.options.sorted { $0.key < $1.key }.map { "\($0.key)=\(text($0.value))" }
      return call.name + (options.isEmpty ? "" : "(\(options.joined(separator: ", ")))")
    }
  }

  private static func why(_ fit: FitSummary) -> String {
    switch fit.reason {
    case "early_stopping": "stopped early, as it no longer got better"
    case "budget": "the time was up; `steps=\(fit.steps)` in the place of `budget` repeats it"
    case "steps": "its steps were done"
    case "interrupted": "interrupted; `steps=\(fit.steps)` repeats it"
    case "nan": "the loss was no longer a finite number"
    case "callback": "a callback could not go on"
    default: "all epochs were done"
    }
  }
}
