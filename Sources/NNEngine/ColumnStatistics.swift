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
    var first = Sums()
    let total = Self.sum(values, rows, &first)
    var second = Squares(mean: first.mean(of: total))
    self.init(first, total, squares: Self.sum(values, rows, &second))
  }

  /// The same of values that are given some at a time, in their order, each time that `visit` is called.
  public init<Failure: Error>(
    visiting visit: ((UnsafeBufferPointer<Float>) -> Void) throws(Failure) -> Void
  ) throws(Failure) {
    var first = Sums()
    let total = try Self.sum(visit, &first)
    var second = Squares(mean: first.mean(of: total))
    self.init(first, total, squares: try Self.sum(visit, &second))
  }

  private init(_ first: Sums, _ total: Double, squares: Double) {
    count = first.filled
    mean = first.mean(of: total)
    standardDeviation = first.filled == 0 ? 0 : (squares / Double(first.filled)).squareRoot()
    minimum = first.low.min()
    maximum = first.high.max()
  }

  /// One time through the values: what sixteen of them add, NaN for a missing one.
  private protocol Pass {
    mutating func term(_ group: SIMD16<Float>) -> SIMD16<Double>
  }

  private struct Sums: Pass {
    var low = SIMD16<Float>(repeating: .infinity)
    var high = SIMD16<Float>(repeating: -.infinity)
    var filled = 0

    @inline(__always)
    mutating func term(_ group: SIMD16<Float>) -> SIMD16<Double> {
      let isNumber = group .== group
      low.replace(with: group, where: isNumber .& (group .< low))
      high.replace(with: group, where: isNumber .& (group .> high))
      filled -= Int(SIMD16<Int32>(repeating: 0).replacing(with: -1, where: isNumber).wrappedSum())
      return SIMD16<Double>(group.replacing(with: 0, where: .!isNumber))
    }

    func mean(of total: Double) -> Double { filled == 0 ? 0 : total / Double(filled) }
  }

  private struct Squares: Pass {
    let mean: Double

    @inline(__always)
    mutating func term(_ group: SIMD16<Float>) -> SIMD16<Double> {
      let isNumber = group .== group
      let present = SIMD16<Double>(SIMD16<Float>(repeating: 0).replacing(with: 1, where: isNumber))
      let distance = SIMD16<Double>(group.replacing(with: 0, where: .!isNumber)) - mean
      return distance * distance * present
    }
  }

  /// Σ term over groups of sixteen rows; row i of a block is added in lane i mod 16, a missing row as NaN.
  private static func sum<Each: Pass>(_ values: [Float], _ rows: [Int]?, _ pass: inout Each) -> Double {
    guard let rows else {
      return values.withUnsafeBufferPointer { all in
        blocks(count: all.count, &pass) { at, _ in all[at] }
      }
    }
    return values.withUnsafeBufferPointer { all in
      rows.withUnsafeBufferPointer { chosen in
        // As unsigned, a negative row is beyond the end as well.
        let bound = UInt(bitPattern: all.count)
        return blocks(count: chosen.count, &pass) { at, missing in
          let row = chosen[at]
          return UInt(bitPattern: row) < bound ? all[row] : missing
        }
      }
    }
  }

  /// The same; blocks are those of the whole, wherever its parts end.
  private static func sum<Each: Pass, Failure: Error>(
    _ visit: ((UnsafeBufferPointer<Float>) -> Void) throws(Failure) -> Void, _ pass: inout Each
  ) throws(Failure) -> Double {
    var total = 0.0
    var block: [Float] = []
    block.reserveCapacity(blockRows)
    var current = pass
    try visit { part in
      var start = 0
      while start < part.count {
        let count = min(part.count - start, blockRows - block.count)
        block.append(contentsOf: UnsafeBufferPointer(rebasing: part[start..<start + count]))
        start += count
        if block.count == blockRows {
          total += sum(block, nil, &current)
          block.removeAll(keepingCapacity: true)
        }
      }
    }
    total += sum(block, nil, &current)
    pass = current
    return total
  }

  private static let blockRows = 4096

  @inline(__always)
  private static func blocks<Each: Pass>(
    count: Int, _ pass: inout Each, _ value: (_ at: Int, _ missing: Float) -> Float
  ) -> Double {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 16) { group in
      var total = 0.0
      var start = 0
      while start < count {
        let end = min(start + blockRows, count)
        var lanes = SIMD16<Double>(repeating: 0)
        var at = start
        while at < end {
          let width = min(16, end - at)
          for lane in 0..<width { group[lane] = value(at + lane, .nan) }
          for lane in width..<16 { group[lane] = .nan }
          lanes += pass.term(UnsafeRawBufferPointer(group).loadUnaligned(as: SIMD16<Float>.self))
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
