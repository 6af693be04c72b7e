/// The share of outputs on the target's side of a threshold; targets 0 and 1.
public struct BinaryAccuracy: Metric {
  public var name: String
  public var threshold: Float
  public var targets: MetricTargets
  public var direction: MetricDirection? { .maximize }
  public init(threshold: Float = 0.5, targets: MetricTargets = .columns, name: String = "accuracy") {
    self.threshold = threshold
    self.targets = targets
    self.name = name
  }
  public func update(_ accumulator: UnsafeMutablePointer<Double>, batch: MetricBatch) {
    let y = batch.predictions
    if targets == .columns {
      batch.kernels.pointee.binary_hits(
        y.base, y.stride, batch.targets.base, batch.targets.stride, threshold, batch.rows, y.columns,
        batch.rowValues)
    } else {
      let reader = TargetReader(batch, targets)
      for row in 0..<batch.rows {
        let output = y.base + row * y.stride
        var hits = 0
        for unit in 0..<y.columns where (output[unit] > threshold ? 1 : 0) == reader.value(row, unit) {
          hits += 1
        }
        batch.rowValues[row] = Float(hits) / Float(y.columns)
      }
    }
    batch.addRowValues(accumulator)
  }
  public func targetWidth(outputWidth: Int) -> Int { targets.width(outputWidth: outputWidth) }
  public func check(outputWidth: Int) throws(EngineError) {
    try OptionCheck(name).finite(["threshold": threshold])
  }
}

/// The share of rows whose largest output is the largest target; targets one-hot. Of equal ones the first counts.
public struct CategoricalAccuracy: Metric {
  public var name: String
  public var direction: MetricDirection? { .maximize }
  public init(name: String = "accuracy") { self.name = name }
  public func update(_ accumulator: UnsafeMutablePointer<Double>, batch: MetricBatch) {
    let y = batch.predictions
    batch.kernels.pointee.class_hits(
      y.base, y.stride, batch.targets.base, batch.targets.stride, 0, batch.rows, y.columns, batch.rowValues)
    batch.addRowValues(accumulator)
  }
}

/// The share of rows whose largest output is the target's class id. Of equal ones the first counts.
public struct SparseCategoricalAccuracy: Metric {
  public var name: String
  public var direction: MetricDirection? { .maximize }
  public init(name: String = "accuracy") { self.name = name }
  public func update(_ accumulator: UnsafeMutablePointer<Double>, batch: MetricBatch) {
    let y = batch.predictions
    batch.kernels.pointee.class_hits(
      y.base, y.stride, batch.targets.base, batch.targets.stride, 1, batch.rows, y.columns, batch.rowValues)
    batch.addRowValues(accumulator)
  }
  public func targetWidth(outputWidth: Int) -> Int { 1 }
}
