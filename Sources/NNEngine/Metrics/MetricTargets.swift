/// How a metric's target stands in the data.
public enum MetricTargets: Sendable {
  /// A column for each output: values, zeros and ones, or one-hot classes.
  case columns
  /// One column of class ids, the network giving an output for each class. A metric reads them as if they were one-hot.
  case classIDs

  func width(outputWidth: Int) -> Int { self == .classIDs ? 1 : outputWidth }
}

/// The targets of a batch's rows, one for each output, whichever way they stand.
struct TargetReader {
  private let base: UnsafePointer<Float>
  private let stride: Int
  private let isIDs: Bool
  let width: Int

  @inline(__always)
  init(_ batch: MetricBatch, _ targets: MetricTargets) {
    base = UnsafePointer(batch.targets.base)
    stride = batch.targets.stride
    isIDs = targets == .classIDs
    width = batch.predictions.columns
  }

  /// The target of one output; of class ids, 1 for the row's class and else 0.
  @inline(__always)
  func value(_ row: Int, _ unit: Int) -> Float {
    let first = base + row * stride
    guard isIDs else { return first[unit] }
    return first.pointee == Float(unit) ? 1 : 0
  }

  /// The row's class: its id, or the first of its largest targets; nil for an id that names no output.
  @inline(__always)
  func classIndex(_ row: Int) -> Int? {
    let first = base + row * stride
    guard !isIDs else {
      let id = first.pointee
      return id >= 0 && id < Float(width) ? Int(id) : nil
    }
    var best = 0
    for unit in 0..<width where first[unit] > first[best] { best = unit }
    return best
  }
}
