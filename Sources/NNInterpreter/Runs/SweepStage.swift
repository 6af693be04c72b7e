import NNData
import NNDiagnostics
import NNEngine
import NNSyntax

/// `sweep lr=[0.1, 0.01] width=[8, 16] { … }`: runs its body once for each combination of values.
struct SweepStage: ManyRunsStage {
  static let declaration = StageDeclaration(
    "sweep", "runs its body once for each combination of values, or for random ones",
    options: [
      OptionDeclaration(
        "trials", .integer(1...SweepVariable.mostRuns), "random combinations, so many; all of them if absent"),
      OptionDeclaration("seed", .integer(0...Int.max), default: .integer(0), "for drawing trials"),
      OptionDeclaration(
        "halving", .integer(2...100),
        "at each turn only the best of so many goes on, with so many times the epochs"
      ),
      OptionDeclaration(
        "by", .text("a metric's name"), "what `halving` goes by; else the first watched value"),
    ] + keepingOptions,
    tail: .body, trains: true, streams: true)

  let bound: BoundStage

  init(_ bound: BoundStage) { self.bound = bound }

  static func drafts(
    _ bound: BoundStage, _ variables: [SweepVariable], _ experiment: Experiment, _ context: CheckContext
  ) -> [RunDraft]? {
    if variables.isEmpty {
      context.report(RunsProblem.noVariables, at: bound.nameSpan)
      return nil
    }
    let rows: [[Constant]]
    if let trials = bound.arguments.integer("trials") {
      rows = SweepVariable.draw(
        variables, trials: trials, seed: UInt64(bound.arguments.integer("seed", or: 0)))
    } else {
      guard let count = SweepVariable.gridCount(variables) else {
        for variable in variables where variable.count == nil {
          context.report(RunsProblem.noTrials(variable.name.text), at: variable.span)
        }
        return nil
      }
      if count > SweepVariable.mostRuns {
        context.report(RunsProblem.tooMany("the combinations of these values"), at: bound.nameSpan)
        return nil
      }
      rows = SweepVariable.grid(variables)
    }
    return rows.map { row in
      let values = zip(variables, row).map { (name: $0.name.text, value: $1) }
      return RunDraft(
        settings: values.map {
          Runs.Setting(name: $0.name, text: $0.value.scriptText, number: $0.value.number)
        }, bindings: values,
        head: "sweep " + values.map { "\($0.name)=[\($0.value.scriptText)]" }.joined(separator: " "))
    }
  }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    checkHalving(experiment, context)
  }
}
