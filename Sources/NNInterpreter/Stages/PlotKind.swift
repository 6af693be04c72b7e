/// What `plot` can draw.
enum PlotKind: String, Sendable, CaseIterable {
  case history, predictions, residuals, confusion, roc, pr, calibration, importance, runs, model, weights

  /// What must be there for it.
  enum Need {
    case history, runs, model, weights
    /// A trained model, and rows with their targets.
    case outcomes
  }

  var need: Need {
    switch self {
    case .history: .history
    case .runs: .runs
    case .model: .model
    case .weights: .weights
    case .predictions, .residuals, .confusion, .roc, .pr, .calibration, .importance: .outcomes
    }
  }

  /// It is of a target of classes only.
  var needsClasses: Bool {
    switch self {
    case .confusion, .roc, .pr, .calibration: true
    default: false
    }
  }

  /// What a plot that names nothing draws: what came last.
  static func sensible(for experiment: Experiment) -> PlotKind {
    if let runs = experiment.runs, !runs.isChosen { return .runs }
    if experiment.history != nil { return .history }
    if experiment.model != nil { return .model }
    return .history
  }
}
