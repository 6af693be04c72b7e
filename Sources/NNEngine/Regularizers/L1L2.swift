/// `l1·Σ|w| + l2·Σw²`.
public struct L1L2: Regularizer, Equatable {
  public let name = "l1l2"
  public var l1: Float
  public var l2: Float

  public init(l1: Float = 0, l2: Float = 0) {
    self.l1 = l1
    self.l2 = l2
  }

  public var isZero: Bool { l1 == 0 && l2 == 0 }

  public func check() throws(EngineError) {
    try OptionCheck(name).notNegative(["l1": l1, "l2": l2])
  }

  public func penalty(_ tensor: RegularizedTensor) -> Float {
    var sum: Float = 0
    let kernels = tensor.kernels.pointee
    if l1 != 0 { sum += l1 * kernels.sum_absolute(tensor.values, tensor.stride, tensor.rows, tensor.columns) }
    if l2 != 0 { sum += l2 * kernels.sum_squares(tensor.values, tensor.stride, tensor.rows, tensor.columns) }
    return sum
  }

  public func addGradient(_ tensor: RegularizedTensor) {
    tensor.kernels.pointee.penalty_gradient(
      tensor.values, tensor.stride, tensor.rows, tensor.columns, l1, l2, tensor.gradients, tensor.stride)
  }
}
