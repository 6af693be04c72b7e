import CKernels

/// An activation of the embedding program, of one unit at a time.
///
/// Both functions must give the same for the same number, and may be called from any thread.
public struct CustomActivation: Activation {
  public var name: String
  /// f(x).
  public let value: @Sendable (_ x: Float) -> Float
  /// f′(x).
  public let derivative: @Sendable (_ x: Float) -> Float

  public init(
    _ name: String = "custom", value: @escaping @Sendable (_ x: Float) -> Float,
    derivative: @escaping @Sendable (_ x: Float) -> Float
  ) {
    self.name = name
    self.value = value
    self.derivative = derivative
  }

  public var kernel: ActivationKernel {
    var kernel = ActivationKernel(CK_LINEAR, needsInput: true)
    kernel.custom = self
    return kernel
  }

  func forward(_ z: MatrixView, _ y: MatrixView, rows: Int) {
    for row in 0..<rows {
      for column in 0..<y.columns {
        y.base[row * y.stride + column] = value(z.base[row * z.stride + column])
      }
    }
  }

  /// From the gradient by y to that by z, in place.
  func backward(_ z: MatrixView, gradient: MatrixView, rows: Int) {
    for row in 0..<rows {
      for column in 0..<gradient.columns {
        gradient.base[row * gradient.stride + column] *= derivative(z.base[row * z.stride + column])
      }
    }
  }
}
