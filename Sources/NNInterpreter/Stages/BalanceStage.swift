import NNData
import NNDiagnostics

/// `balance`: rows of rare classes count more in the training loss, by the training rows of the model's first fit.
struct BalanceStage: Stage {
  static let declaration = StageDeclaration(
    "balance", "makes every class count alike in the training loss, learned from the training rows",
    isSilent: true, streams: true)

  private let bound: BoundStage

  init(_ bound: BoundStage) { self.bound = bound }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    experiment.record(.balance, bound, context, since: context.diagnostics.count)
  }

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    experiment.record(.balance, bound.span)
  }
}
