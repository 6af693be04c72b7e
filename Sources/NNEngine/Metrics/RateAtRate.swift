/// The best of one rate that the decisions reach at any threshold at which another rate is at least `least`; 0 if it never
/// is. The thresholds are evenly spaced from 0 to 1, or 0.5 alone.
public struct RateAtRate: Metric {
  public enum Kind: String, Sendable, CaseIterable {
    case sensitivityAtSpecificity = "sensitivity_at_specificity"
    case specificityAtSensitivity = "specificity_at_sensitivity"
    case precisionAtRecall = "precision_at_recall"
    case recallAtPrecision = "recall_at_precision"
  }

  public var name: String
  public var kind: Kind
  public var least: Float
  /// The only output that counts, from 0.
  public var classID: Int?
  public var targets: MetricTargets
  private let thresholds: Thresholds
  private let wanted: Int
  public var direction: MetricDirection? { .maximize }

  public init(
    _ kind: Kind, least: Float, count: Int = 200, classID: Int? = nil, targets: MetricTargets = .columns,
    name: String? = nil
  ) {
    self.name = name ?? kind.rawValue
    self.kind = kind
    self.least = least
    self.classID = classID
    self.targets = targets
    wanted = count
    thresholds = Thresholds(count: max(1, min(count, Thresholds.most)), widened: false)
  }

  public func accumulatorCount(outputWidth: Int) -> Int { thresholds.sumCount }

  public func update(_ accumulator: UnsafeMutablePointer<Double>, batch: MetricBatch) {
    let y = batch.predictions
    let reader = TargetReader(batch, targets)
    let units = classID.map { $0..<($0 + 1) } ?? 0..<y.columns
    thresholds.withRungs { rung in
      for row in 0..<batch.rows {
        thresholds.add(
          y.base + row * y.stride, units, of: row, reader, weight: batch.weight(row), to: accumulator, rung)
      }
    }
  }

  public func result(_ accumulator: UnsafePointer<Double>, outputWidth: Int) -> Double {
    var best = 0.0
    for point in thresholds.curve(accumulator) {
      let (bound, value) =
        switch kind {
        case .sensitivityAtSpecificity: (point.specificity, point.recall)
        case .specificityAtSensitivity: (point.recall, point.specificity)
        case .precisionAtRecall: (point.recall, point.precision)
        case .recallAtPrecision: (point.precision, point.recall)
        }
      // In float32, as Keras compares.
      if Float(bound) >= least, value > best { best = value }
    }
    return best
  }

  public func targetWidth(outputWidth: Int) -> Int { targets.width(outputWidth: outputWidth) }

  public func check(outputWidth: Int) throws(EngineError) {
    let options = OptionCheck(name)
    try options.share(["rate": least])
    try options.whole("num_thresholds", wanted, from: 1, to: Thresholds.most)
    try options.output("class_id", classID, of: outputWidth)
  }
}
