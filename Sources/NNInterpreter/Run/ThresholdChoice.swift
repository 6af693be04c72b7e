/// From which probability on the second of two classes is best said, by the rows' true classes.
struct ThresholdChoice: Sendable {
  enum Rule: String, Sendable, CaseIterable {
    /// 2·TP / (2·TP + FP + FN) of the second class.
    case f1
    /// The share of its rows that are found, less the share of the others that are taken for it (Youden's J).
    case youden
    /// The share of rows that are right.
    case accuracy
    /// The least cost, of what false alarms and what misses cost.
    case cost
  }

  /// Rows of both classes, by what is said of them.
  struct Counts: Sendable, Equatable {
    var hits = 0
    var falseAlarms = 0
    var misses = 0
    var passes = 0

    var precision: Double? { hits + falseAlarms == 0 ? nil : Double(hits) / Double(hits + falseAlarms) }
    var recall: Double? { hits + misses == 0 ? nil : Double(hits) / Double(hits + misses) }
    var f1: Double { hits == 0 ? 0 : 2 * Double(hits) / Double(2 * hits + falseAlarms + misses) }
    var accuracy: Double { Double(hits + passes) / Double(max(hits + passes + falseAlarms + misses, 1)) }
  }

  let scores: [Float]
  let isPositive: [Bool]

  /// What is said above a threshold.
  func counts(_ threshold: Float) -> Counts {
    var counts = Counts()
    for (score, isPositive) in zip(scores, isPositive) {
      switch (score > threshold, isPositive) {
      case (true, true): counts.hits += 1
      case (true, false): counts.falseAlarms += 1
      case (false, true): counts.misses += 1
      case (false, false): counts.passes += 1
      }
    }
    return counts
  }

  /// The threshold that does best; of equally good ones the nearest to 0.5, so that nothing moves for nothing. It lies halfway
  /// between two scores.
  /// - Returns: nil if there are no rows of one of the classes.
  func best(_ rule: Rule, falseAlarmCost: Double, missCost: Double) -> Float? {
    let order = scores.indices.filter { !scores[$0].isNaN }.sorted { scores[$0] > scores[$1] }
    let positives = order.count { isPositive[$0] }
    let negatives = order.count - positives
    guard positives > 0, negatives > 0 else { return nil }
    func worth(_ counts: Counts) -> Double {
      switch rule {
      case .f1: counts.f1
      case .youden:
        Double(counts.hits) / Double(positives) - Double(counts.falseAlarms) / Double(negatives)
      case .accuracy: counts.accuracy
      case .cost: -(falseAlarmCost * Double(counts.falseAlarms) + missCost * Double(counts.misses))
      }
    }
    var counts = Counts(hits: 0, falseAlarms: 0, misses: positives, passes: negatives)
    var best: (threshold: Float, worth: Double)?
    /// - Parameter high: the least score above the threshold.
    func consider(_ threshold: Float, below high: Float) {
      // A threshold is a probability between 0 and 1, and what is said to lie above it does.
      guard threshold > 0, threshold < 1, threshold < high else { return }
      let found = worth(counts)
      if let best {
        let isNearer = abs(threshold - 0.5) < abs(best.threshold - 0.5)
        guard found > best.worth || found == best.worth && isNearer else { return }
      }
      best = (threshold, found)
    }
    // Nobody, at first: above the largest score.
    consider(between(1, scores[order[0]]), below: .infinity)
    for (place, row) in order.enumerated() {
      if isPositive[row] {
        counts.hits += 1
        counts.misses -= 1
      } else {
        counts.falseAlarms += 1
        counts.passes -= 1
      }
      let next = place + 1 < order.count ? scores[order[place + 1]] : 0
      // Rows of one score are told apart by no threshold.
      if place + 1 < order.count, next == scores[row] { continue }
      consider(between(scores[row], next), below: scores[row])
    }
    return best?.threshold
  }

  /// A number above which the higher score lies, and the lower does not.
  private func between(_ high: Float, _ low: Float) -> Float {
    let middle = low + (high - low) / 2
    return middle < high && middle >= low ? middle : low
  }
}
