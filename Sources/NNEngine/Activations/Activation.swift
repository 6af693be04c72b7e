import CKernels

/// What a layer does to its products, with Keras 3's formulas and defaults.
public protocol Activation: Sendable {
  /// The name in the catalog, as in `leaky_relu`.
  var name: String { get }
  /// What the kernels compute for it.
  var kernel: ActivationKernel { get }
  /// Units that come out for units that go in; throws if it cannot take so many.
  func outputWidth(inputWidth: Int) throws(EngineError) -> Int
  /// Throws if an option makes no sense.
  func check() throws(EngineError)
}

extension Activation {
  public func outputWidth(inputWidth: Int) throws(EngineError) -> Int { inputWidth }
  public func check() throws(EngineError) {}
}

/// One of the activations that the kernels know, with its numbers.
public struct ActivationKernel: Sendable {
  let kind: ck_activation
  private let numbers: (Float, Float, Float)
  /// The gradient must see the input, not only the output.
  let needsInput: Bool
  /// What is computed in the kernel's place; `kind` is then that of the identity, so that no loss looks behind it.
  var custom: CustomActivation?

  init(_ kind: ck_activation, _ p0: Float = 0, _ p1: Float = 0, _ p2: Float = 0, needsInput: Bool = false) {
    self.kind = kind
    numbers = (p0, p1, p2)
    self.needsInput = needsInput
  }

  var parameters: ck_params { ck_params(p0: numbers.0, p1: numbers.1, p2: numbers.2) }

  var isLinear: Bool { kind == CK_LINEAR && custom == nil }
  /// relu without any option, which the product does on the way.
  var isPlainReLU: Bool {
    kind == CK_RELU && parameters.p0 == 0 && parameters.p1 == .infinity && parameters.p2 == 0
  }
  /// The input has other columns than the output, so neither values nor gradients can be computed in place.
  var changesWidth: Bool { kind == CK_GLU }

  /// y = f(z).
  func forward(_ kernels: UnsafePointer<ck_kernels>, _ z: MatrixView, _ y: MatrixView, rows: Int) {
    if let custom { return custom.forward(z, y, rows: rows) }
    kernels.pointee.activate(kind, parameters, z.base, z.stride, y.base, y.stride, rows, y.columns)
  }

  /// From the gradient by y to that by z: in place, or from `gradient` into `inner` where the width changes.
  func backward(
    _ kernels: UnsafePointer<ck_kernels>, _ z: MatrixView, _ y: MatrixView, gradient: MatrixView,
    inner: MatrixView, rows: Int
  ) {
    if let custom {
      custom.backward(z, gradient: gradient, rows: rows)
    } else if changesWidth {
      kernels.pointee.glu_gradient(
        z.base, z.stride, gradient.base, gradient.stride, inner.base, inner.stride, rows, y.columns)
    } else {
      kernels.pointee.activate_gradient(
        kind, parameters, z.base, z.stride, y.base, y.stride, gradient.base, gradient.stride, rows, y.columns)
    }
  }
}

extension ck_params {
  init(p0: Float = 0, p1: Float = 0, p2: Float = 0) { self.init(p0: p0, p1: p1, p2: p2, list: nil) }
}
