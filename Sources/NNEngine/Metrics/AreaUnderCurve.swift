import CKernels

/// The area under the ROC, precision-recall or precision-recall-gain curve, approximated at a ladder of thresholds as Keras
/// does it.
///
/// All outputs make one curve, unless `multiLabel` asks for one each and the mean of their areas.
public struct AreaUnderCurve: Metric {
  public enum Curve: String, Sendable, CaseIterable {
    case roc, pr, prgain
  }
  /// How the area between two thresholds is taken; for pr, `interpolation` is Davis and Goadrich's (2006).
  public enum Summation: String, Sendable, CaseIterable {
    case interpolation, minoring, majoring
  }

  public var name: String
  public var curve: Curve
  public var summation: Summation
  public var multiLabel: Bool
  public var labelWeights: [Float]?
  /// Outputs are logits: a sigmoid makes them probabilities.
  public var fromLogits: Bool
  public var targets: MetricTargets
  private let thresholds: Thresholds
  private let given: [Double]?
  private let wanted: Int
  public var direction: MetricDirection? { .maximize }

  /// - Parameters:
  ///   - count: of evenly spaced thresholds, at least 2.
  ///   - thresholds: instead, those between 0 and 1.
  ///   - labelWeights: one for each output: of its area with `multiLabel`, else of its decisions.
  public init(
    curve: Curve = .roc, count: Int = 200, thresholds: [Double]? = nil,
    summation: Summation = .interpolation, multiLabel: Bool = false, labelWeights: [Float]? = nil,
    fromLogits: Bool = false, targets: MetricTargets = .columns, name: String = "auc"
  ) {
    self.name = name
    self.curve = curve
    self.summation = summation
    self.multiLabel = multiLabel
    self.labelWeights = labelWeights
    self.fromLogits = fromLogits
    self.targets = targets
    wanted = count
    given = thresholds
    self.thresholds =
      thresholds.map { Thresholds($0) }
      ?? Thresholds(count: max(2, min(count, Thresholds.most)), widened: true)
  }

  public func accumulatorCount(outputWidth: Int) -> Int {
    (multiLabel ? outputWidth : 1) * thresholds.sumCount
  }

  public func update(_ accumulator: UnsafeMutablePointer<Double>, batch: MetricBatch) {
    let y = batch.predictions
    let reader = TargetReader(batch, targets)
    let distance = multiLabel ? thresholds.sumCount : 0
    thresholds.withRungs { rung in
      for row in 0..<batch.rows {
        var output = UnsafePointer(y.base + row * y.stride)
        if fromLogits {
          batch.kernels.pointee.activate(
            CK_SIGMOID, ck_params(p0: 0, p1: 0, p2: 0), output, y.stride, batch.scratch, y.stride, 1,
            y.columns)
          output = UnsafePointer(batch.scratch)
        }
        let weight = batch.weight(row)
        guard multiLabel || labelWeights != nil else {
          thresholds.add(output, 0..<y.columns, of: row, reader, weight: weight, to: accumulator, rung)
          continue
        }
        for unit in 0..<y.columns {
          let label = multiLabel ? 1 : labelWeights?[unit] ?? 1
          thresholds.add(
            output, unit..<(unit + 1), of: row, reader, weight: Double(Float(weight) * label),
            to: accumulator + unit * distance, rung)
        }
      }
    }
  }

  public func result(_ accumulator: UnsafePointer<Double>, outputWidth: Int) -> Double {
    guard multiLabel else { return area(thresholds.curve(accumulator)) }
    var sum = 0.0
    var weights = 0.0
    for label in 0..<outputWidth {
      let weight = labelWeights.map { Double($0[label]) } ?? 1
      sum += weight * area(thresholds.curve(accumulator + label * thresholds.sumCount))
      weights += weight
    }
    return share(sum, of: weights)
  }

  /// The sum of areas between one threshold and the next.
  private func area(_ points: [CurvePoint]) -> Double {
    if curve == .pr, summation == .interpolation { return interpolatedPrecision(points) }
    let corners = points.map { corner($0) }
    var sum = 0.0
    for (low, high) in zip(corners, corners.dropFirst()) {
      let height =
        switch summation {
        case .interpolation: (low.y + high.y) / 2
        case .minoring: low.y < high.y ? low.y : high.y
        case .majoring: low.y > high.y ? low.y : high.y
        }
      sum += (low.x - high.x) * height
    }
    return sum
  }

  private func corner(_ point: CurvePoint) -> (x: Double, y: Double) {
    switch curve {
    case .roc: return (point.falsePositiveRate, point.recall)
    case .pr: return (point.recall, point.precision)
    case .prgain:
      guard point.truePositives != 0 else { return (0, 1) }
      let odds = share(point.positives, of: point.negatives)
      let recall = 1 - odds * (point.falseNegatives / point.truePositives)
      let precision = 1 - odds * (point.falsePositives / point.truePositives)
      return (recall > 0 ? recall : 0, precision)
    }
  }

  /// Between two thresholds true and false positives change in proportion, which precision does not; ∫ precision d(recall)
  /// is slope·(ΔTP + intercept·ln(P′/P)) / positives, P being all that is above.
  private func interpolatedPrecision(_ points: [CurvePoint]) -> Double {
    var sum = 0.0
    for (low, high) in zip(points, points.dropFirst()) {
      let gained = low.truePositives - high.truePositives
      let below = low.truePositives + low.falsePositives
      let above = high.truePositives + high.falsePositives
      let slope = share(gained, of: below - above > 0 ? below - above : 0)
      let intercept = high.truePositives - slope * above
      let ratio = below > 0 && above > 0 ? below / above : 1
      sum += share(slope * (gained + intercept * Normal.logarithm(ratio)), of: high.positives)
    }
    return sum
  }

  public func targetWidth(outputWidth: Int) -> Int { targets.width(outputWidth: outputWidth) }

  public func check(outputWidth: Int) throws(EngineError) {
    let options = OptionCheck(name)
    if given == nil { try options.whole("num_thresholds", wanted, from: 2, to: Thresholds.most) }
    for threshold in given ?? [] { try options.share(["thresholds": threshold]) }
    guard let labelWeights else { return }
    guard labelWeights.count == outputWidth else {
      throw options.refuse(
        "label_weights", "\(labelWeights.count) numbers", "one for each of \(outputWidth) outputs")
    }
    for weight in labelWeights { try options.notNegative(["label_weights": weight]) }
  }
}
