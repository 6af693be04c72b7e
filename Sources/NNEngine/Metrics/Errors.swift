import CKernels

/// The mean of |target − prediction|.
public struct MeanAbsoluteErrorMetric: Metric {
  public var name: String
  public var direction: MetricDirection? { .minimize }
  public init(name: String = "mae") { self.name = name }
  public func update(_ accumulator: UnsafeMutablePointer<Double>, batch: MetricBatch) {
    batch.rowLosses(CK_MEAN_ABSOLUTE_ERROR)
    batch.addRowValues(accumulator)
  }
}

/// The mean of (target − prediction)².
public struct MeanSquaredErrorMetric: Metric {
  public var name: String
  public var direction: MetricDirection? { .minimize }
  public init(name: String = "mse") { self.name = name }
  public func update(_ accumulator: UnsafeMutablePointer<Double>, batch: MetricBatch) {
    batch.rowLosses(CK_MEAN_SQUARED_ERROR)
    batch.addRowValues(accumulator)
  }
}

/// The root of the mean of (target − prediction)².
public struct RootMeanSquaredErrorMetric: Metric {
  public var name: String
  public var direction: MetricDirection? { .minimize }
  public init(name: String = "rmse") { self.name = name }
  public func update(_ accumulator: UnsafeMutablePointer<Double>, batch: MetricBatch) {
    batch.rowLosses(CK_MEAN_SQUARED_ERROR)
    batch.addRowValues(accumulator)
  }
  public func result(_ accumulator: UnsafePointer<Double>, outputWidth: Int) -> Double {
    accumulator[1] == 0 ? 0 : (accumulator[0] / accumulator[1]).squareRoot()
  }
}
