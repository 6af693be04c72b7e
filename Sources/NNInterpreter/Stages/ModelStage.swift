import NNDiagnostics

/// `model < … >` describes a network; `model FILE` opens a saved one.
struct ModelStage: Stage {
  static let declaration = StageDeclaration(
    "model", "describes a network, or opens a saved one",
    options: [
      OptionDeclaration(
        "path", .text("a file"), positional: true,
        "a model that `save` wrote, .safetensors or .onnx; or a dense network in .onnx that another program did"
      ),
      OptionDeclaration(
        "features", .someOf(.text("a column's name")),
        "the columns that a network of another program takes, in its order"),
      OptionDeclaration(
        "target", aliases: ["targets"], .someOf(.text("a column's name")), "what such a network predicts"),
      OptionDeclaration("classes", .list(.text("a class")), "the classes that it tells apart, in its order"),
    ],
    tail: .block, isSilent: true, streams: true)

  private let bound: BoundStage

  var files: StageFiles { StageFiles(reads: [bound.arguments.text("path")]) }

  init(_ bound: BoundStage) { self.bound = bound }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    experiment.history = nil
    experiment.metrics = []
    experiment.lineage.read([bound.arguments.text("path")])
    let span = bound.arguments.span("path")
    if let plan = bound.plan {
      if bound.arguments.isGiven("path") {
        context.report(FlowProblem.optionsExclude("a file", "a block of layers"), at: span)
      }
      for option in ["features", "target", "classes"] where bound.arguments.isGiven(option) {
        context.report(
          FlowProblem.optionsExclude(option, "a block of layers"), at: bound.arguments.span(option))
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
      at: span,
      { () throws(Found) in
        try openModel(context.tables.resolved(path), naming(experiment))
      })
    {
      if !opened.isAsSaved { context.report(DataProblem.digestDiffers(path), at: span) }
      opened.install(in: &experiment)
    }
  }

  /// What is known of a foreign network's names.
  private func naming(_ experiment: Experiment) -> ForeignNaming {
    ForeignNaming(
      features: bound.arguments.texts("features")?.map(\.text),
      targets: bound.arguments.texts("target")?.map(\.text),
      classes: bound.arguments.texts("classes")?.map(\.text), data: experiment.data)
  }

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    if let plan = bound.plan {
      experiment.history = nil
      experiment.metrics = []
      experiment.model = ModelSlot(plan: plan)
    } else if let path = bound.arguments.text("path") {
      let opened = try placed(at: bound.arguments.span("path")) { () throws(Found) in
        try openModel(path, naming(experiment))
      }
      opened.install(in: &experiment)
      experiment.lineage.read([path])
    }
  }
}
