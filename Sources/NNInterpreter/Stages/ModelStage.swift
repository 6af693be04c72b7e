import NNDiagnostics

/// `model < … >` describes a network; `model FILE` opens a saved one.
struct ModelStage: Stage {
  static let declaration = StageDeclaration(
    "model", "describes a network, or opens a saved one",
    options: [
      OptionDeclaration("path", .text("a file"), positional: true, "a model that `save` wrote, .safetensors")
    ],
    tail: .block, isSilent: true, streams: true)

  private let bound: BoundStage

  var files: StageFiles { StageFiles(reads: [bound.arguments.text("path")]) }

  init(_ bound: BoundStage) { self.bound = bound }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    experiment.history = nil
    experiment.metrics = []
    let span = bound.arguments.span("path")
    if let plan = bound.plan {
      if bound.arguments.isGiven("path") {
        context.report(FlowProblem.optionsExclude("a file", "a block of layers"), at: span)
      }
      experiment.model = ModelSlot(plan: plan)
      return
    }
    // What follows is checked against a model of which nothing is known.
    var unknown = ModelSlot(plan: ModelPlan(), training: .promised(nil))
    unknown.isUnknown = true
    experiment.model = unknown
    guard let path = bound.arguments.text("path") else {
      if !bound.isBroken { context.report(NameProblem.noModel, at: bound.nameSpan) }
      experiment.isUncertain = true
      return
    }
    guard !context.isDeferred(path) else { return }
    if let opened = context.attempt(
      at: span, { () throws(Found) in try openModel(context.tables.resolved(path)) })
    {
      if !opened.isAsSaved { context.report(DataProblem.digestDiffers(path), at: span) }
      opened.install(in: &experiment)
    }
  }

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    if let plan = bound.plan {
      experiment.history = nil
      experiment.metrics = []
      experiment.model = ModelSlot(plan: plan)
    } else if let path = bound.arguments.text("path") {
      let opened = try placed(at: bound.arguments.span("path")) { () throws(Found) in try openModel(path) }
      opened.install(in: &experiment)
    }
  }
}
