import CKernels

/// (1 − p^q) / q, p being the right class's probability and the target one column of class ids: between cross-entropy (q → 0) and mean
/// absolute error (q → 1), for labels that are not all right (Zhang and Sabuncu 2018).
public struct CategoricalGeneralizedCrossEntropy: Loss {
  public let name = "categorical_generalized_cross_entropy"
  public var q: Float

  public init(q: Float = 0.5) { self.q = q }

  public var kernel: LossKernel { LossKernel(CK_GENERALIZED_CROSSENTROPY, .nan, q) }

  public func targetWidth(outputWidth: Int) -> Int { 1 }

  public func check() throws(EngineError) {
    guard q > 0, q < 1 else {
      throw OptionCheck(name).refuse("q", q, "a number above 0 and below 1")
    }
  }

  public func check(targets: Matrix, outputWidth: Int) throws(EngineError) {
    try checkClasses(targets, outputWidth)
  }
}
