import NNData
import NNDiagnostics
import NNEngine
import NNReport

/// `threshold 0.3`, `threshold f1 [path=FILE]`: from which probability on the second of two classes is said.
struct ThresholdStage: Stage {
  static let declaration = StageDeclaration(
    "threshold", "sets from which probability on the second of two classes is said",
    options: [
      OptionDeclaration(
        "at", aliases: ["rule"],
        .either(
          .number(NumberRange(0, 1, excludesLower: true, excludesUpper: true)),
          .choice(ThresholdChoice.Rule.allCases.map(\.rawValue))),
        positional: true, required: true,
        "the probability itself, or by what the validation rows choose it: f1, youden (recall less false alarms), accuracy, or cost"
      ),
      OptionDeclaration(
        "path", aliases: ["on", "data"], .text("a file"),
        "rows to choose it by instead of the validation part"),
      OptionDeclaration(
        "false_alarm", aliases: ["false_positive", "fp"], .number(.nonNegative), default: .number(1),
        "of `cost`: what it costs to say the second class where it is the first"),
      OptionDeclaration(
        "miss", aliases: ["false_negative", "fn"], .number(.nonNegative), default: .number(1),
        "of `cost`: what it costs to say the first class where it is the second"),
    ],
    needs: [.weights], trains: true)

  private let bound: BoundStage

  var files: StageFiles { StageFiles(reads: [bound.arguments.text("path")]) }

  init(_ bound: BoundStage) { self.bound = bound }

  private var rule: ThresholdChoice.Rule? {
    bound.arguments.text("at").flatMap(ThresholdChoice.Rule.init(rawValue:))
  }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    defer { experiment.metrics.removeAll { $0.name.hasPrefix("test_") } }
    guard !bound.isBroken else { return }
    for option in ["false_alarm", "miss"] where bound.arguments.isGiven(option) && rule != .cost {
      context.report(
        FlowProblem.optionOfKind(
          option, stage: "threshold", kind: "cost",
          found: rule?.rawValue ?? bound.arguments.number("at").map(describeNumber) ?? ""),
        at: bound.arguments.span(option))
    }
    if rule == nil, bound.arguments.isGiven("path") {
      context.report(
        FlowProblem.optionsExclude("path", of: "threshold", "a given probability"),
        at: bound.arguments.span("path"))
      return
    }
    if let model = experiment.model, let target = model.target {
      if let problem = problem(
        target, outputs: model.trained?.network.outputWidth ?? target.output?.units ?? model.plan.lastUnits)
      {
        context.report(problem, at: bound.nameSpan)
        return
      }
    }
    if rule != nil { LearningRows.check(bound, of: "threshold", experiment, context) }
  }

  private func problem(_ target: TargetPlan, outputs: Int?) -> OutcomeProblem? {
    let name = target.roles.targets.first ?? "the target"
    if target.kind == .numeric { return .needsTwoClasses(stage: "threshold", target: name, classes: 0) }
    if Catalog.makeLoss(target.loss).output == .margins { return .needsProbabilities(stage: "threshold") }
    guard let outputs, outputs != 1 else { return nil }
    return target.kind == .binary
      ? .needsOneOutput(stage: "threshold", outputs: outputs)
      : .needsTwoClasses(stage: "threshold", target: name, classes: outputs)
  }

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    guard let model = experiment.model, var trained = model.trained else {
      throw Found(FlowProblem.needsWeights("threshold"))
    }
    if let problem = problem(trained.target, outputs: trained.network.outputWidth) {
      throw Found(problem, at: bound.nameSpan)
    }
    let classes = trained.preprocessor.classes ?? []
    let name = classes.count == 2 ? "`\(classes[1])`" : "the second class"
    guard let rule else {
      let value = Float(bound.arguments.number("at", or: 0.5))
      trained.decision = value == 0.5 ? nil : DecisionThreshold(value: value)
      experiment.model?.training = .ready(trained)
      experiment.metrics.removeAll { $0.name.hasPrefix("test_") }
      context.tell(
        .output(stage: "threshold", text: "\(name) is said above a probability of \(shortestText(value))"))
      return
    }
    let rows = try LearningRows(bound, of: "threshold", experiment, context)
    experiment.announceData(to: context, force: true, target: trained.target)
    let (found, warnings) = try placed(at: bound.nameSpan) { () throws(Found) in
      try trained.outcomes(of: rows.table, rows: rows.indices, threads: context.options.threads)
    }
    context.warn(warnings, at: bound.nameSpan)
    guard case .classes(let outcomes) = found else { return }
    let choice = ThresholdChoice(scores: outcomes.scores(of: 1), isPositive: outcomes.truth.map { $0 == 1 })
    guard
      let value = choice.best(
        rule, falseAlarmCost: bound.arguments.number("false_alarm", or: 1),
        missCost: bound.arguments.number("miss", or: 1))
    else {
      throw Found(OutcomeProblem.oneClassOnly(stage: "threshold", place: rows.place), at: bound.nameSpan)
    }
    trained.decision = DecisionThreshold(value: value, rule: rule.rawValue)
    experiment.model?.training = .ready(trained)
    experiment.metrics.removeAll { $0.name.hasPrefix("test_") }
    let table = TextTable(
      headers: ["above", "precision", "recall", "f1", "accuracy"],
      rows: [("0.5", choice.counts(0.5)), (formatMetric(Double(value)), choice.counts(value))].map {
        text, counts in
        [
          text, counts.precision.map(formatShare) ?? "–", counts.recall.map(formatShare) ?? "–",
          formatShare(counts.f1), formatShare(counts.accuracy),
        ]
      }, indent: 2, isColored: context.options.usesColor)
    context.tell(
      .output(
        stage: "threshold",
        text:
          "\(name) is said above a probability of \(formatMetric(Double(value))), by \(rule.rawValue) on \(rows.place), \(counted(rows.count, "row"))\n"
          + table.render(maxWidth: context.options.width)))
  }
}
