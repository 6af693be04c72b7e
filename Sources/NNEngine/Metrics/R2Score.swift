/// 1 − Σ(t − p)² / Σ(t − t̄)² for each output, then their mean; 0 for an output whose target never changes, as Keras has
/// it, unless its error is 0 too, which gives NaN.
public struct R2Score: Metric {
  public var name: String
  public var direction: MetricDirection { .maximize }
  public init(name: String = "r2") { self.name = name }

  /// For each output: Σt, Σt², Σ(t − p)²; then the count.
  public func accumulatorCount(outputWidth: Int) -> Int { 3 * outputWidth + 1 }

  public func update(_ accumulator: UnsafeMutablePointer<Double>, batch: MetricBatch) {
    let width = batch.predictions.columns
    for row in 0..<batch.rows {
      let prediction = batch.predictions.base + row * batch.predictions.stride
      let target = batch.targets.base + row * batch.targets.stride
      for unit in 0..<width {
        let t = Double(target[unit])
        let e = t - Double(prediction[unit])
        accumulator[3 * unit] += t
        accumulator[3 * unit + 1] += t * t
        accumulator[3 * unit + 2] += e * e
      }
    }
    accumulator[3 * width] += Double(batch.rows)
  }

  public func result(_ accumulator: UnsafePointer<Double>, outputWidth: Int) -> Double {
    let count = accumulator[3 * outputWidth]
    guard count > 0 else { return 0 }
    var sum = 0.0
    for unit in 0..<outputWidth {
      let mean = accumulator[3 * unit] / count
      let total = accumulator[3 * unit + 1] - accumulator[3 * unit] * mean
      let score = 1 - accumulator[3 * unit + 2] / total
      sum += score.isInfinite ? 0 : score
    }
    return sum / Double(outputWidth)
  }
}
