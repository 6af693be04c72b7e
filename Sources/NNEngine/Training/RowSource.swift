/// Rows that are read a part at a time, such as those of a file that memory does not hold. ``Dataset`` is one that holds
/// them all.
///
/// A pass over a source takes its rows by **windows** of at most ``windowRows``: blocks of ``blockRows`` rows in an order drawn
/// anew for each pass, and the rows of a window shuffled among each other. A source whose rows are one window is shuffled as a
/// data set is, to the same bits.
public protocol RowSource: Sendable {
  var rowCount: Int { get }
  var shape: RowShape { get }
  /// How many rows may be held at a time. The order of rows depends on it.
  var windowRows: Int { get }
  /// Rows that stay together until they are in a window. The order of rows depends on it.
  var blockRows: Int { get }

  /// Some of the rows, one range behind the other.
  ///
  /// - Throws: ``EngineError/rowsUnreadable(_:)`` where they cannot be had any more.
  func rows(_ ranges: [Range<Int>]) throws(EngineError) -> Dataset
}

/// What all rows of a source have in common.
public struct RowShape: Sendable, Equatable {
  public var features: Int
  public var targets: Int
  public var hasWeights: Bool
  /// See ``Dataset/units``.
  public var units: TargetUnits?

  public init(features: Int, targets: Int, hasWeights: Bool = false, units: TargetUnits? = nil) {
    self.features = features
    self.targets = targets
    self.hasWeights = hasWeights
    self.units = units
  }
}

extension Dataset: RowSource {
  public var rowCount: Int { features.rows }

  public var shape: RowShape {
    RowShape(features: features.columns, targets: targets.columns, hasWeights: weights != nil, units: units)
  }

  public var windowRows: Int { .max }
  public var blockRows: Int { .max }

  public func rows(_ ranges: [Range<Int>]) throws(EngineError) -> Dataset {
    if ranges == [0..<features.rows] { return self }
    for range in ranges where range.lowerBound < 0 || range.upperBound > features.rows {
      throw .rowsUnreadable("there are \(features.rows) rows, and row \(range.upperBound) was asked for")
    }
    return Dataset(
      features: features.rows(ranges), targets: targets.rows(ranges),
      weights: weights.map { weights in ranges.flatMap { weights[$0] } }, units: units)
  }
}

extension Matrix {
  /// The ranges must lie within the matrix.
  fileprivate func rows(_ ranges: [Range<Int>]) -> Matrix {
    Matrix(
      rows: ranges.reduce(0) { $0 + $1.count }, columns: columns,
      values: ranges.flatMap { values[$0.lowerBound * columns..<$0.upperBound * columns] })
  }
}

extension RowSource {
  /// Throws if the network and the loss cannot take rows like these.
  func checkShape(_ network: Network, loss: any Loss, what: String) throws(EngineError) {
    guard rowCount > 0 else { throw .noRows(what: what) }
    guard rowCount < 1 << 48 else { throw .tooLarge(what: "a table of \(rowCount) rows") }
    let shape = self.shape
    guard shape.features == network.inputWidth else {
      throw .featureWidth(expected: network.inputWidth, found: shape.features)
    }
    let width = loss.targetWidth(outputWidth: network.outputWidth)
    guard shape.targets == width else {
      throw .targetWidth(loss: loss.name, expected: width, found: shape.targets)
    }
    if let units = shape.units {
      guard units.scales.count == network.outputWidth, units.offsets.count == network.outputWidth else {
        throw .targetWidth(loss: "units", expected: network.outputWidth, found: units.scales.count)
      }
    }
  }

  /// Throws if these rows are not what the network and the loss can take; those that are read later are looked at then.
  func check(_ network: Network, loss: any Loss, what: String) throws(EngineError) {
    if let held = self as? Dataset {
      try held.check(network, loss: loss, what: what)
    } else {
      try checkShape(network, loss: loss, what: what)
    }
  }

  /// Some rows, looked at before anything is computed from them.
  func checkedRows(
    _ ranges: [Range<Int>], _ network: Network, loss: any Loss, what: String
  ) throws(EngineError) -> Dataset {
    let part = try rows(ranges)
    // Those that were held from the beginning were looked at then.
    if self is Dataset { return part }
    guard part.rowCount == ranges.reduce(0, { $0 + $1.count }), part.shape == shape else {
      throw .rowsUnreadable("a part of the rows has another shape than the rest")
    }
    do {
      try part.check(network, loss: loss, what: what)
    } catch .notFinite(let what, let row, let column) {
      throw .notFinite(what: what, row: Self.place(of: row, in: ranges), column: column)
    }
    return part
  }

  /// The source's row that is so many rows into some of its ranges.
  private static func place(of row: Int, in ranges: [Range<Int>]) -> Int {
    var row = row
    for range in ranges {
      if row < range.count { return range.lowerBound + row }
      row -= range.count
    }
    return row
  }
}
