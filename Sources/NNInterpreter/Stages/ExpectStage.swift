import NNDiagnostics

/// `expect val_mae < 0.3`: the script stops here if it does not hold.
struct ExpectStage: Stage {
  static let declaration = StageDeclaration(
    "expect", "stops the script with status 1 unless a metric is as expected", tail: .condition, streams: true
  )

  private let bound: BoundStage

  init(_ bound: BoundStage) { self.bound = bound }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    guard let condition = bound.condition else { return }
    if condition.value.constant.number == nil {
      context.report(
        NameProblem.wrongType(
          option: condition.subject, expectation: "a number to compare with",
          found: condition.value.constant.shown, suggestion: nil),
        at: condition.value.span)
    }
    guard !experiment.isUncertain, experiment.model?.isUnknown != true,
      experiment.model?.compile?.isBroken != true
    else { return }
    let known = experiment.metrics.map(\.name)
    let subject = condition.subject
    if !known.contains(subject) {
      context.report(
        FlowProblem.noSuchMetric(
          subject, known: known,
          suggestion: experiment.model?.compile.suggestion(for: subject, among: known) ?? nil,
          advice: experiment.model?.compile.advice(on: subject, among: known) ?? nil),
        at: condition.subjectSpan)
    } else if !subject.hasPrefix("val_"), !subject.hasPrefix("test_") {
      let better = ["val_", "test_"].map { $0 + subject }.first { known.contains($0) }
      context.report(FlowProblem.expectsTraining(subject, better: better), at: condition.subjectSpan)
    }
  }

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    guard let condition = bound.condition, let limit = condition.value.constant.number else { return }
    guard let value = experiment.metric(condition.subject) else {
      let measured = String(condition.subject.dropFirst(4))
      if condition.subject.hasPrefix("val_"), let epoch = experiment.history?.keptEpoch,
        experiment.metrics.contains(where: { $0.name == measured })
      {
        throw Found(
          FlowProblem.notMeasured(condition.subject, epoch: epoch), at: condition.subjectSpan)
      }
      throw Found(
        FlowProblem.noSuchMetric(
          condition.subject, known: experiment.metrics.map(\.name), suggestion: nil, advice: nil),
        at: condition.subjectSpan)
    }
    let holds = !value.isNaN && condition.comparison.holds(value, limit)
    context.tell(.expectation(text: condition.text, value: value, holds: holds))
    if !holds { throw Found(RunProblem.expectation(text: condition.text, value: value), at: bound.span) }
  }
}
