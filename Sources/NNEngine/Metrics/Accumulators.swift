/// The running sums of several metrics in one run of doubles.
final class Accumulators {
  private let metrics: [any Metric]
  private let offsets: [Int]
  private let outputWidth: Int
  private let storage: UnsafeMutablePointer<Double>
  let count: Int

  init(_ metrics: [any Metric], outputWidth: Int) {
    self.metrics = metrics
    self.outputWidth = outputWidth
    var offsets: [Int] = []
    var total = 0
    for metric in metrics {
      offsets.append(total)
      total += max(metric.accumulatorCount(outputWidth: outputWidth), 0)
    }
    self.offsets = offsets
    count = total
    storage = UnsafeMutablePointer.allocate(capacity: max(total, 1))
    storage.initialize(repeating: 0, count: max(total, 1))
  }

  deinit { storage.deallocate() }

  func reset() { storage.update(repeating: 0, count: count) }

  func update(_ batch: MetricBatch) {
    for index in 0..<metrics.count { metrics[index].update(storage + offsets[index], batch: batch) }
  }

  /// Each metric as a float32 value.
  func results() -> [Double] {
    zip(metrics, offsets).map { Double(Float($0.result(storage + $1, outputWidth: outputWidth))) }
  }

  var sums: [Double] { (0..<count).map { storage[$0] } }

  func restore(_ sums: ArraySlice<Double>) {
    for (index, value) in zip(0..<count, sums) { storage[index] = value }
  }
}
