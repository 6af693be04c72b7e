import NNData
import NNDiagnostics
import NNEngine
import NNReport

/// `compare $a $b`: sets experiments side by side, and says which differences chance alone explains.
struct CompareStage: Stage {
  static let declaration = StageDeclaration(
    "compare", "sets experiments, or a sweep's rows, side by side, and says what is only luck",
    options: [
      OptionDeclaration("metric", .text("a metric's name"), "what they are compared by"),
      OptionDeclaration(
        "mode", .choice(["auto", "min", "max"]), default: .text("auto"),
        "whether less or more is better; `auto` asks the metric"),
      OptionDeclaration("top", .integer(2...1000), default: .integer(8), "rows of a sweep to compare"),
    ], runsAfterInterruption: true, streams: true)

  private let bound: BoundStage
  var flows: [NamedFlow] { bound.flows }

  init(_ bound: BoundStage) { self.bound = bound }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    let sides = flows.map(\.future.experiment)
    if bound.isBroken || experiment.isUncertain || sides.contains(where: \.isUncertain) { return }
    if flows.count == 1, experiment.runs == nil, experiment.model?.hasWeights != true {
      context.report(RunsProblem.comparesNothing, at: bound.nameSpan)
    } else if flows.isEmpty, (experiment.runs?.groups.count ?? 0) < 2 {
      context.report(RunsProblem.comparesNothing, at: bound.nameSpan)
    }
    for (flow, side) in zip(flows, sides) where side.runs == nil && side.metrics.isEmpty {
      context.report(FlowProblem.needsWeights("compare"), at: flow.span)
    }
    let all = flows.isEmpty ? [experiment] : sides + (flows.count == 1 ? [experiment] : [])
    let names = all.map { side in side.runs?.metricNames ?? side.metrics.map(\.name) }
    let common = (names.first ?? []).filter { name in names.allSatisfy { $0.contains(name) } }
    if let metric = bound.arguments.text("metric") {
      if !common.contains(metric) {
        context.report(
          RunsProblem.notMeasured(
            metric, known: common, suggestion: Spelling.nearest(to: metric, in: common)),
          at: bound.arguments.span("metric"))
      } else {
        let directions = all.compactMap { side in
          side.runs?.directions[metric] ?? side.model?.compile?.direction(of: metric)
        }
        if directions.isEmpty, bound.mode == nil, !metric.hasSuffix("loss") {
          context.report(RunsProblem.noDirection(metric), at: bound.arguments.span("metric"))
        }
      }
    } else if common.isEmpty, !flows.isEmpty {
      context.report(RunsProblem.noCommonMetric, at: bound.nameSpan)
    }
  }

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    var sides: [Comparison.Side] = []
    if flows.isEmpty {
      guard let runs = experiment.runs else {
        if context.stop.isRequested { return }
        throw Found(RunsProblem.comparesNothing, at: bound.nameSpan)
      }
      let leaderboard = Leaderboard(runs, by: bound.arguments.text("metric"), mode: bound.mode)
      sides = leaderboard.groups.prefix(bound.arguments.integer("top", or: 8)).map { group in
        Comparison.Side(
          name: group.settingsText.isEmpty ? "these runs" : group.settingsText, runs: group.finished,
          directions: runs.directions, metricNames: runs.metricNames, repetitions: runs.groupedOver)
      }
    } else {
      for flow in flows { sides.append(Comparison.Side(flow.name, flow.future.experiment, mode: bound.mode)) }
      if flows.count == 1 { sides.append(Comparison.Side("this flow", experiment, mode: bound.mode)) }
    }
    guard
      let comparison = Comparison(
        sides: sides, metric: bound.arguments.text("metric"), mode: bound.mode)
    else { throw Found(RunsProblem.noCommonMetric, at: bound.nameSpan) }
    context.tell(
      .output(
        stage: "compare",
        text: comparison.text(width: context.options.width, isColored: context.options.usesColor)))
  }
}
