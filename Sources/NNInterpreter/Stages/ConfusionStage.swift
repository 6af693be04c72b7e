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

  init(_ bound: BoundStage) { self.bound = bound }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    if let target = experiment.model?.target, target.kind == .numeric {
      context.report(needsClasses(target), at: bound.nameSpan)
      return
    }
    checkRows(bound, of: "confusion", needsTargets: true, experiment, context)
  }

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    guard let trained = experiment.model?.trained else { throw Found(FlowProblem.needsWeights("confusion")) }
    guard trained.target.kind != .numeric else { throw Found(needsClasses(trained.target)) }
    let rows = try ChosenRows(bound, of: "confusion", needsTargets: true, experiment, context)
    experiment.announceData(to: context, force: true, target: trained.target)
    let (matrix, warnings) = try placed(at: bound.nameSpan) { () throws(Found) in
      try trained.confusion(of: rows.table, rows: rows.indices, threads: context.options.threads)
    }
    context.warn(warnings, at: bound.nameSpan)
    let shares = bound.arguments.text("normalize").flatMap { ConfusionMatrix.Shares(rawValue: $0) } ?? .none
    let heading =
      "\(trained.target.roles.targets.first ?? "classes") in \(rows.place): \(counted(rows.count, "row")); true classes down, predicted ones across"
    context.tell(
      .output(stage: "confusion", text: heading + "\n" + matrix.text(shares, context.options)))
  }

  private func needsClasses(_ target: TargetPlan) -> FlowProblem {
    .needsClasses(stage: "confusion", targets: target.roles.targets)
  }
}
