/// The weighted harmonic mean (1 + β²)·p·r / (β²·p + r) of precision p and recall r, by class, then averaged.
///
/// As in Keras, 1e-7 is added to each divisor, in float32, so a class without positives scores 0; and targets between 0 and
/// 1 count by their value.
public struct FBetaScore: Metric {
  public enum Average: String, Sendable, CaseIterable {
    /// The plain mean over classes.
    case macro
    /// One score from the sums over all classes.
    case micro
    /// The mean over classes, weighted by how often each occurs.
    case weighted
  }

  public var name: String
  public var beta: Float
  public var average: Average
  /// Outputs above it say yes; nil for the row's largest, all of them if several are equal, unless it is 0.
  public var threshold: Float?
  public var targets: MetricTargets
  public var direction: MetricDirection? { .maximize }

  public init(
    beta: Float = 1, average: Average = .macro, threshold: Float? = nil, targets: MetricTargets = .columns,
    name: String = "fbeta"
  ) {
    self.beta = beta
    self.average = average
    self.threshold = threshold
    self.targets = targets
    self.name = name
  }

  /// For each class: true positives, false positives, false negatives, positives.
  public func accumulatorCount(outputWidth: Int) -> Int { 4 * outputWidth }

  public func update(_ accumulator: UnsafeMutablePointer<Double>, batch: MetricBatch) {
    let y = batch.predictions
    let reader = TargetReader(batch, targets)
    for row in 0..<batch.rows {
      let output = y.base + row * y.stride
      let weight = batch.weight(row)
      var bound = threshold ?? -.infinity
      if threshold == nil {
        for unit in 0..<y.columns where output[unit] > bound { bound = output[unit] }
      }
      var sums = accumulator
      for unit in 0..<y.columns {
        let p = output[unit]
        let yes = threshold == nil ? p >= bound && abs(p) > 1e-9 : p > bound
        let t = weight * Double(reader.value(row, unit))
        sums[0] += yes ? t : 0
        sums[1] += yes ? weight - t : 0
        sums[2] += yes ? 0 : t
        sums[3] += t
        sums += 4
      }
    }
  }

  public func result(_ accumulator: UnsafePointer<Double>, outputWidth: Int) -> Double {
    if average == .micro {
      var sums = (0.0, 0.0, 0.0)
      for unit in 0..<outputWidth {
        sums.0 += accumulator[4 * unit]
        sums.1 += accumulator[4 * unit + 1]
        sums.2 += accumulator[4 * unit + 2]
      }
      return Double(score(sums.0, sums.1, sums.2))
    }
    var all: Float = 0
    for unit in 0..<outputWidth { all += Float(accumulator[4 * unit + 3]) }
    var sum: Float = 0
    for unit in 0..<outputWidth {
      let sums = accumulator + 4 * unit
      let value = score(sums[0], sums[1], sums[2])
      sum += average == .weighted ? value * (Float(sums[3]) / (all + Self.epsilon)) : value
    }
    return Double(average == .weighted ? sum : sum / Float(outputWidth))
  }

  private static let epsilon: Float = 1e-7

  private func score(_ hits: Double, _ falsePositives: Double, _ falseNegatives: Double) -> Float {
    let precision = Float(hits) / (Float(hits) + Float(falsePositives) + Self.epsilon)
    let recall = Float(hits) / (Float(hits) + Float(falseNegatives) + Self.epsilon)
    let square = beta * beta
    return precision * recall / (square * precision + recall + Self.epsilon) * (1 + square)
  }

  public func targetWidth(outputWidth: Int) -> Int { targets.width(outputWidth: outputWidth) }

  public func check(outputWidth: Int) throws(EngineError) {
    try OptionCheck(name).positive(["beta": beta])
    try OptionCheck(name).positiveShare(["threshold": threshold ?? 1])
  }
}
