import NNDiagnostics

/// `compile loss=mae opt=sgd`: how the model is to be trained.
struct CompileStage: Stage {
  static let declaration = StageDeclaration(
    "compile", "says how the model is trained: loss, optimizer, metrics",
    options: [
      OptionDeclaration(
        "loss", .component(.loss), positional: true, "what training makes small; `output` brings its own"),
      OptionDeclaration(
        "opt", aliases: ["optimizer"], .component(.optimizer),
        default: .component(Component(kind: .optimizer, name: "adam")), positional: true,
        "how weights are changed"),
      OptimizerOptions.learningRate(nil),
      OptionDeclaration("metrics", .list(.component(.metric)), "what else to measure"),
      OptionDeclaration(
        "weighted_metrics", .list(.component(.metric)), "what else to measure, rows counting by their weights"
      ),
    ] + shared, exclusive: [OptimizerOptions.clipNames], needs: [.model], trains: true, streams: true)

  /// Options of the optimizer that may stand here.
  private static let shared =
    [OptimizerOptions.weightDecay(nil)] + OptimizerOptions.clipping + [OptimizerOptions.ema]

  private let bound: BoundStage

  init(_ bound: BoundStage) { self.bound = bound }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    var compile = compileOptions
    compile.isBroken = bound.isBroken
    compile.span = bound.nameSpan
    if experiment.model?.hasWeights == true, experiment.model?.isUnknown != true {
      context.compilations.declare(bound.nameSpan)
    }
    checkOptimizer(compile, context)
    if let loss = compile.loss, let target = experiment.model?.target,
      Catalog.makeLoss(loss).target != target.lossTarget
    {
      context.report(
        FlowProblem.lossChanged(from: target.loss.name, to: loss.name), at: bound.arguments.span("loss"))
    }
    for choice in compile.metrics {
      if let problem = choice.reasonAgainstName {
        context.report(problem, at: choice.component.arguments.span("name"))
      }
    }
    if let model = experiment.model, let target = model.target {
      context.checkMetrics(compile, target, model.plan, at: bound.nameSpan)
    }
    experiment.model?.compile = compile
  }

  /// What the optimizer's own options say together with these.
  private func checkOptimizer(_ compile: CompileOptions, _ context: CheckContext) {
    guard !bound.isBroken else { return }
    let own = bound.arguments.component("opt")?.arguments ?? BoundArguments()
    for group in OptimizerOptions.exclusive {
      for name in group where bound.arguments.isSet(name) {
        if let other = group.first(where: { $0 != name && own.isSet($0) }) {
          context.report(
            FlowProblem.optionsExclude(other, of: compile.optimizer.name, name),
            at: bound.arguments.span(name))
          return
        }
      }
    }
    do {
      try compile.makeOptimizer().check()
    } catch {
      guard case .invalidOption(_, let option, let value, let requirement) = error else { return }
      let arguments = compile.optimizer.arguments
      let place = arguments.span(option) ?? arguments.component("lr")?.arguments.span(option)
      context.report(
        NameProblem.wrongType(option: option, expectation: requirement, found: "`\(value)`", suggestion: nil),
        at: place ?? arguments.span("lr") ?? bound.arguments.span("opt") ?? bound.nameSpan)
    }
  }

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    guard var model = experiment.model else { return }
    var compile = compileOptions
    // Compiled again, a trained model keeps its weights and its loss unless another is named.
    if compile.loss == nil, let trained = model.trained, !model.plan.endsInOutput {
      compile.loss = trained.target.loss
    }
    model.compile = compile
    if case .ready(var trained) = model.training {
      trained.state.optimizer = compile.makeOptimizer()
      trained.state.slots = [:]
      trained.state.iterations = 0
      // What the old metrics had added up of an epoch begun is not the new ones'.
      if let loss = trained.state.openPass?.sums.first { trained.state.openPass?.sums = [loss] }
      if let loss = compile.loss { trained.target.loss = loss }
      model.training = .ready(trained)
    }
    experiment.model = model
  }

  private var compileOptions: CompileOptions {
    let arguments = bound.arguments
    var options = CompileOptions()
    options.loss = arguments.component("loss")
    options.lossSpan = arguments.span("loss")
    if let optimizer = arguments.component("opt") { options.optimizer = optimizer }
    for name in ["lr"] + Self.shared.map(\.name) where arguments.isGiven(name) {
      guard let value = arguments.value(name) else { continue }
      options.optimizer.arguments.set(name, Bound(value, span: arguments.span(name)))
    }
    options.setMetrics(arguments.components("metrics"), weighted: arguments.components("weighted_metrics"))
    return options
  }
}
