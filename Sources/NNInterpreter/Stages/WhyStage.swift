import NNDiagnostics

/// `why`: the step at which the last fit's loss stopped being finite, layer by layer.
struct WhyStage: Stage {
  static let declaration = StageDeclaration(
    "why", "shows the step at which the last fit's loss stopped being finite, layer by layer",
    needs: [.weights],
    streams: true)

  init(_ bound: BoundStage) {}

  func check(_ experiment: inout Experiment, _ context: CheckContext) {}

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    context.tell(
      .output(
        stage: "why",
        text: experiment.diverged?.table(context.options)
          ?? "nothing to explain: the loss was a finite number at every step"))
  }
}
