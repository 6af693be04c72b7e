import NNDiagnostics

/// `confusion [FILE] [normalize=none|true|pred|all]`: which classes the model takes for which.
struct ConfusionStage: Stage {
  static let declaration = StageDeclaration(
    "confusion", aliases: ["confusion_matrix"], "shows which classes the model takes for which",
    options: [
      OptionDeclaration("path", .text("a file"), positional: true, "rows to look at instead"),
      OptionDeclaration(
        "normalize", .choice(ConfusionMatrix.Shares.allCases.map(\.rawValue)), default: .text("none"),
        "counts, or shares of a true class, of a predicted one, or of all rows"),
    ],
    needs: [.weights])

  private let bound: BoundStage

  var files: StageFiles { StageFiles(reads: [bound.arguments.text("path")]) }

  init(_ bound: BoundStage) { self.bound = bound }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    if let target = experiment.model?.target {
      let column = target.roles.targets.first.flatMap { experiment.data?.table?[$0] }
      if let problem = problem(target, experiment.model?.trained?.preprocessor.classes ?? column?.classes) {
        context.report(problem, at: bound.nameSpan)
        return
      }
    }
    checkRows(bound, of: "confusion", needsTargets: true, experiment, context)
  }

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    guard let trained = experiment.model?.trained else { throw Found(FlowProblem.needsWeights("confusion")) }
    if let problem = problem(trained.target, trained.preprocessor.classes) { throw Found(problem) }
    let rows = try ChosenRows(bound, of: "confusion", needsTargets: true, experiment, context)
    experiment.announceData(to: context, force: true, target: trained.target)
    let (matrix, warnings) = try placed(at: bound.nameSpan) { () throws(Found) in
      try trained.confusion(of: rows.table, rows: rows.indices, threads: context.options.threads)
    }
    context.warn(warnings, at: bound.nameSpan)
    let shares = bound.arguments.choice("normalize", or: ConfusionMatrix.Shares.none)
    let heading =
      "\(trained.target.roles.targets.first ?? "classes") in \(rows.place): \(counted(rows.count, "row")); true classes down, predicted ones across"
    context.tell(
      .output(stage: "confusion", text: heading + "\n" + matrix.text(shares, context.options)))
  }

  /// More than anybody reads; the counts of all pairs are held in memory.
  private static let mostClasses = 1000

  /// Why there can be no matrix of a target, whose classes are nil where they are not known; nil if there can.
  private func problem(_ target: TargetPlan, _ classes: [String]?) -> FlowProblem? {
    if target.kind == .numeric {
      return .needsClasses(stage: "confusion", targets: target.roles.targets)
    }
    guard let classes, classes.count > Self.mostClasses else { return nil }
    return .tooManyClassesToShow(
      target: target.roles.targets.first ?? "", classes: classes.count, most: Self.mostClasses)
  }
}
