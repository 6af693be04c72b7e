import NNData
import NNDiagnostics
import NNSyntax

/// Joins a stage as written with what the catalog says of it.
struct StageBinder {
  let evaluator: Evaluator
  let context: CheckContext

  /// - Parameter table: the one at hand, whose columns' names may stand where they do not belong.
  func bind(_ node: NNSyntax.Stage, to declaration: StageDeclaration, table: Table? = nil) -> BoundStage {
    var isBroken = node.isBroken
    let context = context
    let report: (any Problem, Span) -> Void = { problem, span in
      isBroken = true
      context.report(problem, at: span)
    }
    let evaluator = Evaluator(scope: evaluator.scope, report: report, use: evaluator.use)
    let arguments = evaluator.evaluate(node.arguments)
    isBroken = isBroken || arguments.isBroken
    var binder = Binder(report: report, own: OwnComponents(context.options))
    binder.isColumn = { name in table?[name] != nil }
    let bound = binder.bind(
      arguments.found, to: declaration, ownerSpan: node.name.span, isBroken: isBroken)
    var result = BoundStage(
      nameSpan: node.name.span, span: node.span, arguments: bound, plan: nil, condition: nil, isBroken: false)
    switch node.tail {
    case .none:
      if declaration.tail == .condition, !isBroken {
        report(FlowProblem.needsCondition(declaration.name), node.name.span)
      }
    case .block(let block):
      if declaration.tail == .block {
        result.plan = ModelPlanner(context: context, report: report).plan(block, evaluator)
      } else {
        report(NameProblem.noBlock(declaration.name), block.span)
      }
    case .condition(let condition):
      result.condition = bind(condition, evaluator)
    case .body(let body):
      report(NameProblem.noBody(declaration.name, takesBlock: declaration.tail == .block), body.span)
    }
    result.isBroken = isBroken
    return result
  }

  private func bind(_ condition: Condition, _ evaluator: Evaluator) -> BoundCondition? {
    guard let subject = evaluator.evaluate(condition.subject)?.constant.text,
      let value = evaluator.evaluate(condition.value)
    else { return nil }
    guard value.constant.text != nil else {
      evaluator.report(
        NameProblem.wrongType(
          option: subject, expectation: "one value to compare with", found: value.constant.shown,
          suggestion: nil),
        value.span)
      return nil
    }
    return BoundCondition(
      subject: subject, subjectSpan: condition.subject.span, comparison: condition.comparison, value: value,
      text: context.sources.text(condition.span))
  }
}
