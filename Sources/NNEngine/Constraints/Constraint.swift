/// What a weight tensor is made to fulfil after each step, with Keras 3's formulas and defaults.
public protocol Constraint: Sendable {
  /// The name in the catalog, as in `max_norm`.
  var name: String { get }
  /// Throws if an option makes no sense.
  func check() throws(EngineError)
  /// Throws if it cannot be for a tensor of this shape.
  func check(shape: [Int]) throws(EngineError)
  /// Changes a tensor in place.
  func apply(_ tensor: ConstrainedTensor)
}

extension Constraint {
  public func check() throws(EngineError) {}
  public func check(shape: [Int]) throws(EngineError) {}
}

/// A weight tensor in a plan, [rows × columns], rows `stride` floats apart. A vector is one row.
public struct ConstrainedTensor {
  let values: UnsafeMutablePointer<Float>
  let rows: Int
  let columns: Int
  let stride: Int
  let isVector: Bool
}

/// Over what a norm is taken.
public enum NormAxis: Sendable, Equatable {
  /// Keras's axis 0: down a kernel's columns, the weights into one unit; over all of a vector.
  case inputs
  /// Keras's axis 1: along a kernel's rows, the weights out of one input.
  case outputs
  /// Keras's axes [0, 1]: the whole tensor.
  case all
}

extension NormAxis {
  func check(shape: [Int], _ owner: String) throws(EngineError) {
    guard self == .inputs || shape.count == 2 else {
      throw OptionCheck(owner).refuse("axis", self == .outputs ? "1" : "[0, 1]", "0 for a vector")
    }
  }
}

/// Keras's epsilon(), which keeps norms from dividing by 0.
let normEpsilon: Float = 1e-7

extension ConstrainedTensor {
  /// Multiplies each line by a factor of its norm.
  func scaleLines(_ axis: NormAxis, _ factor: (_ norm: Float) -> Float) {
    // SAFETY: a tensor holds `rows` rows of `stride` floats, of which `columns` are its own.
    switch axis {
    case .all: scale(0..<rows, 0..<columns, factor)
    case .outputs: for row in 0..<rows { scale(row..<row + 1, 0..<columns, factor) }
    case .inputs:
      if isVector { return scale(0..<1, 0..<columns, factor) }
      for column in 0..<columns { scale(0..<rows, column..<column + 1, factor) }
    }
  }

  private func scale(_ rows: Range<Int>, _ columns: Range<Int>, _ factor: (Float) -> Float) {
    var sum: Float = 0
    for row in rows {
      for column in columns {
        let w = values[row * stride + column]
        sum += w * w
      }
    }
    let by = factor(sum.squareRoot())
    for row in rows {
      for column in columns { values[row * stride + column] *= by }
    }
  }
}
