import CKernels

/// A loss as a metric: the mean over rows, without sample weights or penalties.
public struct LossMetric: Metric {
  public let loss: any Loss
  public var name: String
  public var direction: MetricDirection { .minimize }

  public init(_ loss: any Loss, name: String? = nil) {
    self.loss = loss
    self.name = name ?? loss.name
  }

  public func update(_ accumulator: UnsafeMutablePointer<Double>, batch: MetricBatch) {
    let kernel = loss.kernel
    if let logits = batch.logits, let form = kernel.fromLogits, kernel.looksBehind(batch.outputActivation) {
      batch.rowLosses(form, kernel.parameter, of: logits)
    } else {
      batch.rowLosses(kernel.fromPredictions, kernel.parameter)
    }
    accumulator[0] += Double(batch.kernels.pointee.lane_sum(batch.rowValues, nil, batch.rows))
    var counted = batch.rows
    if kernel.ignoresClass {
      for row in 0..<batch.rows where batch.targets.base[row * batch.targets.stride] == kernel.parameter {
        counted -= 1
      }
    }
    accumulator[1] += Double(counted)
  }

  public func targetWidth(outputWidth: Int) -> Int { loss.targetWidth(outputWidth: outputWidth) }
}
