import NNData
import NNEngine

/// Permutation importance: how much worse a measure gets when one feature's values are dealt out anew among the rows, so that
/// they say nothing of their row any more.
///
/// Source: L. Breiman, Random Forests (2001), section 10; A. Fisher, C. Rudin, F. Dominici, All Models are Wrong, but Many are
/// Useful (2019). A raw column is one feature, whatever number of inputs `encode` makes of it: its inputs move together.
struct Importance: Sendable {
  struct Feature: Sendable {
    var name: String
    /// The mean over the repeats by which the measure got worse, and their standard deviation (n − 1).
    var mean: Double
    var deviation: Double
    /// One a repeat.
    var drops: [Double]
  }

  /// As the history has it: `loss`, `accuracy` ….
  var measure: String
  /// Of the rows as they are.
  var value: Double
  /// From the most to the least important; equal ones in the order of the columns.
  var features: [Feature]
  var repeats: Int
}

extension TrainedModel {
  /// - Parameters:
  ///   - metric: what to measure; nil for the loss.
  ///   - isLargeBest: the measure gets worse by falling.
  func importance(
    of table: Table, rows: [Int]?, repeats: Int, seed: UInt64, metric: (any Metric)?, isLargeBest: Bool,
    threads: Int?
  ) throws(Found) -> (importance: Importance, warnings: [PreparationWarning]) {
    let (dataset, warnings) = try preprocessor.dataset(table, rows: rows, target)
    let loss = Catalog.makeLoss(target.loss).loss
    func measure(_ data: Dataset) throws(Found) -> Double {
      do {
        let values = try evaluate(
          network, on: data, loss: loss, metrics: metric.map { [$0] } ?? [], threads: threads)
        return (metric == nil ? values.first : values.last)?.value ?? .nan
      } catch {
        throw Found(RunProblem.engine(error))
      }
    }
    let base = try measure(dataset)
    let width = dataset.features.columns
    var features: [Importance.Feature] = []
    var first = 0
    for input in preprocessor.inputs {
      var drops: [Double] = []
      for round in 0..<repeats {
        let order = Philox.permutation(
          count: dataset.features.rows, seed: seed, purpose: "importance " + input.name, round: round)
        var dealt = dataset
        for (row, from) in order.enumerated() {
          for column in first..<(first + input.width) {
            dealt.features.values[row * width + column] = dataset.features.values[from * width + column]
          }
        }
        let value = try measure(dealt)
        drops.append(isLargeBest ? base - value : value - base)
      }
      first += input.width
      let mean = drops.reduce(0, +) / Double(max(repeats, 1))
      let squares = drops.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      features.append(
        Importance.Feature(
          name: input.name, mean: mean,
          deviation: repeats > 1 ? (squares / Double(repeats - 1)).squareRoot() : 0, drops: drops))
    }
    let order = features.indices.sorted { first, second in
      // What is not a number stands last.
      let (a, b) = (features[first].mean, features[second].mean)
      if a.isNaN != b.isNaN { return b.isNaN }
      return a != b && !a.isNaN ? a > b : first < second
    }
    return (
      Importance(
        measure: metric?.name ?? "loss", value: base, features: order.map { features[$0] }, repeats: repeats),
      warnings
    )
  }
}
