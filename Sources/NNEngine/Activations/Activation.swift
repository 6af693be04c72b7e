import CKernels

/// What a layer does to its products, with Keras 3's formulas and defaults.
public protocol Activation: Sendable {
  /// The name in the catalog, as in `leaky_relu`.
  var name: String { get }
  /// What the kernels compute for it.
  var kernel: ActivationKernel { get }
  /// Throws if an option makes no sense.
  func check() throws(EngineError)
}

extension Activation {
  public func check() throws(EngineError) {}
}

/// One of the activations that the kernels know, with its numbers.
public struct ActivationKernel: Sendable {
  let kind: ck_activation
  let parameters: ck_params
  /// The gradient must see the input, not only the output.
  let needsInput: Bool

  init(_ kind: ck_activation, _ p0: Float = 0, _ p1: Float = 0, _ p2: Float = 0, needsInput: Bool = false) {
    self.kind = kind
    parameters = ck_params(p0: p0, p1: p1, p2: p2)
    self.needsInput = needsInput
  }

  var isLinear: Bool { kind == CK_LINEAR }
  /// relu without any option, which the product does on the way.
  var isPlainReLU: Bool {
    kind == CK_RELU && parameters.p0 == 0 && parameters.p1 == .infinity && parameters.p2 == 0
  }
}
