import NNDiagnostics
import NNSyntax

/// `sweep`, `folds` and `seeds`: their bodies are checked once for each run, with the values of that run, so that a width that
/// does not fit is found whichever it is. The first run that has a mistake is the last that is looked at.
extension Checker {
  mutating func checkRuns(
    _ node: NNSyntax.Stage, of type: any Stage.Type, on experiment: inout Experiment,
    _ cursor: inout PlanBuilder.Cursor
  ) {
    guard let type = type as? any ManyRunsStage.Type else { return }
    let declaration = type.declaration
    let context = self.context
    var isBroken = node.isBroken
    let report: (any Problem, Span) -> Void = { problem, span in
      isBroken = true
      context.report(problem, at: span)
    }
    let arguments = Evaluator(scope: scope, report: report, use: { context.uses.use($0) })
      .evaluate(node.arguments)
    isBroken = isBroken || arguments.isBroken
    var (variables, rest): ([SweepVariable], [EvaluatedArgument]) = ([], arguments.found)
    if type == SweepStage.self { (variables, rest) = takeVariables(arguments.found, declaration, report) }
    let options = Binder(report: report, own: OwnComponents(context.options)).bind(
      rest, to: declaration, ownerSpan: node.name.span, isBroken: isBroken)
    var bound = BoundStage(
      nameSpan: node.name.span, span: node.span, arguments: options, plan: nil, condition: nil,
      isBroken: isBroken)
    let body: Script
    switch node.tail {
    case .body(let script): body = script
    case .block(let block):
      context.report(NameProblem.noBlock(declaration.name), at: block.span)
      experiment.isUncertain = true
      return
    case .none, .condition:
      if !node.isBroken { context.report(RunsProblem.needsBody(declaration.name), at: node.name.span) }
      experiment.isUncertain = true
      return
    }
    if !isBroken { checkNeeds(declaration, bound, experiment) }
    let drafts = isBroken ? nil : type.drafts(bound, variables, experiment, context)
    guard let drafts, let members = check(body, drafts, bound, variables, node, type, experiment) else {
      if drafts == nil {
        let names = variables.map(\.name.text) + node.arguments.compactMap(\.name?.text) + ["seed", "fold"]
        lookThrough(body, names: names, experiment)
      }
      experiment.isUncertain = true
      return
    }
    bound.members = RunMembers(
      members: members, repetitions: type.repetitions, bodySpan: body.span,
      drawnSeed: UInt64(UInt32.random(in: 0...UInt32.max)))
    experiment.runs = promised(members, declaration.name, type.repetitions)
    let stage = type.init(bound)
    stage.check(&experiment, context)
    builder.append(
      Plan.Step(stage: stage, span: node.span, declaration: declaration, bound: bound), after: experiment,
      to: &cursor)
    builder.need(members.flatMap { $0.plan.keptFlows }, at: cursor)
  }

  /// What the runs will leave, as far as it is known.
  private func promised(_ members: [RunMember], _ stage: String, _ repetitions: Set<String>) -> Runs {
    var runs = Runs(
      rows: [], settingNames: [], repetitions: repetitions, metricNames: [], directions: [:], stages: [stage])
    for member in members {
      if member.isNested, let inner = member.end.runs {
        for row in inner.rows {
          var row = row
          row.settings = member.settings + row.settings
          runs.append(row, inner: inner)
        }
      } else {
        runs.append(
          Runs.Run(
            number: 0, settings: member.settings, metrics: [], status: .done, script: "", seconds: 0,
            experiment: member.end), inner: nil)
        runs.learn(from: Runs.Measures(member.end))
      }
    }
    return runs
  }

  // MARK: Bodies

  private mutating func check(
    _ body: Script, _ drafts: [RunDraft], _ bound: BoundStage, _ variables: [SweepVariable],
    _ node: NNSyntax.Stage, _ type: any ManyRunsStage.Type, _ experiment: Experiment
  ) -> [RunMember]? {
    let context = self.context
    var start = experiment
    start.runs = nil
    var folds: FoldedRows?
    if type == FoldsStage.self {
      guard
        let found = context.attempt(
          at: bound.nameSpan, { () throws(Found) in try FoldsStage.rows(bound, experiment) })
      else { return nil }
      folds = found
    }
    let (claims, outerRun, outerScope, outerBuilder) = (context.claims, context.run, scope, builder)
    defer {
      context.claims = claims
      context.run = outerRun
      scope = outerScope
      builder = outerBuilder
    }
    let script = RunScript(body: body, isNested: { Catalog.stage(named: $0)?.declaration.tail == .body })
    var members: [RunMember] = []
    var files = WrittenByRuns()
    for (index, draft) in drafts.enumerated() {
      let errors = context.errorCount
      var inside = start
      if let fold = draft.fold { folds?.apply(fold, to: &inside) }
      context.claims = claims
      context.run = CheckedRun(
        number: max(outerRun?.number ?? 1, index + 1),
        settings: ([outerRun?.settings].compactMap { $0 } + [draft.text]).filter { !$0.isEmpty }
          .joined(separator: " "), span: node.name.span)
      scope = outerScope.body
      for (name, value) in draft.bindings {
        let declared = variables.first { $0.name.text == name }?.name.span
        scope.bind(name, .value(value.settled), declaredAt: declared)
      }
      builder = PlanBuilder(keepsExperiments: false)
      var cursor = PlanBuilder.Cursor(start: .given, isOfScript: true, name: nil)
      check(body.statements, on: &inside, &cursor, in: .body)
      guard context.errorCount == errors else { return nil }
      var member = RunMember(settings: draft.settings, seed: draft.seed, fold: draft.fold)
      member.plan = builder.finished(at: cursor)
      member.end = inside
      if let inner = inside.runs, !inner.isChosen {
        member.isNested = true
        member.rowCount = inner.rows.count
      }
      member.fits = member.plan.tasks.reduce(0) { $0 + $1.steps.reduce(0) { $0 + $1.stage.fits } }
      member.rowsBefore = members.last.map { $0.rowsBefore + $0.rowCount } ?? 0
      member.fitsBefore = members.last.map { $0.fitsBefore + $0.fits } ?? 0
      member.script = script.line(draft.head, isNested: member.isNested)
      if draft.fold != nil, inside.data?.fold == nil, !inside.isUncertain {
        let culprit = member.plan.culprit
        context.report(RunsProblem.foldLost(stage: culprit.name), at: culprit.span ?? bound.nameSpan)
        return nil
      }
      members.append(member)
      if let shared = files.add(member.plan) {
        let name = draft.bindings.first?.name
        context.report(RunsProblem.sharedPath(shared.path, variable: name), at: shared.span)
        return nil
      }
    }
    if let first = members.first, !first.isNested, first.end.metrics.isEmpty, !first.end.isUncertain,
      first.end.model?.isUnknown != true
    {
      context.report(RunsProblem.noFit(node.name.text), at: bound.nameSpan)
      return nil
    }
    context.run = outerRun
    if members.count > 1 { warn(members, variables, type) }
    return members
  }

  private func warn(
    _ members: [RunMember], _ variables: [SweepVariable], _ type: any ManyRunsStage.Type
  ) {
    if !context.isAside {
      for variable in variables where !context.uses.isUsed(variable.name.span) {
        context.report(RunsProblem.unusedVariable(variable.name.text), at: variable.name.span)
      }
    }
    guard type == SeedsStage.self else { return }
    let fits = members.prefix(2).map(\.plan.fitStages)
    guard fits.count == 2, !fits[0].isEmpty else { return }
    let seeds = zip(fits[0], fits[1]).map {
      ($0.bound.arguments.integer("seed"), $1.bound.arguments.integer("seed"))
    }
    if seeds.allSatisfy({ $0 != nil && $0 == $1 }), let seed = seeds.first?.0 {
      context.report(
        RunsProblem.fixedSeed(seed), at: fits[0].first?.bound.arguments.span("seed"))
    }
  }

  /// Finds what is wrong with a body whatever its names stand for.
  private mutating func lookThrough(_ body: Script, names: [String], _ experiment: Experiment) {
    let (outerScope, outerBuilder) = (scope, builder)
    var inside = experiment
    inside.isUncertain = true
    scope = outerScope.body
    for name in names { scope.bind(name, .broken) }
    builder = PlanBuilder(keepsExperiments: false)
    var cursor = PlanBuilder.Cursor(start: .given, isOfScript: true, name: nil)
    check(body.statements, on: &inside, &cursor, in: .body)
    scope = outerScope
    builder = outerBuilder
  }

  // MARK: Arguments

  /// A sweep's variables: whatever is given a list or a range. The others are its options.
  private func takeVariables(
    _ arguments: [EvaluatedArgument], _ declaration: StageDeclaration,
    _ report: (any Problem, Span) -> Void
  ) -> (variables: [SweepVariable], rest: [EvaluatedArgument]) {
    var variables: [SweepVariable] = []
    var rest: [EvaluatedArgument] = []
    var index = 0
    while index < arguments.count {
      let argument = arguments[index]
      index += 1
      var name = argument.name
      var value = argument.value
      var span = argument.span
      // `lr [0.1, 0.01]` is `lr=[0.1, 0.01]`.
      if name == nil, let word = argument.bareWord, declaration.option(named: word) == nil,
        index < arguments.count, arguments[index].name == nil, arguments[index].value.isOfMany
      {
        name = Name(word, span: argument.span)
        value = arguments[index].value
        span = span.union(arguments[index].span)
        index += 1
      }
      guard let name, value.isOfMany || declaration.option(named: name.text) == nil else {
        rest.append(argument)
        continue
      }
      guard value.isOfMany else {
        // A misspelt option, or a variable with one value.
        if Spelling.nearest(to: name.text, in: declaration.options.map(\.name)) != nil {
          rest.append(argument)
        } else {
          report(RunsProblem.oneValue(name.text, value: value.constant.scriptText), span)
        }
        continue
      }
      if !isVariableName(name.text) {
        report(RunsProblem.badVariable(name.text), name.span)
      } else if variables.contains(where: { $0.name.text == name.text }) {
        report(NameProblem.repeated(option: name.text, of: "sweep"), span)
      } else if let values = values(of: value, name.text, report) {
        variables.append(SweepVariable(name: name, values: values, span: span))
      }
    }
    return (variables, rest)
  }

  private func values(
    of value: Evaluated, _ name: String, _ report: (any Problem, Span) -> Void
  ) -> SweepVariable.Values? {
    switch value.constant {
    case .list(let entries):
      if entries.isEmpty {
        report(NameProblem.emptyList(option: name), value.span)
        return nil
      }
      return .list(entries.map(\.constant.settled))
    case .call(let call, let arguments, let isBroken):
      if isBroken { return nil }
      return ValueRange(call, arguments, span: value.span, report).map { .range($0) }
    case .number, .word, .string: return nil
    }
  }

  private func isVariableName(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first,
      first == "_" || first.isASCII && first.properties.isAlphabetic
    else { return false }
    return text.unicodeScalars.allSatisfy {
      $0 == "_" || $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0))
    }
  }

  /// Takes the `$names` of flows out of a stage's arguments.
  func takeFlows(_ node: inout NNSyntax.Stage) -> [NamedFlow] {
    var flows: [NamedFlow] = []
    node.arguments.removeAll { argument in
      guard argument.name == nil, case .variable(let name, let span) = argument.value,
        case .flow(let future)? = scope[name]
      else { return false }
      context.uses.use(scope.binding(name)?.declaration)
      flows.append(NamedFlow(name: name, span: span, future: future))
      return true
    }
    return flows
  }
}

extension Evaluated {
  /// A list, or a range to draw from.
  fileprivate var isOfMany: Bool {
    switch constant {
    case .list: true
    case .call(let name, _, _): ValueRange.Kind(rawValue: name.text) != nil
    case .number, .word, .string: false
    }
  }
}

extension RunDraft {
  fileprivate var text: String { settings.map { "\($0.name)=\($0.text)" }.joined(separator: " ") }
}

extension Plan {
  /// Flows of outside that its tasks start from, or that bodies within them do.
  var keptFlows: [FlowFuture] {
    tasks.flatMap { task in
      var flows: [FlowFuture] = []
      if case .kept(let future) = task.start { flows.append(future) }
      for step in task.steps {
        if let many = step.stage as? any ManyRunsStage {
          flows += many.members.members.flatMap { $0.plan.keptFlows }
        }
        if let compare = step.stage as? CompareStage { flows += compare.flows.map(\.future) }
      }
      return flows
    }
  }

  /// Its own fits, not those of stages with bodies.
  var fitStages: [FitStage] { tasks.flatMap { $0.steps.compactMap { $0.stage as? FitStage } } }

  /// The stage that takes rows of its own.
  fileprivate var culprit: (name: String, span: Span?) {
    for task in tasks {
      for step in task.steps
      where step.stage is DataStage || step.stage is SplitStage
        || (step.stage as? FitStage)?.bound.arguments.isGiven("path") == true
      {
        return (step.declaration.name, step.span)
      }
    }
    return ("this body", nil)
  }
}

/// What runs write, to find two that write the same.
private struct WrittenByRuns {
  private var paths: Set<String> = []
  private var first: StageFiles?

  /// - Returns: a path that another run writes, too, and where.
  mutating func add(_ plan: Plan) -> (path: String, span: Span)? {
    var own = StageFiles()
    var places: [(files: StageFiles, span: Span)] = []
    for task in plan.tasks {
      for step in task.steps {
        let files = step.stage.files
        own.add(files)
        places.append((files, step.span))
      }
    }
    defer { if first == nil { first = own } }
    for (files, span) in places {
      if let first, let path = files.writes.first?.path, first.conflicts(with: files) { return (path, span) }
    }
    for (files, span) in places {
      for case .file(let path) in files.writes where paths.contains(plainPath(path)) { return (path, span) }
    }
    for (files, _) in places {
      for case .file(let path) in files.writes { paths.insert(plainPath(path)) }
    }
    return nil
  }
}
