import NNDiagnostics

extension FitStage {
  /// Reports a seal that cannot be written, or that would prove nothing.
  func checkSeal(_ experiment: Experiment, _ context: CheckContext) {
    guard let path = bound.arguments.text("seal"), context.options.replay == nil else { return }
    let span = bound.arguments.span("seal")
    if path.contains("://") { return context.report(DataProblem.remote(path), at: span) }
    if ending(of: path) != ".nns" {
      return context.report(DataProblem.ending(path: path, known: [".nns"]), at: span)
    }
    if !context.claim(plainPath(path)) { context.report(FlowProblem.writtenTwice(path), at: span) }
    context.writtenPaths.insert(path)
    if let reason = unrepeatable(experiment, context) {
      context.report(SealProblem.unrepeatable(reason), at: span)
    }
  }

  private func unrepeatable(_ experiment: Experiment, _ context: CheckContext) -> String? {
    if context.run != nil { return "it is one of many runs, which are trained side by side" }
    if let reason = experiment.lineage.unrepeatable ?? context.options.script.unrepeatable { return reason }
    if let own = callbacks.first(where: { $0.product == nil }) {
      return "the callback `\(own.component.name)` is this program's own"
    }
    if let loss = experiment.model?.compile?.loss, loss.own != nil {
      return "the loss `\(loss.name)` is this program's own"
    }
    if let own = experiment.model?.plan.ownActivation {
      return "the activation `\(own)` is this program's own"
    }
    return nil
  }
}
