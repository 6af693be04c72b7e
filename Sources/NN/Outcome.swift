/// What a run leaves: the experiment's history, metrics and model.
public struct Outcome: Sendable {
  /// The experiment itself.
  public let experiment: Experiment
  let threads: Int?

  /// The epochs of the model's fits; empty if there was none.
  public var history: History { experiment.history ?? History() }
  /// What `sweep`, `folds` or `seeds` left, a row a run; nil if there were none.
  public var runs: Runs? { experiment.runs }

  /// The first 16 hexadecimal digits of SHA-256 over the kept weights; nil without a trained model.
  public var digest: String? { experiment.digest }

  /// A metric by its name in the language: `loss`, `val_mae`, `test_accuracy`.
  public func metric(_ name: String) -> Double? { experiment.metric(name) }

  /// The model's answers for raw rows, given as columns by name.
  /// - Throws: a ``Diagnostic`` if there is no trained model, or columns are missing, of different lengths or of another kind.
  public func predict(_ columns: [String: [Cell]]) throws -> Predictions {
    try experiment.predictions(for: columns, threads: threads)
  }
}
