import NNData
import NNDiagnostics
import NNEngine
import NNReport

/// `importance [FILE] [repeats=10] [seed=0] [metric=NAME] [to=FILE.csv]`: which features the model's answers hang on.
struct ImportanceStage: Stage {
  static let declaration = StageDeclaration(
    "importance", aliases: ["permutation_importance"],
    "shows how much worse the model does without each feature",
    options: [
      OptionDeclaration(
        "path", .text("a file"), positional: true, "rows to look at instead of the test part"),
      OptionDeclaration(
        "repeats", aliases: ["n_repeats"], .integer(1...10_000), default: .integer(10),
        "how often each feature is shuffled"),
      OptionDeclaration("seed", .integer(0...Int.max), default: .integer(0), "of the shuffles"),
      OptionDeclaration(
        "metric", aliases: ["by", "scoring"], .text("a metric"), "what gets worse; the loss if it is not said"
      ),
      OptionDeclaration("to", .text("a file"), "the table as CSV, too"),
    ],
    needs: [.weights])

  private let bound: BoundStage

  var files: StageFiles {
    StageFiles(
      reads: [bound.arguments.text("path")],
      writes: bound.arguments.text("to").map { [.file($0)] } ?? [], isResult: bound.arguments.isGiven("to"))
  }

  init(_ bound: BoundStage) { self.bound = bound }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    checkRows(bound, of: "importance", needsTargets: true, experiment, context)
    PlotStage.checkMeasure(bound, option: "metric", experiment, context)
    guard let path = bound.arguments.text("to") else { return }
    let span = bound.arguments.span("to")
    if path.contains("://") {
      context.report(DataProblem.remote(path), at: span)
    } else if ![".csv", ".tsv"].contains(NNInterpreter.ending(of: path)) {
      context.report(DataProblem.ending(path: path, known: [".csv"]), at: span)
    } else if path == bound.arguments.text("path") || path == experiment.data?.path {
      context.report(DataProblem.overwritesData(path), at: span)
    }
    context.writtenPaths.insert(path)
  }

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    let (importance, place) = try placed(at: bound.nameSpan) { () throws(Found) in
      try PlotStage.importance(
        bound, repeats: bound.arguments.integer("repeats", or: 10),
        seed: UInt64(bound.arguments.integer("seed", or: 0)), option: "metric", &experiment, context)
    }
    context.tell(.output(stage: "importance", text: text(importance, place, context.options)))
    guard let path = bound.arguments.text("to") else { return }
    let columns: [OutputColumn] =
      [
        .texts(name: "feature", importance.features.map(\.name)),
        .numbers(name: "importance", importance.features.map { Float($0.mean) }),
        .numbers(name: "sd", importance.features.map { Float($0.deviation) }),
      ]
      + (0..<importance.repeats).map { index in
        .numbers(name: "repeat_\(index + 1)", importance.features.map { Float($0.drops[index]) })
      }
    do {
      try makeFolders(above: expandingTilde(path))
      try writeCSV(columns, to: .file(path: expandingTilde(path)))
      context.tables.forget(path: expandingTilde(path))
    } catch {
      throw Found(RunProblem.writing(error), at: bound.arguments.span("to"))
    }
    context.tell(.saved(path: path))
  }

  private func text(_ importance: Importance, _ place: String, _ options: RunOptions) -> String {
    let most = importance.features.map(\.mean).filter(\.isFinite).max() ?? 0
    let table = TextTable(
      headers: ["feature", importance.measure, "± sd", ""],
      rows: importance.features.map { feature in
        let length = most > 0 && feature.mean > 0 ? feature.mean / most * 16 : 0
        return [
          feature.name, formatMetric(feature.mean),
          importance.repeats > 1 ? formatMetric(feature.deviation) : "–",
          String(repeating: "▇", count: Int(length.isFinite ? length.rounded() : 0)),
        ]
      },
      alignments: [.left, .right, .right, .left], isColored: options.usesColor)
    let heading =
      "\(importance.measure) \(formatMetric(importance.value)) in \(place); by how much it gets worse when a feature is shuffled, mean of \(importance.repeats)"
    return wrapping(heading, toWidth: max(options.width, 20)) + "\n" + table.render(maxWidth: options.width)
  }
}

// Shared with `plot importance`.
extension PlotStage {
  /// The importance of each feature on the rows that a stage names, and where these are.
  static func importance(
    _ bound: BoundStage, repeats: Int, seed: UInt64, option: String, _ experiment: inout Experiment,
    _ context: RunContext
  ) throws(Found) -> (importance: Importance, place: String) {
    guard let model = experiment.model, let trained = model.trained else {
      throw Found(FlowProblem.needsWeights("importance"))
    }
    let rows = try ChosenRows(bound, of: "importance", needsTargets: true, experiment, context)
    experiment.announceData(to: context, force: true, target: trained.target)
    if rows.includesTraining {
      context.warn(OutcomeProblem.onTrainingRows(stage: "importance"), at: bound.nameSpan)
    }
    let measure = try measure(bound, option, model, trained.target, outputs: trained.network.outputWidth)
    let (importance, warnings) = try trained.importance(
      of: rows.table, rows: rows.indices, repeats: repeats, seed: seed, metric: measure?.metric,
      isLargeBest: measure?.isLargeBest ?? false, threads: context.options.threads)
    context.warn(warnings, at: bound.nameSpan)
    return (importance, "\(rows.place), \(counted(rows.count, "row"))")
  }

  /// The metric that an option names: one of `compile`'s by its name there, or any of the catalog's.
  private static func measure(
    _ bound: BoundStage, _ option: String, _ model: ModelSlot, _ target: TargetPlan, outputs: Int?
  ) throws(Found) -> (metric: any Metric, isLargeBest: Bool)? {
    guard let name = bound.arguments.text(option), name != "loss" else { return nil }
    let span = bound.arguments.span(option)
    var compile = CompileOptions()
    let known = model.compile?.metrics ?? []
    if let choice = known.first(where: { $0.name == name }) {
      compile.metrics = [choice]
    } else if let entry = Catalog.metric(named: name) {
      compile.setMetrics([(Component(kind: .metric, name: entry.name), span)], weighted: [])
    } else {
      throw Found(Self.unknownMeasure(name, known), at: span)
    }
    let choice = compile.metrics[0]
    guard let direction = choice.entry?.direction else {
      throw Found(OutcomeProblem.neitherBetter(name), at: span)
    }
    guard let metric = try target.metrics(compile, outputs: outputs).first else { return nil }
    return (metric, direction == .maximize)
  }

  static func checkMeasure(
    _ bound: BoundStage, option: String, _ experiment: Experiment, _ context: CheckContext
  ) {
    guard let name = bound.arguments.text(option), name != "loss", !experiment.isUncertain else { return }
    let span = bound.arguments.span(option)
    let known = experiment.model?.compile?.metrics ?? []
    let entry = known.first { $0.name == name }?.entry ?? Catalog.metric(named: name)
    guard let entry else {
      context.report(unknownMeasure(name, known), at: span)
      return
    }
    if entry.direction == nil { context.report(OutcomeProblem.neitherBetter(name), at: span) }
  }

  private static func unknownMeasure(_ name: String, _ known: [MetricChoice]) -> NameProblem {
    let names = known.map(\.name) + Catalog.components(.metric).map(\.name)
    return NameProblem.unknownComponent(
      .metric, name, suggestion: Spelling.nearest(to: name, in: names), advice: nil, known: known.map(\.name))
  }
}
