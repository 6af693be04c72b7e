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
    var low = SIMD16<Float>(repeating: .infinity)
    var high = SIMD16<Float>(repeating: -.infinity)
    var filled = 0
    let total = ColumnStatistics.sum(values, rows) { group in
      let isNumber = group .== group
      low.replace(with: group, where: isNumber .& (group .< low))
      high.replace(with: group, where: isNumber .& (group .> high))
      filled -= Int(SIMD16<Int32>(repeating: 0).replacing(with: -1, where: isNumber).wrappedSum())
      return SIMD16<Double>(group.replacing(with: 0, where: .!isNumber))
    }
    let mean = filled == 0 ? 0 : total / Double(filled)
    let squares = ColumnStatistics.sum(values, rows) { group in
      let isNumber = group .== group
      let present = SIMD16<Double>(SIMD16<Float>(repeating: 0).replacing(with: 1, where: isNumber))
      let distance = SIMD16<Double>(group.replacing(with: 0, where: .!isNumber)) - mean
      return distance * distance * present
    }
    count = filled
    self.mean = mean
    standardDeviation = filled == 0 ? 0 : (squares / Double(filled)).squareRoot()
    minimum = low.min()
    maximum = high.max()
  }

  /// Σ term over groups of sixteen rows; row i of a block is added in lane i mod 16, a missing row as NaN.
  private static func sum(
    _ values: [Float], _ rows: [Int]?, _ term: (SIMD16<Float>) -> SIMD16<Double>
  ) -> Double {
    guard let rows else {
      return values.withUnsafeBufferPointer { all in
        blocks(count: all.count, term) { at, _ in all[at] }
      }
    }
    return values.withUnsafeBufferPointer { all in
      rows.withUnsafeBufferPointer { chosen in
        // As unsigned, a negative row is beyond the end as well.
        let bound = UInt(bitPattern: all.count)
        return blocks(count: chosen.count, term) { at, missing in
          let row = chosen[at]
          return UInt(bitPattern: row) < bound ? all[row] : missing
        }
      }
    }
  }

  @inline(__always)
  private static func blocks(
    count: Int, _ term: (SIMD16<Float>) -> SIMD16<Double>, _ value: (_ at: Int, _ missing: Float) -> Float
  ) -> Double {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 16) { group in
      var total = 0.0
      var start = 0
      while start < count {
        let end = min(start + 4096, count)
        var lanes = SIMD16<Double>(repeating: 0)
        var at = start
        while at < end {
          let width = min(16, end - at)
          for lane in 0..<width { group[lane] = value(at + lane, .nan) }
          for lane in width..<16 { group[lane] = .nan }
          lanes += term(UnsafeRawBufferPointer(group).loadUnaligned(as: SIMD16<Float>.self))
          at += 16
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
}
