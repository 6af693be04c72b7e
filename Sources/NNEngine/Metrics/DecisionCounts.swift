/// Counts how yes-or-no decisions meet their targets, by the rules of Keras's precision, recall and the four counts: an
/// output above the threshold says yes, a target other than 0 is one. All outputs go into one count, unless it is of one
/// class.
public struct DecisionCounts: Sendable, Equatable {
  public var threshold: Float
  /// Only the row's largest outputs may say yes, so many of them; of equal ones the first.
  public var topK: Int?
  /// The only output that counts, from 0.
  public var classID: Int?
  public var targets: MetricTargets

  /// - Parameter threshold: 0.5 if nil, or, with `topK`, no threshold.
  public init(
    threshold: Float? = nil, topK: Int? = nil, classID: Int? = nil, targets: MetricTargets = .columns
  ) {
    self.threshold = threshold ?? (topK == nil ? 0.5 : Self.excluded)
    self.topK = topK
    self.classID = classID
    self.targets = targets
  }

  /// What Keras puts in the place of outputs that are not among the largest.
  private static let excluded: Float = -1e10

  /// Sums that it needs: true positives, false positives, false negatives, true negatives.
  static let count = 4

  func add(_ batch: MetricBatch, to sums: UnsafeMutablePointer<Double>) {
    let y = batch.predictions
    let reader = TargetReader(batch, targets)
    let first = classID ?? 0
    let end = classID.map { $0 + 1 } ?? y.columns
    var all = (hits: 0, said: 0, real: 0)
    for row in 0..<batch.rows {
      let output = UnsafePointer(y.base + row * y.stride)
      var hits = 0
      var said = 0
      var real = 0
      if let topK {
        for unit in first..<end where reader.value(row, unit) != 0 { real += 1 }
        (hits, said) = largest(output, y.columns, topK, reader, row, first..<end)
      } else {
        for unit in first..<end {
          let yes = output[unit] > threshold
          let truth = reader.value(row, unit) != 0
          said += yes ? 1 : 0
          real += truth ? 1 : 0
          hits += yes && truth ? 1 : 0
        }
      }
      if let weights = batch.weights {
        add((hits, said, real), of: end - first, weighing: Double(weights[row]), to: sums)
      } else {
        all = (all.hits + hits, all.said + said, all.real + real)
      }
    }
    if batch.weights == nil { add(all, of: batch.rows * (end - first), weighing: 1, to: sums) }
  }

  @inline(__always)
  private func add(
    _ counts: (hits: Int, said: Int, real: Int), of total: Int, weighing weight: Double,
    to sums: UnsafeMutablePointer<Double>
  ) {
    sums[0] += weight * Double(counts.hits)
    sums[1] += weight * Double(counts.said - counts.hits)
    sums[2] += weight * Double(counts.real - counts.hits)
    sums[3] += weight * Double(total - counts.said - counts.real + counts.hits)
  }

  /// Of a row's k largest outputs, those that count and say yes, and how many of these are right.
  private func largest(
    _ output: UnsafePointer<Float>, _ width: Int, _ k: Int, _ reader: TargetReader, _ row: Int,
    _ counted: Range<Int>
  ) -> (hits: Int, said: Int) {
    var hits = 0
    var said = 0
    // One after another, so that nothing need be remembered but the last: smaller, or as large and further on.
    var last: Int?
    for _ in 0..<min(k, width) {
      var best: Int?
      for unit in 0..<width {
        if let last, !(output[unit] < output[last] || output[unit] == output[last] && unit > last) {
          continue
        }
        if best.map({ output[unit] > output[$0] }) ?? true { best = unit }
      }
      guard let best else { break }
      last = best
      guard counted.contains(best), output[best] > threshold else { continue }
      said += 1
      hits += reader.value(row, best) != 0 ? 1 : 0
    }
    return (hits, said)
  }

  func check(outputWidth: Int, _ options: OptionCheck) throws(EngineError) {
    try options.finite(["thresholds": threshold])
    if let topK, topK < 1 || topK > outputWidth {
      throw options.refuse("top_k", topK, "at most the number of outputs, \(outputWidth)")
    }
    try options.output("class_id", classID, of: outputWidth)
  }
}
