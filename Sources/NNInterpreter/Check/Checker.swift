import NNDiagnostics
import NNEngine
import NNSyntax

/// Checks a script as a whole before anything runs: names, arguments, slots, shapes, columns, files. All problems come at once.
struct Checker {
  /// Where a statement stands.
  enum Place {
    case script
    case included
    case body
  }

  var context: CheckContext
  var scope: Scope
  var builder: PlanBuilder
  var includes: IncludedFiles
  var parameters: Parameters
  private let experiment: Experiment
  /// The experiment as the script checked last leaves it, as far as it can be known.
  private(set) var reached: Experiment

  /// - Parameter keepsExperiments: the plan is to be shown, with the experiment behind every stage.
  init(
    context: CheckContext, scope: Scope, experiment: Experiment, fileName: String,
    keepsExperiments: Bool = false
  ) {
    self.context = context
    self.scope = scope
    self.experiment = experiment
    reached = experiment
    builder = PlanBuilder(keepsExperiments: keepsExperiments)
    includes = IncludedFiles(script: fileName)
    parameters = Parameters(settings: context.options.settings)
  }

  /// - Parameter hasSyntaxErrors: the parser has reported some: what is of no use without them is not known.
  mutating func check(_ script: Script, hasSyntaxErrors: Bool = false) -> Plan {
    var current = experiment
    var cursor = PlanBuilder.Cursor(start: .given, isOfScript: true, name: nil)
    check(script.statements, on: &current, &cursor, in: .script)
    reached = current
    parameters.reportUnknown(to: context)
    let hasErrors = hasSyntaxErrors || context.diagnostics.contains { $0.severity == .error }
    if context.options.isWholeScript, !hasErrors { warnOfUnused() }
    return builder.finished(at: cursor)
  }

  mutating func check(
    _ statements: [Statement], on experiment: inout Experiment, _ cursor: inout PlanBuilder.Cursor,
    in place: Place
  ) {
    for statement in statements {
      switch statement {
      case .flow(let flow):
        if place == .included {
          context.report(ScriptProblem.flowInIncluded, at: flow.stages.first?.name.span ?? flow.span)
        } else {
          check(flow, on: &experiment, &cursor)
        }
      case .binding(let binding): check(binding, startingFrom: experiment, cursor, in: place)
      case .parameter(let parameter):
        if isAtTop(place, "param", parameter.span) { check(parameter, in: place) }
      case .definition(let definition):
        if isAtTop(place, "def", definition.span) { check(definition, in: place) }
      case .include(let include):
        if isAtTop(place, "include", include.span) { check(include, startingFrom: experiment, cursor) }
      }
    }
  }

  private func isAtTop(_ place: Place, _ word: String, _ span: Span) -> Bool {
    if place != .body { return true }
    context.report(ScriptProblem.notAtTop(word), at: Span(span.start, span.start + word.utf8.count))
    return false
  }

  var evaluator: Evaluator {
    let context = context
    return Evaluator(scope: scope, report: { context.report($0, at: $1) }, use: { context.uses.use($0) })
  }

  /// Gives a name a meaning, here and, if it is one of the script's, when the run gets here.
  mutating func bind(
    _ name: String, _ meaning: Scope.Meaning, declaredAt span: Span?, in place: Place
  ) {
    scope.bind(name, meaning, declaredAt: span)
    if place != .body { builder.name { $0.bind(name, meaning, declaredAt: nil) } }
  }

  // MARK: Let

  private mutating func check(
    _ binding: Let, startingFrom experiment: Experiment, _ cursor: PlanBuilder.Cursor, in place: Place
  ) {
    let name = binding.name
    if binding.isBroken { return bind(name.text, .broken, declaredAt: nil, in: place) }
    switch binding.binding {
    case .value(.variable(let other, let span)) where scope[other]?.isFlow == true:
      // Another name for a flow.
      check(
        Flow(start: Name(other, span: span), stages: [], span: span), boundTo: name,
        startingFrom: experiment, cursor, in: place)
    case .value(let value):
      // Where the value is not known, the name still is: uses of it are not reported again.
      let meaning = evaluator.evaluate(value).map { Scope.Meaning.value($0.constant.settled) } ?? .broken
      bind(name.text, meaning, declaredAt: name.span, in: place)
      if place != .included { context.uses.declare(.value, name) }
    case .flow(let flow):
      check(flow, boundTo: name, startingFrom: experiment, cursor, in: place)
    }
  }

  private mutating func check(
    _ flow: Flow, boundTo name: Name, startingFrom experiment: Experiment, _ cursor: PlanBuilder.Cursor,
    in place: Place
  ) {
    var copy = experiment
    var own = PlanBuilder.Cursor(start: cursor.start, isOfScript: false, name: name.text)
    check(flow, on: &copy, &own)
    let future = FlowFuture(copy)
    builder.bind(future, at: own)
    bind(name.text, .flow(future), declaredAt: name.span, in: place)
    let isSilent = flow.stages.allSatisfy {
      Catalog.stage(named: $0.name.text)?.declaration.isSilent ?? $0.name.text.isEmpty
    }
    if place != .included, isSilent { context.uses.declare(.flow, name) }
  }

  // MARK: Flows

  private mutating func check(
    _ flow: Flow, on experiment: inout Experiment, _ cursor: inout PlanBuilder.Cursor
  ) {
    if let start = flow.start {
      context.uses.use(scope.binding(start.text)?.declaration)
      switch scope[start.text] {
      case .flow(let future)?:
        experiment = future.experiment
        builder.start(from: future, &cursor)
      case .value(let constant)?:
        let stage = constant.text.flatMap { Catalog.stage(named: $0) == nil ? nil : $0 }
        context.report(NameProblem.valueAsFlow(start.text, value: stage), at: start.span)
        experiment.isUncertain = true
      case .broken?: experiment.isUncertain = true
      case nil:
        context.report(
          NameProblem.unboundName(
            start.text, suggestion: Spelling.nearest(to: start.text, in: scope.suggested.names),
            isKnownWord: false),
          at: start.span)
        experiment.isUncertain = true
      }
    }
    for node in flow.stages { check(node, on: &experiment, &cursor) }
  }

  mutating func check(
    _ node: NNSyntax.Stage, on experiment: inout Experiment, _ cursor: inout PlanBuilder.Cursor
  ) {
    // The parser could not read it, and has said so.
    if node.name.text.isEmpty {
      experiment.isUncertain = true
      return
    }
    if let definition = scope.definition(node.name.text) {
      return expand(definition, at: node, on: &experiment, &cursor)
    }
    guard let type = Catalog.stage(named: node.name.text) else {
      experiment.isUncertain = true
      if scope.isBrokenDefinition(node.name.text) { return }
      context.report(unknownStage(node.name.text), at: node.name.span)
      context.unknownStages.append(node.span)
      return
    }
    if type.declaration.tail == .body {
      return checkRuns(node, of: type, on: &experiment, &cursor)
    }
    var node = node
    let flows = type == CompareStage.self ? takeFlows(&node) : []
    var bound = StageBinder(evaluator: evaluator, context: context).bind(
      node, to: type.declaration, table: experiment.data?.table)
    bound.flows = flows
    bound.uses = context.expansions.reversed().map(\.span)
    checkNeeds(type.declaration, bound, experiment)
    let stage = type.init(bound)
    if let problem = type.declaration.problem(withStreamIn: experiment), !experiment.isUncertain {
      context.report(problem, at: bound.nameSpan)
    } else {
      stage.check(&experiment, context)
    }
    builder.append(
      Plan.Step(stage: stage, span: bound.span, declaration: type.declaration, bound: bound),
      after: experiment, to: &cursor)
    builder.need(flows.map(\.future), at: cursor)
  }

  private func unknownStage(_ name: String) -> any Problem {
    if let use = context.expansions.last(where: { $0.name == name }) {
      return ScriptProblem.usesItself(use.name)
    }
    if Catalog.layer(named: name) != nil { return NameProblem.layerOutsideModel(name) }
    if let meant = Elsewhere.stage(for: name) {
      return NameProblem.unknownStage(name, suggestion: meant, advice: nil)
    }
    let own = scope.suggested.definitions.filter { !$0.isOfLayers }.map(\.name.text)
    let known = Catalog.stages.flatMap { [$0.declaration.name] + $0.declaration.aliases } + own
    if let near = Spelling.nearest(to: name, in: known) {
      return NameProblem.unknownStage(name, suggestion: near, advice: nil)
    }
    return NameProblem.unknownStage(
      name, suggestion: nil,
      advice: "the stages are \(quotedAll(Catalog.stages.map { $0.declaration.name } + own))")
  }

  func checkNeeds(
    _ declaration: StageDeclaration, _ bound: BoundStage, _ experiment: Experiment
  ) {
    guard !experiment.isUncertain else { return }
    for need in declaration.needs {
      let problem: FlowProblem? =
        switch need {
        case .data: experiment.data == nil ? .needsData(declaration.name) : nil
        case .model: experiment.model == nil ? .needsModel(declaration.name) : nil
        case .weights:
          experiment.model == nil
            ? .needsModel(declaration.name)
            : experiment.model?.hasWeights == false ? .needsWeights(declaration.name) : nil
        case .history: experiment.history == nil ? .needsHistory(declaration.name) : nil
        case .runs: experiment.runs == nil ? .needsRuns(declaration.name) : nil
        }
      if let problem {
        context.report(problem, at: bound.nameSpan)
        return
      }
    }
  }

  // MARK: Warnings

  /// What only the whole script can show to be of no use.
  private func warnOfUnused() {
    for declared in context.uses.unused {
      context.report(NameProblem.unused(declared.kind, declared.name), at: declared.span)
    }
    for span in context.compilations.unused { context.report(FlowProblem.compileUnused, at: span) }
  }
}

extension Scope.Meaning {
  fileprivate var isFlow: Bool { if case .flow = self { true } else { false } }
}
