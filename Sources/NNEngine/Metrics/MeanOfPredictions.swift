/// The mean of the predictions, whatever the targets are.
public struct MeanOfPredictions: Metric {
  public var name: String
  public var targets: MetricTargets
  public var direction: MetricDirection? { nil }
  public init(targets: MetricTargets = .columns, name: String = "mean") {
    self.targets = targets
    self.name = name
  }
  public func update(_ accumulator: UnsafeMutablePointer<Double>, batch: MetricBatch) {
    let y = batch.predictions
    for row in 0..<batch.rows {
      let output = y.base + row * y.stride
      var sum = 0.0
      for unit in 0..<y.columns { sum += Double(output[unit]) }
      batch.rowValues[row] = Float(sum / Double(y.columns))
    }
    batch.addRowValues(accumulator)
  }
  public func targetWidth(outputWidth: Int) -> Int { targets.width(outputWidth: outputWidth) }
}
