/// 1 − Σ(t − p)² / Σ(t − t̄)² for each output, then their mean; 0 for an output whose target never changes, as Keras has
/// it, unless its error is 0 too, which gives NaN.
public struct R2Score: Metric {
  public enum Aggregation: String, Sendable, CaseIterable {
    case uniform = "uniform_average"
    /// By Σ(t − t̄)².
    case varianceWeighted = "variance_weighted_average"
  }

  public var name: String
  public var aggregation: Aggregation
  /// For the adjusted score 1 − (1 − r²)(n − 1)/(n − k − 1); 0 for the plain one. Keras's n counts every target value, so
  /// rows times outputs; where n is too small, the score stays plain.
  public var regressors: Int
  public var direction: MetricDirection? { .maximize }

  public init(aggregation: Aggregation = .uniform, regressors: Int = 0, name: String = "r2") {
    self.aggregation = aggregation
    self.regressors = regressors
    self.name = name
  }

  /// For each output: Σt, Σt², Σ(t − p)²; then the rows' weight, and how many values there were.
  public func accumulatorCount(outputWidth: Int) -> Int { 3 * outputWidth + 2 }

  public func update(_ accumulator: UnsafeMutablePointer<Double>, batch: MetricBatch) {
    let width = batch.predictions.columns
    for row in 0..<batch.rows {
      let prediction = batch.predictions.base + row * batch.predictions.stride
      let target = batch.targets.base + row * batch.targets.stride
      let weight = batch.weight(row)
      for unit in 0..<width {
        let t = Double(target[unit])
        let e = t - Double(prediction[unit])
        accumulator[3 * unit] += weight * t
        accumulator[3 * unit + 1] += weight * (t * t)
        accumulator[3 * unit + 2] += weight * (e * e)
      }
      accumulator[3 * width] += weight
    }
    accumulator[3 * width + 1] += Double(batch.rows * width)
  }

  public func result(_ accumulator: UnsafePointer<Double>, outputWidth: Int) -> Double {
    let count = accumulator[3 * outputWidth]
    var sum = 0.0
    var weights = 0.0
    for unit in 0..<outputWidth {
      let mean = accumulator[3 * unit] / count
      let total = accumulator[3 * unit + 1] - accumulator[3 * unit] * mean
      let raw = 1 - accumulator[3 * unit + 2] / total
      let score = raw.isInfinite ? 0 : raw
      let weight = aggregation == .uniform ? 1 : total
      sum += weight * score
      weights += weight
    }
    let score = sum / weights
    let values = accumulator[3 * outputWidth + 1]
    guard regressors != 0, Double(regressors) < values - 1 else { return score }
    return 1 - (1 - score) * (values - 1) / (values - Double(regressors) - 1)
  }

  public func check(outputWidth: Int) throws(EngineError) {
    try OptionCheck(name).whole("num_regressors", regressors, from: 0)
  }
}
