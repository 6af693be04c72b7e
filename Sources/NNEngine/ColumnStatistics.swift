/// Mean, spread and bounds of a column, the same bits on every machine: in double, in blocks of 4,096 rows that add up
/// in order, sixteen lanes in a block, without libm.
public struct ColumnStatistics: Sendable, Equatable {
  /// Values that are numbers; NaN stands for a missing one and is left out.
  public let count: Int
  public let mean: Double
  /// The population's, that is, divided by the count.
  public let standardDeviation: Double
  /// Infinity, if there is no value.
  public let minimum: Float
  /// Minus infinity, if there is no value.
  public let maximum: Float

  /// - Parameter rows: indices into `values`, those outside left out; all rows if nil.
  public init(_ values: [Float], rows: [Int]? = nil) {
    var low = Float.infinity
    var high = -Float.infinity
    var filled = 0
    let total = ColumnStatistics.sum(values, rows) { value in
      filled += 1
      if value < low { low = value }
      if value > high { high = value }
      return Double(value)
    }
    let mean = filled == 0 ? 0 : total / Double(filled)
    let squares = ColumnStatistics.sum(values, rows) { value in
      let distance = Double(value) - mean
      return distance * distance
    }
    count = filled
    self.mean = mean
    standardDeviation = filled == 0 ? 0 : (squares / Double(filled)).squareRoot()
    minimum = low
    maximum = high
  }

  /// Σ term(value) over the values that are numbers; row i of a block is added in lane i mod 16.
  private static func sum(_ values: [Float], _ rows: [Int]?, _ term: (Float) -> Double) -> Double {
    let count = rows?.count ?? values.count
    var total = 0.0
    var start = 0
    while start < count {
      let end = min(start + 4096, count)
      var lanes = SIMD16<Double>(repeating: 0)
      for i in start..<end {
        let row = rows?[i] ?? i
        guard values.indices.contains(row) else { continue }
        let value = values[row]
        guard !value.isNaN else { continue }
        lanes[(i - start) & 15] += term(value)
      }
      let eight = lanes.lowHalf + lanes.highHalf
      let four = eight.lowHalf + eight.highHalf
      let two = four.lowHalf + four.highHalf
      total += two.x + two.y
      start = end
    }
    return total
  }
}
