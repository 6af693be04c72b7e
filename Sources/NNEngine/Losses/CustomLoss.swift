import CKernels

/// A loss of the embedding program: as many targets a row as the network has outputs, and one number a row.
///
/// Both functions get a row's predictions and its targets, must give the same for the same, and may be called from any thread. The loss
/// of a batch is the mean of its rows' losses, weighted as with every other.
public struct CustomLoss: Loss {
  public var name: String
  /// A row's loss.
  public let value: @Sendable (_ predictions: [Float], _ targets: [Float]) -> Float
  /// Its derivative by each prediction.
  public let gradient: @Sendable (_ predictions: [Float], _ targets: [Float]) -> [Float]

  public init(
    _ name: String = "custom",
    value: @escaping @Sendable (_ predictions: [Float], _ targets: [Float]) -> Float,
    gradient: @escaping @Sendable (_ predictions: [Float], _ targets: [Float]) -> [Float]
  ) {
    self.name = name
    self.value = value
    self.gradient = gradient
  }

  public var kernel: LossKernel {
    var kernel = LossKernel(CK_MEAN_SQUARED_ERROR)
    kernel.custom = self
    return kernel
  }

  public func check(targets: Matrix, outputWidth: Int) throws(EngineError) {
    let zeros = [Float](repeating: 0, count: outputWidth)
    let count = gradient(zeros, zeros).count
    guard count == outputWidth else {
      throw .invalidOption(
        owner: name, option: "gradient", value: "\(count) numbers",
        requirement: "one number for each of \(outputWidth) predictions")
    }
  }

  /// As the kernels do it: `values` gets the rows' losses, `into` their gradients, each times its weight and `scale`.
  func run(
    outputs: MatrixView, targets: MatrixView, weights: UnsafePointer<Float>?, scale: Float, rows: Int,
    values: UnsafeMutablePointer<Float>, into gradients: MatrixView?
  ) {
    for row in 0..<rows {
      let predicted = outputs.row(row)
      let expected = targets.row(row)
      values[row] = value(predicted, expected)
      guard let gradients else { continue }
      let derivatives = gradient(predicted, expected)
      let factor = (weights?[row] ?? 1) * scale
      for column in 0..<gradients.columns {
        // A gradient that is too short says nothing: the fit ends, as it does for any number that is not finite.
        gradients.base[row * gradients.stride + column] =
          derivatives.count == gradients.columns ? derivatives[column] * factor : .nan
      }
    }
  }
}

extension MatrixView {
  fileprivate func row(_ index: Int) -> [Float] {
    // SAFETY: a view has `columns` numbers from each of its rows' beginnings.
    Array(UnsafeBufferPointer(start: base + index * stride, count: columns))
  }
}
