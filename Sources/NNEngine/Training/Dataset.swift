/// Rows to train on or to evaluate.
public struct Dataset: Sendable {
  /// [rows × inputs].
  public var features: Matrix
  /// [rows × outputs]: values, one-hot classes, or one column of class ids.
  public var targets: Matrix
  /// A weight for each row's loss.
  public var weights: [Float]?
  /// The units in which metrics see targets and predictions, where the targets were scaled; nil leaves them as they are.
  public var units: TargetUnits?

  public init(features: Matrix, targets: Matrix, weights: [Float]? = nil, units: TargetUnits? = nil) {
    self.features = features
    self.targets = targets
    self.weights = weights
    self.units = units
  }

  /// No rows.
  init(of shape: RowShape) {
    self.init(
      features: Matrix(rows: 0, columns: shape.features, values: []),
      targets: Matrix(rows: 0, columns: shape.targets, values: []), weights: shape.hasWeights ? [] : nil,
      units: shape.units)
  }

  static var none: Dataset {
    let nothing = Matrix(rows: 0, columns: 0, values: [])
    return Dataset(features: nothing, targets: nothing)
  }

  /// Throws if these rows are not what the network and the loss can take.
  func check(_ network: Network, loss: any Loss, what: String) throws(EngineError) {
    try features.check()
    try targets.check()
    guard features.rows < 1 << 32 else { throw .tooLarge(what: "a table of \(features.rows) rows") }
    guard targets.rows == features.rows else {
      throw .rowCount(features: features.rows, other: targets.rows, what: "targets")
    }
    try checkShape(network, loss: loss, what: what)
    try features.checkFinite("a feature")
    try targets.checkFinite("a target")
    try loss.check(targets: targets, outputWidth: network.outputWidth)
    if let weights {
      guard weights.count == features.rows else {
        throw .rowCount(features: features.rows, other: weights.count, what: "weights")
      }
      try Matrix(rows: weights.count, columns: 1, values: weights).checkFinite("a weight")
    }
  }
}

extension Matrix {
  /// Throws with the place of the first value that is not finite.
  func checkFinite(_ what: String) throws(EngineError) {
    guard let at = values.firstIndex(where: { !$0.isFinite }) else { return }
    throw .notFinite(what: what, row: at / max(columns, 1), column: at % max(columns, 1))
  }
}
