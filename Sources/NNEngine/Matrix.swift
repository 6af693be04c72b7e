/// Float32 numbers in rows: features, targets, predictions.
public struct Matrix: Sendable, Equatable {
  public let rows: Int
  public let columns: Int
  /// Row-major: the element at row r and column c is `values[r * columns + c]`.
  public var values: [Float]

  /// `values` should hold `rows * columns` numbers; what takes the matrix throws
  /// ``EngineError/malformedMatrix(rows:columns:values:)`` if it does not.
  public init(rows: Int, columns: Int, values: [Float]) {
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// Throws unless the sizes are not negative and agree.
  func check() throws(EngineError) {
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard rows >= 0, columns >= 0, !overflow, count == values.count else {
      throw .malformedMatrix(rows: rows, columns: columns, values: values.count)
    }
  }
}

/// A matrix in a plan's buffers: rows `stride` floats apart, padded to whole groups of sixteen.
struct MatrixView {
  var base: UnsafeMutablePointer<Float>
  var columns: Int
  var stride: Int

  func rows(from row: Int) -> MatrixView {
    MatrixView(base: base + row * stride, columns: columns, stride: stride)
  }
}

/// Columns with those that fill the last group of sixteen, as kernels write them.
func wholeGroups(_ columns: Int) -> Int { (columns + 15) / 16 * 16 }

/// Floats in a row of a plan's buffer. Row distances that are large powers of two would put a column's
/// elements into few sets of the cache, so those get one group more.
func paddedWidth(_ columns: Int) -> Int {
  let padded = wholeGroups(columns)
  return padded >= 256 && padded % 128 == 0 ? padded + 16 : padded
}
