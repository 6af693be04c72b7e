import NNData
import NNDiagnostics

/// The rows that `calibrate` and `threshold` learn from: a file's, or the validation part. Never those that trained the model, of
/// which it is too sure, nor those that are to measure it.
struct LearningRows {
  let table: Table
  let indices: [Int]?
  let place: String

  var count: Int { indices?.count ?? table.rowCount }

  init(_ bound: BoundStage, of stage: String, _ experiment: Experiment, _ context: RunContext) throws(Found) {
    let (table, rows, place): (Table, [Int]?, String)
    if let path = bound.arguments.text("path") {
      let slot = try placed(at: bound.arguments.span("path")) { () throws(Found) in
        try experiment.dataLike(path, context.tables, needsTargets: true)
      }
      guard let found = slot.table else { throw Found(FlowProblem.needsData(stage), at: bound.nameSpan) }
      (table, rows, place) = (found, nil, path == "-" ? "standard input" : path)
    } else {
      guard let data = experiment.data, let found = data.table else {
        throw Found(FlowProblem.needsData(stage), at: bound.nameSpan)
      }
      guard let validation = data.split?.validation, !validation.isEmpty else {
        throw Found(OutcomeProblem.needsValidation(stage: stage), at: bound.nameSpan)
      }
      (table, rows, place) = (found, validation, "the validation part of \(data.path)")
    }
    self.table = table
    self.place = place
    indices = table.rows(rows, filledIn: experiment.model?.trained?.target.roles.targets ?? [])
    if count == 0 { throw Found(OutcomeProblem.validationEmpty(stage: stage), at: bound.nameSpan) }
  }

  /// What a check can see of it.
  static func check(_ bound: BoundStage, of stage: String, _ experiment: Experiment, _ context: CheckContext)
  {
    checkRows(bound, of: stage, needsTargets: true, experiment, context)
    guard !bound.arguments.isGiven("path"), !experiment.isUncertain, let data = experiment.data,
      data.table != nil,
      !data.hasBrokenRoles
    else { return }
    // A split that could not be made is reported where it stands.
    let hasErrors = context.diagnostics.contains { $0.severity == .error }
    if data.split == nil, hasErrors { return }
    if data.split?.validation.isEmpty ?? true {
      context.report(OutcomeProblem.needsValidation(stage: stage), at: bound.nameSpan)
    }
  }
}
