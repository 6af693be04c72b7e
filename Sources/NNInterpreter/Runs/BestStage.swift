import NNData
import NNDiagnostics
import NNEngine
import NNReport

/// `best val_loss`: takes the best row's best run into the flow.
struct BestStage: Stage {
  static let declaration = StageDeclaration(
    "best", "takes the best run into the flow: its model, history and metrics",
    options: [
      OptionDeclaration(
        "metric", .text("a metric's name"), positional: true, "what they are ranked by, by its mean"),
      OptionDeclaration(
        "mode", .choice(["auto", "min", "max"]), default: .text("auto"),
        "whether less or more is better; `auto` asks the metric"),
    ],
    needs: [.runs], runsAfterInterruption: true, trains: true, streams: true)

  private let bound: BoundStage

  init(_ bound: BoundStage) { self.bound = bound }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    checkMetric(bound, "metric", experiment, context)
    guard var runs = experiment.runs else { return }
    runs.isChosen = true
    if let first = runs.rows.first?.experiment {
      let isUncertain = experiment.isUncertain || first.isUncertain
      experiment = first
      experiment.isUncertain = isUncertain
    }
    context.compilations.use(experiment.model?.compile?.span)
    experiment.runs = runs
  }

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    guard var runs = experiment.runs else {
      if context.stop.isRequested { return }
      throw Found(FlowProblem.needsRuns("best"), at: bound.nameSpan)
    }
    let leaderboard = Leaderboard(runs, by: bound.arguments.text("metric"), mode: bound.mode)
    guard let group = leaderboard.groups.first(where: { leaderboard.bestRun(in: $0) != nil }),
      let run = leaderboard.bestRun(in: group)
    else {
      if context.stop.isRequested { return }
      throw Found(RunsProblem.nothingDone, at: bound.nameSpan)
    }
    let chosen = try run.experiment(context)
    runs.isChosen = true
    let isAnnounced = experiment.data?.isAnnounced ?? false
    experiment = chosen
    experiment.data?.isAnnounced = isAnnounced || chosen.data?.isAnnounced ?? false
    experiment.runs = runs
    // Within a run that is one row, this is one step among others.
    if context.run == nil {
      context.tell(.output(stage: "best", text: text(run, group, leaderboard)))
    }
  }

  private func text(_ run: Runs.Run, _ group: RunGroup, _ leaderboard: Leaderboard) -> String {
    var parts = ["run \(run.number)"]
    let settings = run.settings.map { "\($0.name)=\($0.text)" }.joined(separator: " ")
    if !settings.isEmpty { parts.append(settings) }
    if let metric = leaderboard.metric, let value = run.metric(metric) {
      var text = "\(metric) \(formatMetric(value))"
      if group.runs.count > 1, let summary = group.summary(metric) {
        text +=
          " (\(formatMetric(summary.mean)) ± \(formatMetric(summary.deviation, significantDigits: 2)) over \(summary.count))"
      }
      parts.append(text)
    }
    if let digest = run.digest { parts.append("weights \(digest)") }
    return "best: " + escapingControls(parts.joined(separator: ", "))
  }
}
