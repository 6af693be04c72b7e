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

  func update(_ batch: MetricBatch) { update(storage, batch) }

  /// Adds a batch to other sums that lie as these do.
  func update(_ sums: UnsafeMutablePointer<Double>, _ batch: MetricBatch) {
    for index in 0..<metrics.count { metrics[index].update(sums + offsets[index], batch: batch) }
  }

  /// Adds other sums that lie as these do.
  func add(_ sums: UnsafePointer<Double>) {
    for index in 0..<count { storage[index] += sums[index] }
  }

  /// Each metric as a float32 value.
  func results() -> [Double] {
    zip(metrics, offsets).map { Double(Float($0.result(storage + $1, outputWidth: outputWidth))) }
  }

  var sums: [Double] { (0..<count).map { storage[$0] } }

  func restore(_ sums: ArraySlice<Double>) {
    for (index, value) in zip(0..<count, sums) { storage[index] = value }
  }

  /// Throws if the metrics cannot be measured on these targets, or their sums have no room.
  static func check(_ metrics: [any Metric], _ network: Network, targetWidth: Int) throws(EngineError) {
    var doubles = 0.0
    for metric in metrics {
      try metric.check(outputWidth: network.outputWidth)
      let width = metric.targetWidth(outputWidth: network.outputWidth)
      guard targetWidth == width else {
        throw .targetWidth(loss: metric.name, expected: width, found: targetWidth)
      }
      doubles += Double(metric.accumulatorCount(outputWidth: network.outputWidth))
    }
    try checkMemory(floats: 2 * doubles, "the sums of \(metrics.count) metrics")
  }
}
