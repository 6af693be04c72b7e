import NNDiagnostics
import NNEngine
import NNSyntax

/// A script that was understood as a whole, ready to run.
struct Plan: Sendable {
  enum Step: Sendable {
    case stage(any Stage, span: Span, declaration: StageDeclaration)
    /// `$name | …`: go on from the experiment bound to the name.
    case start(String)
    /// `let name = flow`: run the steps on a copy, and bind what they give.
    case bind(String, [Step])
    case value(String, Constant)
  }

  var steps: [Step] = []
}

/// Checks a script as a whole before anything runs: names, arguments, slots, shapes, columns, files. All problems come at once.
struct Checker {
  private let context: CheckContext
  private(set) var scope: Scope<Experiment>
  private let experiment: Experiment
  /// The experiment as the script checked last leaves it, as far as it can be known.
  private(set) var reached: Experiment
  private var settings: [String: String]
  private var declaredParameters: [String] = []

  init(context: CheckContext, scope: Scope<Experiment>, experiment: Experiment) {
    self.context = context
    self.scope = scope
    self.experiment = experiment
    reached = experiment
    settings = Dictionary(context.options.settings.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
  }

  mutating func check(_ script: Script) -> Plan {
    var current = experiment
    declaredParameters = script.statements.compactMap {
      if case .parameter(let parameter) = $0 { parameter.name.text } else { nil }
    }
    for name in settings.keys.sorted() where !declaredParameters.contains(name) {
      context.report(
        NameProblem.unknownSetting(
          name, suggestion: Spelling.nearest(to: name, in: declaredParameters), known: declaredParameters),
        at: nil)
    }
    var plan = Plan()
    for statement in script.statements {
      switch statement {
      case .flow(let flow): plan.steps += check(flow, on: &current)
      case .binding(let binding): plan.steps += check(binding, startingFrom: current)
      case .parameter(let parameter): plan.steps += check(parameter)
      case .definition(let definition):
        context.report(NameProblem.notYet("def"), at: definition.name.span)
        scope[definition.name.text] = .value(.word(definition.name.text))
      case .include(let include): context.report(NameProblem.notYet("include"), at: include.span)
      }
    }
    reached = current
    return plan
  }

  private var evaluator: Evaluator<Experiment> {
    let context = context
    return Evaluator(scope: scope) { context.report($0, at: $1) }
  }

  private mutating func check(_ binding: Let, startingFrom experiment: Experiment) -> [Plan.Step] {
    if binding.isBroken {
      scope[binding.name.text] = nil
      brokenNames.insert(binding.name.text)
      return []
    }
    switch binding.binding {
    case .value(let value):
      guard let evaluated = evaluator.evaluate(value) else {
        // The name is known, its value is not: uses of it are not reported again.
        scope[binding.name.text] = nil
        brokenNames.insert(binding.name.text)
        return []
      }
      scope[binding.name.text] = .value(evaluated.constant.settled)
      return [.value(binding.name.text, evaluated.constant.settled)]
    case .flow(let flow):
      var copy = experiment
      let steps = check(flow, on: &copy)
      scope[binding.name.text] = .flow(copy)
      return [.bind(binding.name.text, steps)]
    }
  }

  private var brokenNames: Set<String> = []

  private mutating func check(_ parameter: Parameter) -> [Plan.Step] {
    let name = parameter.name.text
    if case .some(.value) = scope[name], declaredParameters.filter({ $0 == name }).count > 1 {
      context.report(NameProblem.duplicateParameter(name), at: parameter.name.span)
      return []
    }
    let fallback = parameter.defaultValue.flatMap(evaluator.evaluate)?.constant.settled
    if let text = settings[name] {
      let constant = setting(text)
      let isTruth = fallback?.text == "true" || fallback?.text == "false"
      if isTruth, constant.text != "true", constant.text != "false" {
        context.report(NameProblem.illTypedTruth(name, found: constant.shown), at: parameter.name.span)
      }
      var isIllTyped = isTruth && constant.text != "true" && constant.text != "false"
      if case .number? = fallback, constant.number == nil {
        context.report(NameProblem.illTypedSetting(name, found: constant.shown), at: parameter.name.span)
        isIllTyped = true
      }
      // Its uses are no mistakes of their own.
      scope[name] = .value(isIllTyped ? fallback ?? constant : constant)
    } else if let fallback {
      scope[name] = .value(fallback)
    } else if parameter.defaultValue == nil {
      context.report(NameProblem.parameterUnset(name), at: parameter.name.span)
      brokenNames.insert(name)
    }
    if case .value(let constant)? = scope[name] { return [.value(name, constant)] }
    return []
  }

  /// The value of a `--set`: as the language would read it, or else the text as it is.
  private func setting(_ text: String) -> Constant {
    let parsed = parse(SourceFile(name: "--set", text: "let x = \(text)"))
    guard parsed.problems.isEmpty, parsed.script.statements.count == 1,
      case .binding(let binding)? = parsed.script.statements.first, case .value(let value) = binding.binding
    else { return .string(text) }
    return Evaluator(scope: Scope<Experiment>(), report: { _, _ in }).evaluate(value)?.constant.settled
      ?? .string(text)
  }

  private mutating func check(_ flow: Flow, on experiment: inout Experiment) -> [Plan.Step] {
    var steps: [Plan.Step] = []
    if let start = flow.start {
      switch scope[start.text] {
      case .flow(let bound)?:
        experiment = bound
        steps.append(.start(start.text))
      case .value?:
        context.report(NameProblem.valueAsFlow(start.text), at: start.span)
        experiment.isUncertain = true
      case nil:
        if !brokenNames.contains(start.text) {
          context.report(
            NameProblem.unboundName(
              start.text, suggestion: Spelling.nearest(to: start.text, in: scope.names), isKnownWord: false),
            at: start.span)
        }
        experiment.isUncertain = true
      }
    }
    for node in flow.stages {
      if let step = check(node, on: &experiment) { steps.append(step) }
    }
    return steps
  }

  private func check(_ node: NNSyntax.Stage, on experiment: inout Experiment) -> Plan.Step? {
    // The parser could not read it, and has said so.
    if node.name.text.isEmpty {
      experiment.isUncertain = true
      return nil
    }
    guard let type = Catalog.stage(named: node.name.text) else {
      context.report(unknownStage(node.name.text), at: node.name.span)
      context.unknownStages.append(node.span)
      experiment.isUncertain = true
      return nil
    }
    let bound = bind(node, to: type.declaration)
    checkNeeds(type.declaration, bound, experiment)
    let stage = type.init(bound)
    stage.check(&experiment, context)
    return .stage(stage, span: bound.span, declaration: type.declaration)
  }

  private func unknownStage(_ name: String) -> NameProblem {
    if Catalog.planned.contains(name) { return .notYet(name) }
    if Catalog.layer(named: name) != nil { return .layerOutsideModel(name) }
    if let meant = Elsewhere.stage(for: name) { return .unknownStage(name, suggestion: meant, advice: nil) }
    let known = Catalog.stages.flatMap { [$0.declaration.name] + $0.declaration.aliases }
    if let near = Spelling.nearest(to: name, in: known) {
      return .unknownStage(name, suggestion: near, advice: nil)
    }
    if let planned = Catalog.planned(named: name) ?? Spelling.nearest(to: name, in: Catalog.planned.sorted())
    {
      return .notYet(planned)
    }
    return .unknownStage(
      name, suggestion: nil, advice: "the stages are \(quotedAll(Catalog.stages.map { $0.declaration.name }))"
    )
  }

  private func bind(_ node: NNSyntax.Stage, to declaration: StageDeclaration) -> BoundStage {
    var isBroken = node.isBroken
    let context = context
    let brokenNames = brokenNames
    let report: (any Problem, Span) -> Void = { problem, span in
      isBroken = true
      // A name whose own statement is already reported is not reported at each use.
      if case .unboundName(let name, _, _)? = problem as? NameProblem, brokenNames.contains(name) { return }
      context.report(problem, at: span)
    }
    let evaluator = Evaluator(scope: scope, report: report)
    let arguments = evaluator.evaluate(node.arguments)
    isBroken = isBroken || arguments.isBroken
    let bound = Binder(report: report, customCallbacks: Set(context.options.callbacks.keys)).bind(
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
        result.plan = ModelPlanner(evaluator: evaluator, report: report).plan(block)
      } else {
        report(NameProblem.noBlock(declaration.name), block.span)
      }
    case .condition(let condition):
      result.condition = bind(condition, evaluator, report)
    case .body(let body):
      report(NameProblem.noBody(declaration.name, takesBlock: declaration.tail == .block), body.span)
    }
    result.isBroken = isBroken
    return result
  }

  private func bind(
    _ condition: Condition, _ evaluator: Evaluator<Experiment>, _ report: (any Problem, Span) -> Void
  ) -> BoundCondition? {
    guard let subject = evaluator.evaluate(condition.subject)?.constant.text,
      let value = evaluator.evaluate(condition.value)
    else { return nil }
    guard let number = value.constant.number else {
      report(
        NameProblem.wrongType(
          option: subject, expectation: "a number to compare with", found: value.constant.shown,
          suggestion: nil),
        value.span)
      return nil
    }
    return BoundCondition(
      subject: subject, subjectSpan: condition.subject.span, comparison: condition.comparison, value: number,
      text: context.source.text(condition.span))
  }

  private func checkNeeds(
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
        }
      if let problem {
        context.report(problem, at: bound.nameSpan)
        return
      }
    }
  }
}

extension Constant {
  /// The constant as `let` and `param` keep it: a word that reads as a number is a number.
  var settled: Constant {
    if case .word(let text) = self, let number = NNSyntax.number(fromWord: text) { return .number(number) }
    return self
  }
}
