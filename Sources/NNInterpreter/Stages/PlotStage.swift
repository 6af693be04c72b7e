import NNData
import NNDiagnostics
import NNReport

/// `plot [WHAT] [FILE] [to=FILE]`: a picture, in the terminal or in a file.
struct PlotStage: Stage {
  static let declaration = StageDeclaration(
    "plot", "draws a picture: here, or in a file",
    options: [
      OptionDeclaration(
        "what", .choice(PlotKind.allCases.map(\.rawValue)), positional: true,
        "what to draw; of what came last if it is not said: runs, the history, or the model"),
      OptionDeclaration(
        "path", .text("a file"), positional: true, "rows to look at instead of the test part"),
      OptionDeclaration("to", .text("a file"), "a picture in a file: .svg, .png or .html"),
      OptionDeclaration(
        "theme", .choice(Theme.allCases.map(\.rawValue)),
        "of a file: light, dark, or as the reader's system is; a PNG cannot follow, and is light without it"),
      OptionDeclaration("width", .integer(240...4000), "of a file, in pixels; 800 without it"),
      OptionDeclaration(
        "by", aliases: ["metric"], .text("a metric"),
        "of runs, and of importance: what counts; of runs val_loss if there is one, else the loss"),
    ], streams: true)

  private let bound: BoundStage

  var files: StageFiles {
    StageFiles(
      reads: [bound.arguments.text("path")], writes: destination.map { [.file($0)] } ?? [],
      isResult: destination != nil)
  }

  init(_ bound: BoundStage) { self.bound = bound }

  private var destination: String? { bound.arguments.text("to") }

  private func kind(_ experiment: Experiment) -> PlotKind {
    bound.arguments.text("what").flatMap(PlotKind.init(rawValue:)) ?? .sensible(for: experiment)
  }

  // MARK: Before a run

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    guard !bound.isBroken else { return }
    if let path = bound.arguments.text("path"), !bound.arguments.isGiven("what"),
      NNInterpreter.ending(of: path).isEmpty
    {
      // A word that is no picture, and no file either.
      let kinds = PlotKind.allCases.map(\.rawValue)
      context.report(
        NameProblem.wrongType(
          option: "what", expectation: OptionType.choice(kinds).expectation, found: path,
          suggestion: Spelling.nearest(to: path, in: kinds)), at: bound.arguments.span("path"))
      return
    }
    let kind = kind(experiment)
    checkNeeds(kind, experiment, context)
    checkFile(context)
    if kind == .importance {
      Self.checkMeasure(bound, option: "by", experiment, context)
    }
  }

  private func checkNeeds(_ kind: PlotKind, _ experiment: Experiment, _ context: CheckContext) {
    if bound.arguments.isGiven("path"), kind.need != .outcomes {
      context.report(
        FlowProblem.optionsExclude("path", of: "plot", kind.rawValue), at: bound.arguments.span("path"))
      return
    }
    if experiment.isUncertain { return }
    if kind.need == .outcomes, experiment.data?.stream != nil {
      return context.report(FlowProblem.notStreamed("plot \(kind.rawValue)"), at: bound.nameSpan)
    }
    let name = "plot"
    let model = experiment.model
    let problem: (any Problem)? =
      switch kind.need {
      case .history: experiment.history == nil ? FlowProblem.needsHistory(name) : nil
      case .runs: experiment.runs == nil ? OutcomeProblem.needsRuns("plot runs") : nil
      case .model: model == nil ? FlowProblem.needsModel(name) : nil
      case .weights, .outcomes:
        model == nil
          ? FlowProblem.needsModel(name) : model?.hasWeights == false ? FlowProblem.needsWeights(name) : nil
      }
    if let problem {
      context.report(problem, at: bound.nameSpan)
      return
    }
    guard kind.need == .outcomes else { return }
    if let target = model?.target, let problem = self.problem(kind, target) {
      context.report(problem, at: bound.arguments.span("what") ?? bound.nameSpan)
      return
    }
    checkRows(bound, of: name, needsTargets: true, experiment, context)
  }

  private func problem(_ kind: PlotKind, _ target: TargetPlan) -> (any Problem)? {
    if kind.needsClasses, target.kind == .numeric {
      return FlowProblem.needsClasses(stage: "plot \(kind.rawValue)", targets: target.roles.targets)
    }
    if kind == .residuals, target.kind != .numeric {
      return OutcomeProblem.needsNumbers(
        picture: "plot residuals", target: target.roles.targets.first ?? "the target")
    }
    return nil
  }

  private func checkFile(_ context: CheckContext) {
    guard let destination else {
      for option in ["theme", "width"] where bound.arguments.isGiven(option) {
        context.report(OutcomeProblem.optionNeedsFile(option), at: bound.arguments.span(option))
      }
      return
    }
    let span = bound.arguments.span("to")
    if destination.contains("://") {
      context.report(DataProblem.remote(destination), at: span)
    } else if PictureFormat(rawValue: NNInterpreter.ending(of: destination)) == nil {
      context.report(OutcomeProblem.pictureEnding(destination), at: span)
    }
    context.writtenPaths.insert(destination)
  }

  // MARK: In a run

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    let kind = kind(experiment)
    let picture = try placed(at: bound.nameSpan) { () throws(Found) in
      try self.picture(kind, &experiment, context)
    }
    guard let destination else {
      let text = picture.terminal(
        width: context.options.width, isColored: context.options.usesColor, isTitled: kind != .history)
      context.tell(.output(stage: "plot", text: text))
      return
    }
    let path = expandingTilde(destination)
    let span = bound.arguments.span("to")
    guard let format = PictureFormat(rawValue: NNInterpreter.ending(of: destination)) else {
      throw Found(OutcomeProblem.pictureEnding(destination), at: span)
    }
    do throws(DataError) { try makeFolders(above: path) } catch {
      throw Found(RunProblem.writing(error), at: span)
    }
    do throws(PictureError) {
      try picture.write(
        to: path, format: format, theme: bound.arguments.choice("theme", or: .auto),
        width: Double(bound.arguments.integer("width", or: 800)))
    } catch .file(let error) {
      throw Found(RunProblem.writing(error), at: span)
    } catch {
      throw Found(OutcomeProblem.notDrawn(error), at: span)
    }
    context.tell(.saved(path: destination))
  }

  private func picture(
    _ kind: PlotKind, _ experiment: inout Experiment, _ context: RunContext
  ) throws(Found) -> Picture {
    switch kind {
    case .history:
      guard let history = experiment.history, !history.isEmpty else {
        throw Found(FlowProblem.needsHistory("plot"))
      }
      return history.picture(lossName: experiment.model?.trained?.target.loss.name)
    case .runs:
      guard let runs = experiment.runs else { throw Found(OutcomeProblem.needsRuns("plot runs")) }
      return try runs.picture(by: bound.arguments.text("by"), at: bound.arguments.span("by"))
    case .model:
      guard let model = experiment.model else { throw Found(FlowProblem.needsModel("plot")) }
      return model.picture
    case .weights:
      guard let trained = experiment.model?.trained else { throw Found(FlowProblem.needsWeights("plot")) }
      return trained.weightPicture
    case .importance:
      let (importance, place) = try Self.importance(
        bound, repeats: 10, seed: 0, option: "by", &experiment, context)
      return importance.picture(place)
    case .predictions, .residuals, .confusion, .roc, .pr, .calibration:
      guard let trained = experiment.model?.trained else { throw Found(FlowProblem.needsWeights("plot")) }
      if let problem = problem(kind, trained.target) { throw Found(problem) }
      let rows = try ChosenRows(bound, of: "plot", needsTargets: true, experiment, context)
      experiment.announceData(to: context, force: true, target: trained.target)
      let (outcomes, warnings) = try trained.outcomes(
        of: rows.table, rows: rows.indices, threads: context.options.threads)
      context.warn(warnings, at: bound.nameSpan)
      let subtitle = "\(rows.place), \(counted(rows.count, "row"))"
      return try trained.picture(kind, outcomes, subtitle)
    }
  }
}
