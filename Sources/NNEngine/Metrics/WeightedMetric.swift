/// A metric in which the rows' weights count, as in Keras's `weighted_metrics=`: sample weights, and class weights while
/// training. Without weights it is the metric itself.
public struct WeightedMetric: Metric {
  public let metric: any Metric

  public init(_ metric: any Metric) { self.metric = metric }

  public var name: String { metric.name }
  public var direction: MetricDirection? { metric.direction }
  public func accumulatorCount(outputWidth: Int) -> Int { metric.accumulatorCount(outputWidth: outputWidth) }
  public func update(_ accumulator: UnsafeMutablePointer<Double>, batch: MetricBatch) {
    metric.update(accumulator, batch: batch.weighted)
  }
  public func result(_ accumulator: UnsafePointer<Double>, outputWidth: Int) -> Double {
    metric.result(accumulator, outputWidth: outputWidth)
  }
  public func targetWidth(outputWidth: Int) -> Int { metric.targetWidth(outputWidth: outputWidth) }
  public func check(outputWidth: Int) throws(EngineError) { try metric.check(outputWidth: outputWidth) }
}

extension Metric {
  /// The loss that it measures, weighted or not.
  var measuredLoss: (any Loss)? {
    switch self {
    case let metric as LossMetric: metric.loss
    case let metric as WeightedMetric: metric.metric.measuredLoss
    default: nil
    }
  }
}
