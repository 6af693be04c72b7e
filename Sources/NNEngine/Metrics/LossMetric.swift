import CKernels

/// A loss as a metric: the mean over rows, without penalties.
///
/// Rows of a class that the loss ignores count 0 in it, but they count: Keras's metric divides by all rows, unless they
/// are weighted.
public struct LossMetric: Metric {
  public let loss: any Loss
  public var name: String
  public var direction: MetricDirection? { .minimize }

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
    batch.addRowValues(accumulator)
    if kernel.ignoresClass, let weights = batch.weights {
      for row in 0..<batch.rows where batch.targets.base[row * batch.targets.stride] == kernel.parameter {
        accumulator[1] -= Double(weights[row])
      }
    }
  }

  public func targetWidth(outputWidth: Int) -> Int { loss.targetWidth(outputWidth: outputWidth) }
  public func check(outputWidth: Int) throws(EngineError) { try loss.check() }
}
