import NNData
import NNDiagnostics
import NNEngine

/// `runs`: the leaderboard, shown or written to a file.
struct RunsStage: Stage {
  static let declaration = StageDeclaration(
    "runs", "shows the runs as a leaderboard, or writes them to a file",
    options: [
      OptionDeclaration("by", .text("a metric's name"), positional: true, "what ranks them"),
      OptionDeclaration("top", .integer(1...1_000_000), default: .integer(20), "rows to show"),
      OptionDeclaration(
        "mode", .choice(["auto", "min", "max"]), default: .text("auto"),
        "whether less or more is better; `auto` asks the metric"),
      OptionDeclaration("to", .text("a file"), "a file for all of them, ending in .csv or .json"),
    ],
    needs: [.runs], runsAfterInterruption: true, streams: true)

  private let bound: BoundStage

  init(_ bound: BoundStage) { self.bound = bound }

  var files: StageFiles {
    StageFiles(writes: bound.arguments.text("to").map { [.file($0)] } ?? [])
  }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    checkMetric(bound, "by", experiment, context)
    guard let path = bound.arguments.text("to") else { return }
    let span = bound.arguments.span("to")
    if path.contains("://") {
      context.report(DataProblem.remote(path), at: span)
    } else if ![".csv", ".json"].contains(ending(of: path)) {
      context.report(DataProblem.ending(path: path, known: [".csv", ".json"]), at: span)
    }
    context.writtenPaths.insert(path)
  }

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    guard let runs = experiment.runs else {
      if context.stop.isRequested { return }
      throw Found(FlowProblem.needsRuns("runs"), at: bound.nameSpan)
    }
    guard let path = bound.arguments.text("to") else {
      context.tell(
        .output(
          stage: "runs",
          text: runs.leaderboard(
            by: bound.arguments.text("by"), mode: bound.mode, top: bound.arguments.integer("top"),
            width: context.options.width, isColored: context.options.usesColor)))
      return
    }
    let text = ending(of: path) == ".csv" ? runs.csv : runs.jsonText
    try placed(at: bound.arguments.span("to")) { () throws(Found) in
      do throws(DataError) {
        try makeFolders(above: expandingTilde(path))
        let file = try AtomicFile(path: expandingTilde(path))
        try file.write(Array(text.utf8))
        try file.commit()
      } catch {
        throw Found(RunProblem.writing(error))
      }
    }
    context.tables.forget(path: expandingTilde(path))
    context.tell(.saved(path: path))
  }
}

extension BoundStage {
  /// `mode=`, as a metric's direction; nil for `auto`.
  var mode: MetricDirection? {
    switch arguments.text("mode") {
    case "min": .minimize
    case "max": .maximize
    default: nil
    }
  }
}

/// Reports a metric that no run measures, or of which nobody knows which direction is better.
func checkMetric(_ bound: BoundStage, _ option: String, _ experiment: Experiment, _ context: CheckContext) {
  guard let runs = experiment.runs, !experiment.isUncertain,
    !runs.rows.contains(where: {
      $0.experiment?.isUncertain == true || $0.experiment?.model?.isUnknown == true
    })
  else { return }
  guard let metric = bound.arguments.text(option) ?? runs.mainMetric else { return }
  if !runs.metricNames.contains(metric) {
    let compile = runs.rows.first?.experiment?.model?.compile
    context.report(
      RunsProblem.notMeasured(
        metric, known: runs.metricNames, suggestion: compile.suggestion(for: metric, among: runs.metricNames)),
      at: bound.arguments.span(option) ?? bound.nameSpan)
  } else if runs.directions[metric] == nil, bound.mode == nil {
    context.report(RunsProblem.noDirection(metric), at: bound.arguments.span(option) ?? bound.nameSpan)
  }
}

extension Runs {
  /// A line a run, in the source's order, behind a header: settings, metrics, seed, digest, status, seconds and the script line.
  public var csv: String {
    func cell(_ text: String) -> String {
      let isPlain = !text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
      return isPlain ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
    func number(_ value: Double) -> String {
      value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }
    // A setting and a column of its own may have one name.
    let settings = settingNames.filter { $0 != "seed" }
    let header = ["run"] + settings + metricNames + ["seed", "digest", "status", "seconds", "script"]
    var lines = [header.map(cell).joined(separator: ",")]
    for run in rows {
      var cells = ["\(run.number)"]
      cells += settings.map { run.setting($0)?.text ?? "" }
      cells += metricNames.map { run.metric($0).map(number) ?? "" }
      cells.append((run.seed.map { "\($0)" } ?? run.setting("seed")?.text) ?? "")
      cells += [run.digest ?? "", run.status.rawValue, number(run.seconds), run.script]
      lines.append(cells.map(cell).joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// An array of the objects that `--json` tells.
  public var jsonText: String {
    JSONValue.array(rows.map(\.json)).text() + "\n"
  }
}
