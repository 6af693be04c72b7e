/// The share of outputs on the target's side of a threshold; targets 0 and 1.
public struct BinaryAccuracy: Metric {
  public var name: String
  public var threshold: Float
  public var direction: MetricDirection { .maximize }
  public init(threshold: Float = 0.5, name: String = "accuracy") {
    self.threshold = threshold
    self.name = name
  }
  public func update(_ accumulator: UnsafeMutablePointer<Double>, batch: MetricBatch) {
    let y = batch.predictions
    batch.kernels.pointee.binary_hits(
      y.base, y.stride, batch.targets.base, batch.targets.stride, threshold, batch.rows, y.columns,
      batch.rowValues)
    batch.addRowValues(accumulator)
  }
}

/// The share of rows whose largest output is the largest target; targets one-hot.
public struct CategoricalAccuracy: Metric {
  public var name: String
  public var direction: MetricDirection { .maximize }
  public init(name: String = "accuracy") { self.name = name }
  public func update(_ accumulator: UnsafeMutablePointer<Double>, batch: MetricBatch) {
    let y = batch.predictions
    batch.kernels.pointee.class_hits(
      y.base, y.stride, batch.targets.base, batch.targets.stride, 0, batch.rows, y.columns, batch.rowValues)
    batch.addRowValues(accumulator)
  }
}

/// The share of rows whose largest output is the target's class id.
public struct SparseCategoricalAccuracy: Metric {
  public var name: String
  public var direction: MetricDirection { .maximize }
  public init(name: String = "accuracy") { self.name = name }
  public func update(_ accumulator: UnsafeMutablePointer<Double>, batch: MetricBatch) {
    let y = batch.predictions
    batch.kernels.pointee.class_hits(
      y.base, y.stride, batch.targets.base, batch.targets.stride, 1, batch.rows, y.columns, batch.rowValues)
    batch.addRowValues(accumulator)
  }
  public func targetWidth(outputWidth: Int) -> Int { 1 }
}
