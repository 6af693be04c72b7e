import NNData
import NNDiagnostics
import NNEngine
import NNSyntax

extension FitStage {
  /// The callbacks as they were written, in their order; what is not in the catalog is the program's own.
  var callbacks: [(component: Component, product: CallbackProduct?, span: Span?)] {
    bound.arguments.components("callbacks").map { ($0, Catalog.callbackProduct($0), $1) }
  }

  /// Reports callbacks that this fit cannot serve.
  /// - Parameter names: the values that this fit will give; nil if that is not known.
  func checkCallbacks(_ names: [String]?, _ experiment: Experiment, _ context: CheckContext) {
    var available = names
    for (component, product, span) in callbacks {
      guard let product else { continue }
      let arguments = component.arguments
      available = available.map { names in names + product.adds.filter { !names.contains($0) } }
      let seen = product.isOfSteps ? available?.filter { !$0.hasPrefix("val_") } : available
      if let monitor = product.monitor, let seen {
        checkMonitor(
          monitor, seen, component, isOfSteps: product.isOfSteps, experiment,
          at: arguments.span("monitor") ?? span, context)
      }
      if product.setsRate, let schedule = experiment.model?.compile?.optimizer.arguments.component("lr") {
        context.report(FlowProblem.optionsExclude(schedule.name, component.name), at: span)
      }
      for (option, problem) in product.mistakes {
        context.report(problem, at: arguments.span(option) ?? span)
      }
      // Where the path is missing, that is told already.
      if let output = product.writes, arguments.isGiven(output.option) {
        checkOutput(
          output, seen, isOfSteps: product.isOfSteps, at: arguments.span(output.option) ?? span, experiment,
          context)
      }
    }
    if bound.arguments.isGiven("patience"), let names, !names.contains("val_loss") {
      context.report(DataProblem.noValidationForPatience, at: bound.arguments.span("patience"))
    }
  }

  private func checkMonitor(
    _ monitor: (name: String, needsMode: Bool), _ names: [String], _ component: Component, isOfSteps: Bool,
    _ experiment: Experiment, at span: Span?, _ context: CheckContext
  ) {
    if !names.contains(monitor.name) {
      // `early_stopping(5)`: what is watched comes first.
      if component.arguments.isGiven("monitor"), NNSyntax.number(fromWord: monitor.name) != nil {
        let isFree = !component.arguments.isGiven("patience")
        context.report(
          FlowProblem.noSuchMonitor(
            monitor.name, known: names, suggestion: isFree ? "patience=\(monitor.name)" : nil,
            advice: nil), at: span)
        return
      }
      let compile = experiment.model?.compile
      context.report(
        FlowProblem.noSuchMonitor(
          monitor.name, known: names,
          suggestion: compile.suggestion(for: monitor.name, among: names),
          advice: isOfSteps && monitor.name.hasPrefix("val_")
            ? "rows to watch are looked at after whole epochs, not after steps"
            : compile.advice(on: monitor.name, among: names)),
        at: span)
    } else if monitor.needsMode,
      (experiment.model?.compile ?? CompileOptions()).direction(of: monitor.name) == nil
    {
      context.report(FlowProblem.noDirection(monitor.name), at: span)
    }
  }

  private func checkOutput(
    _ output: (path: String, option: String, output: CallbackProduct.Output), _ names: [String]?,
    isOfSteps: Bool, at span: Span?, _ experiment: Experiment, _ context: CheckContext
  ) {
    let path = output.path
    if path.contains("://") { return context.report(DataProblem.remote(path), at: span) }
    if path.isEmpty {
      return context.report(
        NameProblem.wrongType(
          option: output.option, expectation: "a file or folder", found: "\"\"", suggestion: nil), at: span)
    }
    var isFree = true
    switch output.output {
    case .folder: isFree = context.claim(expandingTilde(path), isFolder: true)
    case .file(let appends):
      isFree = context.claim(expandingTilde(path)) || appends
      context.writtenPaths.insert(path)
    case .models(let pattern):
      if ending(of: path) != ".safetensors" {
        context.report(
          DataProblem.ending(path: path, known: [".safetensors"]), at: span)
      }
      checkPlaces(pattern, names, isOfSteps: isOfSteps, at: span, context)
      isFree = context.claim(expandingTilde(path))
      context.writtenPatterns.append(pattern)
    }
    if !isFree { context.report(FlowProblem.writtenTwice(path), at: span) }
    if path == experiment.data?.path || path == bound.arguments.text("path")
      || path == bound.arguments.text("validation_data")
    {
      context.report(DataProblem.overwritesData(path), at: span)
    }
  }

  /// The names in braces must be numbers that there are at the time.
  private func checkPlaces(
    _ pattern: PathPattern, _ names: [String]?, isOfSteps: Bool, at span: Span?, _ context: CheckContext
  ) {
    guard let names else { return }
    let known = ["epoch"] + (isOfSteps ? ["batch"] : []) + names
    for name in pattern.names where !known.contains(name) {
      // The fix would replace the whole path, so the spelling is only told.
      context.report(FlowProblem.noSuchPlace(name, known: known, suggestion: nil), at: span)
    }
  }
}
