import CKernels

/// A penalty on a weight tensor that is added to the loss, with Keras 3's formulas and defaults.
public protocol Regularizer: Sendable {
  /// The name in the catalog, as in `l2`.
  var name: String { get }
  /// Throws if an option makes no sense.
  func check() throws(EngineError)
  /// Throws if it cannot be for a tensor of this shape.
  func check(shape: [Int]) throws(EngineError)
  /// It adds nothing, whatever the weights.
  var isZero: Bool { get }
  /// Floats that it needs for its own sums.
  func scratchCount(rows: Int, columns: Int) -> Int
  /// The penalty on a tensor.
  func penalty(_ tensor: RegularizedTensor) -> Float
  /// Adds the penalty's gradient to the tensor's.
  func addGradient(_ tensor: RegularizedTensor)
}

extension Regularizer {
  public func check() throws(EngineError) {}
  public func check(shape: [Int]) throws(EngineError) {}
  public var isZero: Bool { false }
  public func scratchCount(rows: Int, columns: Int) -> Int { 0 }
}

/// A weight tensor in a plan, [rows × columns], with its gradient laid out alike. A vector is one row.
public struct RegularizedTensor {
  let kernels: UnsafePointer<ck_kernels>
  let values: UnsafeMutablePointer<Float>
  let gradients: UnsafeMutablePointer<Float>
  let rows: Int
  let columns: Int
  /// Floats from row to row.
  let stride: Int
  let scratch: UnsafeMutablePointer<Float>
}
