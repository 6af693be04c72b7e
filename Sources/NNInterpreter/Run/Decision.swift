import NNEngine

/// The probability above which the second of two classes is said, where `threshold` has set it; without one that is 0.5.
///
/// It is part of the model: `predict`'s labels, `confusion` and the decision metrics of `evaluate` go by it, and it is saved. It
/// moves no weight and no probability. An export gives the label as `probability of the second class > value`; a probability of
/// exactly `value` is the first class, as a probability of 0.5 is without it.
struct DecisionThreshold: Sendable, Equatable {
  var value: Float
  /// How it was found, in a script's word: `f1`, `youden` …; nil if it was given.
  var rule: String?
}

extension TrainedModel {
  /// The network's own output above which the second class is said: a logit, where it gives logits.
  var decisionOutput: Float? {
    guard let decision, network.outputWidth == 1 else { return nil }
    return Catalog.makeLoss(target.loss).output == .logits
      ? logit(ofProbability: decision.value) : decision.value
  }

  /// The class that is said of each row, as its place among the classes.
  /// - Parameter scores: [rows × classes].
  func decide(_ scores: Matrix) -> [Int] {
    guard let decision, scores.columns == 2 else { return scores.largestColumns }
    return (0..<scores.rows).map { scores.values[$0 * 2 + 1] > decision.value ? 1 : 0 }
  }
}
