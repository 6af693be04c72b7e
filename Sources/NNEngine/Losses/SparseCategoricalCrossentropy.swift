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
    let parameter = ignoreClass.map { Float($0) } ?? .nan
    let direct = fromLogits ? CK_SPARSE_CROSSENTROPY_LOGITS : CK_SPARSE_CROSSENTROPY
    guard ignoreClass == nil else { return LossKernel(direct, parameter, ignoresClass: true) }
    return LossKernel(direct, fromLogits: CK_SPARSE_CROSSENTROPY_LOGITS, parameter)
  }

  public func targetWidth(outputWidth: Int) -> Int { 1 }

  public func check(targets: Matrix, outputWidth: Int) throws(EngineError) {
    let ignored = ignoreClass.map { Float($0) }
    for (row, value) in targets.values.enumerated() {
      if value == ignored { continue }
      guard value >= 0, value < Float(outputWidth), value == value.rounded(.towardZero) else {
        throw .classOutOfRange(row: row, value: value, classes: outputWidth)
      }
    }
  }
}
