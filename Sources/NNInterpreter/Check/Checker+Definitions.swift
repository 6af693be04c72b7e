import NNDiagnostics
import NNSyntax

/// `def NAME(…) { … }` and its uses.
extension Checker {
  /// Uses of definitions within definitions, at most.
  static let deepestExpansion = 50
  /// Stages and layers that definitions may be expanded to.
  static let mostExpanded = 10_000

  mutating func check(_ definition: Definition, in place: Place) {
    let name = definition.name
    if isTaken(name.text) { context.report(NameProblem.reservedName(name.text), at: name.span) }
    var formals: [FlowDefinition.Formal] = []
    for formal in definition.formals {
      if formals.contains(where: { $0.name.text == formal.name.text }) {
        context.report(ScriptProblem.formalTwice(formal.name.text), at: formal.name.span)
        continue
      }
      let value = formal.defaultValue.flatMap(evaluator.evaluate)
      formals.append(
        FlowDefinition.Formal(
          name: formal.name,
          defaultValue: value.map { Evaluated(constant: $0.constant.settled, span: $0.span) },
          isBroken: formal.defaultValue != nil && value == nil))
    }
    let defined = FlowDefinition(
      name: name, formals: formals, body: definition.body, sees: scope.count,
      isOfLayers: startsWithLayer(definition.body))
    checkBody(of: defined)
    if isTaken(name.text) {
      scope.defineBroken(name.text)
      return
    }
    scope.define(defined)
    builder.name { $0.define(defined) }
    if place == .script { context.uses.declare(.definition, name) }
  }

  /// Names of the language cannot be given away, those of versions to come neither.
  private func isTaken(_ name: String) -> Bool {
    Catalog.stage(named: name) != nil || Catalog.layer(named: name) != nil
      || ComponentKind.allCases.contains { Catalog.component($0, named: name) != nil }
      || ["let", "def", "param", "include", "true", "false", "none"].contains(name)
  }

  private func startsWithLayer(_ body: Script) -> Bool {
    for case .flow(let flow) in body.statements {
      guard flow.start == nil, let first = flow.stages.first else { return false }
      return Catalog.layer(named: first.name.text) != nil
        || scope.definition(first.name.text)?.isOfLayers == true
    }
    return false
  }

  /// Finds what is wrong with a body whoever uses it: nothing is known of its values, nor of the experiment.
  private func checkBody(of definition: FlowDefinition) {
    var checker = self
    checker.context = context.aside()
    checker.context.expansions = [(definition.name.text, definition.name.span)]
    checker.scope = scope.inside(definition)
    for formal in definition.formals { checker.scope.bind(formal.name.text, .broken) }
    if definition.isOfLayers {
      let context = checker.context
      ModelPlanner(context: context, report: { context.report($0, at: $1) })
        .look(through: definition.body, checker.evaluator)
    } else {
      var nothing = Experiment()
      nothing.isUncertain = true
      var cursor = PlanBuilder.Cursor(start: .given, isOfScript: false, name: nil)
      checker.check(definition.body.statements, on: &nothing, &cursor, in: .body)
    }
    for var diagnostic in checker.context.diagnostics where diagnostic.severity == .error {
      diagnostic.notes = []
      context.report(diagnostic)
    }
    context.unknownStages += checker.context.unknownStages
    context.uses.merge(checker.context.uses)
  }

  /// Runs through a definition's body in the place of a stage.
  mutating func expand(
    _ definition: FlowDefinition, at node: NNSyntax.Stage, on experiment: inout Experiment,
    _ cursor: inout PlanBuilder.Cursor
  ) {
    context.uses.use(definition.name.span)
    if definition.isOfLayers {
      context.report(NameProblem.layerOutsideModel(definition.name.text), at: node.name.span)
      experiment.isUncertain = true
      return
    }
    switch node.tail {
    // The parser has reported a comparison that is not one of `filter` or `expect`.
    case .none, .condition: break
    case .block(let block): context.report(NameProblem.noBlock(definition.name.text), at: block.span)
    case .body(let body):
      context.report(NameProblem.noBody(definition.name.text, takesBlock: false), at: body.span)
    }
    let inside = definition.scope(with: node.arguments, at: node.name, isBroken: node.isBroken, evaluator)
    guard context.enter(definition, at: node.name.span) else {
      experiment.isUncertain = true
      return
    }
    let outside = scope
    scope = inside
    check(definition.body.statements, on: &experiment, &cursor, in: .body)
    scope = outside
    context.leave()
  }
}

extension CheckContext {
  /// Goes into a definition's body.
  /// - Returns: false where that has been looked through already, or where definitions within definitions come to too much,
  ///   which is then reported.
  func enter(_ definition: FlowDefinition, at span: Span) -> Bool {
    if isAside { return false }
    expanded += max(definition.body.statements.count, 1)
    guard expanded <= Checker.mostExpanded, expansions.count < Checker.deepestExpansion else {
      let within = expansions
      let outermost = within.first ?? (definition.name.text, span)
      expansions = []
      report(ScriptProblem.tooMuch(outermost.name), at: outermost.span)
      expansions = within
      return false
    }
    expansions.append((definition.name.text, span))
    return true
  }

  func leave() { _ = expansions.popLast() }
}

extension FlowDefinition {
  /// What names stand for in the body, with its formals bound to a use's arguments.
  func scope(
    with arguments: [Argument], at name: Name, isBroken: Bool, _ evaluator: Evaluator
  ) -> Scope {
    var scope = evaluator.scope.inside(self)
    var isBroken = isBroken
    for formal in formals {
      scope.bind(formal.name.text, formal.defaultValue.map { .value($0.constant) } ?? .broken)
    }
    let evaluated = evaluator.evaluate(arguments)
    isBroken = isBroken || evaluated.isBroken
    var binder = Binder(report: evaluator.report)
    binder.taken = { name, value in scope.bind(name, .value(value.constant.settled)) }
    _ = binder.bind(evaluated.found, to: declaration, ownerSpan: name.span, isBroken: isBroken)
    // Which argument could not be worked out is not known here.
    if evaluated.isBroken { for formal in formals { scope.bind(formal.name.text, .broken) } }
    return scope
  }
}
