import CKernels

/// What training makes small, with Keras 3's formulas and defaults.
public protocol Loss: Sendable {
  /// The name in the catalog, as in `mean_squared_error`.
  var name: String { get }
  /// What the kernels compute for it.
  var kernel: LossKernel { get }
  /// Target columns for a network with this many outputs.
  func targetWidth(outputWidth: Int) -> Int
  /// Throws if an option makes no sense.
  func check() throws(EngineError)
  /// Throws if these targets cannot be.
  func check(targets: Matrix, outputWidth: Int) throws(EngineError)
}

extension Loss {
  public func targetWidth(outputWidth: Int) -> Int { outputWidth }
  public func check() throws(EngineError) {}
  public func check(targets: Matrix, outputWidth: Int) throws(EngineError) {}

  /// Throws if an option makes no sense for so many outputs, whatever the targets are.
  public func check(outputWidth: Int) throws(EngineError) {
    try check(targets: Matrix(rows: 0, columns: 0, values: []), outputWidth: outputWidth)
  }
}

/// One of the losses that the kernels know, with its numbers.
public struct LossKernel: Sendable {
  /// How a loss looks behind the network's last activation.
  enum Logits {
    /// It does not.
    case unseen
    /// From a softmax's or a sigmoid's input, which is exact where the probability has rounded to 0 or 1. Keras remembers only
    /// that there are logits, not of which function, so either activation counts for every cross-entropy.
    case either(ck_loss)
    /// In one form from a sigmoid's, in another from a softmax's.
    case each(sigmoid: ck_loss, softmax: ck_loss)
  }

  let fromPredictions: ck_loss
  let logits: Logits
  private let numbers: (Float, Float, Float)
  /// A number for each output; empty for none.
  var list: [Float] = []
  /// The mean is taken over rows whose class, the target, is not the first number.
  var ignoresClass = false
  /// In a batch whose targets are all 0 or 1 they count as −1 and 1: then the first number is 1.
  var signsBinaryTargets = false
  /// What is computed in the kernel's place.
  var custom: CustomLoss?

  init(
    _ fromPredictions: ck_loss, logits: Logits = .unseen, _ p0: Float = 0, _ p1: Float = 0, _ p2: Float = 0
  ) {
    self.fromPredictions = fromPredictions
    self.logits = logits
    numbers = (p0, p1, p2)
  }

  private var parameters: ck_params { ck_params(p0: numbers.0, p1: numbers.1, p2: numbers.2) }

  /// The form that is computed from what went into this activation; nil if there is none.
  func form(behind activation: ck_activation) -> ck_loss? {
    switch (logits, activation) {
    case (.either(let form), CK_SOFTMAX), (.either(let form), CK_SIGMOID): form
    case (.each(let form, _), CK_SIGMOID), (.each(_, let form), CK_SOFTMAX): form
    default: nil
    }
  }

  /// A row's loss depends on the rows beside it.
  var dependsOnBatch: Bool { ignoresClass || signsBinaryTargets }

  /// The row's class is the one that is left out.
  func ignores(_ row: Int, of targets: MatrixView) -> Bool {
    ignoresClass && targets.base[row * targets.stride] == numbers.0
  }

  /// Rows that count in the mean.
  func countedRows(_ targets: MatrixView, rows: Int) -> Int {
    guard ignoresClass else { return rows }
    var counted = 0
    for row in 0..<rows where !ignores(row, of: targets) { counted += 1 }
    return counted
  }

  /// Fills `values` with the rows' losses and, if there is one, `gradient` with their gradients, each times its weight and
  /// `scale`.
  func run(
    _ kernels: UnsafePointer<ck_kernels>, _ form: ck_loss, outputs: MatrixView, targets: MatrixView,
    weights: UnsafePointer<Float>? = nil, scale: Float = 1, rows: Int, values: UnsafeMutablePointer<Float>,
    gradient: MatrixView? = nil
  ) {
    if let custom {
      return custom.run(
        outputs: outputs, targets: targets, weights: weights, scale: scale, rows: rows, values: values,
        into: gradient)
    }
    withParameters(outputs: outputs.columns) { parameters in
      var parameters = parameters
      if signsBinaryTargets, LossKernel.areBinary(targets, rows: rows) { parameters.p0 = 1 }
      kernels.pointee.loss(
        form, parameters, outputs.base, outputs.stride, targets.base, targets.stride, weights, scale, rows,
        outputs.columns, values, gradient?.base, gradient?.stride ?? 0)
    }
  }

  /// Gives the loss's numbers for as long as `body` runs.
  func withParameters(outputs: Int, _ body: (ck_params) -> Void) {
    var parameters = parameters
    list.withUnsafeBufferPointer { list in
      // SAFETY: a kernel reads a number for each output.
      parameters.list = list.count == outputs ? list.baseAddress : nil
      body(parameters)
    }
  }

  private static func areBinary(_ targets: MatrixView, rows: Int) -> Bool {
    for row in 0..<rows {
      for column in 0..<targets.columns {
        let value = targets.base[row * targets.stride + column]
        if value != 0, value != 1 { return false }
      }
    }
    return true
  }
}

/// Throws unless every target but the ignored one is the id of a class that has an output.
func checkClasses(_ targets: Matrix, _ classes: Int, ignored: Float? = nil) throws(EngineError) {
  for (row, value) in targets.values.enumerated() where value != ignored {
    guard value >= 0, value < Float(classes), value == value.rounded(.towardZero) else {
      throw .classOutOfRange(row: row, value: value, classes: classes)
    }
  }
}
