/// What undoes the scaling of targets: value · scale + offset, a pair for each output. Metrics then count in the units that
/// the data came in; the loss stays in those that training sees.
public struct TargetUnits: Sendable, Equatable {
  public var scales: [Double]
  public var offsets: [Double]

  /// - Parameters:
  ///   - scales: one for each output.
  ///   - offsets: one for each output.
  public init(scales: [Double], offsets: [Double]) {
    self.scales = scales
    self.offsets = offsets
  }

  /// Puts the first rows into these units, where they are.
  func apply(to view: MatrixView, rows: Int) {
    for column in 0..<min(view.columns, scales.count, offsets.count) {
      let scale = scales[column]
      let offset = offsets[column]
      // SAFETY: a view holds `stride` floats a row, and its callers pass no more rows than it was made for.
      var value = view.base + column
      for _ in 0..<rows {
        value.pointee = Float(Double(value.pointee) * scale + offset)
        value += view.stride
      }
    }
  }
}
