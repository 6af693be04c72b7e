import CKernels

/// −ln p[class], the target being one column of class ids.
///
/// After a softmax or sigmoid, or with `fromLogits`, it is computed from the logits; else from p cut to [1e-7, 1 − 1e-7] and
/// divided by its sum, as TensorFlow does. Rows of `ignoreClass` count neither in the loss nor in its mean; with it Keras
/// does not look behind the softmax.
public struct SparseCategoricalCrossentropy: Loss {
  public let name = "sparse_categorical_crossentropy"
  public var fromLogits: Bool
  public var ignoreClass: Int?

  public init(fromLogits: Bool = false, ignoreClass: Int? = nil) {
    self.fromLogits = fromLogits
    self.ignoreClass = ignoreClass
  }

  public var kernel: LossKernel {
    let direct = fromLogits ? CK_SPARSE_CROSSENTROPY_LOGITS : CK_SPARSE_CROSSENTROPY
    guard let ignoreClass else {
      return LossKernel(direct, logits: .either(CK_SPARSE_CROSSENTROPY_LOGITS), .nan)
    }
    var kernel = LossKernel(direct, Float(ignoreClass))
    kernel.ignoresClass = true
    return kernel
  }

  public func targetWidth(outputWidth: Int) -> Int { 1 }

  public func check(targets: Matrix, outputWidth: Int) throws(EngineError) {
    try checkClasses(targets, outputWidth, ignored: ignoreClass.map { Float($0) })
  }
}
