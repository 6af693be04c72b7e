/// What a score tells of a yes or no, at every threshold: the curves of receiver operating characteristic and of precision over
/// recall.
public struct RankCurve: Sendable, Equatable {
  /// Rows that are the class, and that are not.
  public let positives: Int
  public let negatives: Int
  /// Behind each distinct score, from the greatest: how many rows of both kinds have it or a greater one.
  let steps: [(hits: Int, falseAlarms: Int)]

  public static func == (left: RankCurve, right: RankCurve) -> Bool {
    left.positives == right.positives && left.negatives == right.negatives
      && left.steps.elementsEqual(right.steps, by: ==)
  }

  /// - Parameters:
  ///   - scores: one a row; rows whose score is not a number are left out.
  ///   - isPositive: whether the row is of the class.
  public init(scores: [Float], isPositive: [Bool]) {
    let order = zip(scores, isPositive).filter { !$0.0.isNaN }.sorted { $0.0 > $1.0 }
    var (hits, falseAlarms) = (0, 0)
    var steps: [(hits: Int, falseAlarms: Int)] = []
    for (index, row) in order.enumerated() {
      if row.1 { hits += 1 } else { falseAlarms += 1 }
      // Rows of one score are told apart by no threshold.
      if index + 1 == order.count || order[index + 1].0 != row.0 { steps.append((hits, falseAlarms)) }
    }
    positives = hits
    negatives = falseAlarms
    self.steps = steps
  }

  /// False positive rate and true positive rate, from (0, 0) to (1, 1).
  var roc: (x: [Double], y: [Double]) {
    guard positives > 0, negatives > 0 else { return ([], []) }
    return (
      [0] + steps.map { Double($0.falseAlarms) / Double(negatives) },
      [0] + steps.map { Double($0.hits) / Double(positives) }
    )
  }

  /// The area under the ROC curve, by the trapezoidal rule; ties count half. `nil` where rows of one kind are missing.
  public var rocArea: Double? {
    guard positives > 0, negatives > 0 else { return nil }
    // In whole numbers: twice the area, in steps of one row by one row.
    var doubled = 0.0
    var (hits, falseAlarms) = (0, 0)
    for step in steps {
      doubled += Double(step.falseAlarms - falseAlarms) * Double(step.hits + hits)
      (hits, falseAlarms) = step
    }
    return doubled / 2 / Double(positives) / Double(negatives)
  }

  /// Recall and precision, from the greatest score down; precision holds from a step back to the one before.
  var precisionRecall: (x: [Double], y: [Double]) {
    guard positives > 0 else { return ([], []) }
    var (xs, ys): ([Double], [Double]) = ([], [])
    var recall = 0.0
    for step in steps {
      let precision = Double(step.hits) / Double(step.hits + step.falseAlarms)
      xs += [recall, Double(step.hits) / Double(positives)]
      ys += [precision, precision]
      recall = Double(step.hits) / Double(positives)
    }
    return (xs, ys)
  }

  /// The average precision: Σ (recall − the recall before) · precision, as scikit-learn has it.
  public var averagePrecision: Double? {
    guard positives > 0 else { return nil }
    var sum = 0.0
    var hits = 0
    for step in steps {
      sum +=
        Double(step.hits - hits) / Double(positives) * Double(step.hits)
        / Double(step.hits + step.falseAlarms)
      hits = step.hits
    }
    return sum
  }
}

extension Picture {
  /// Curves of more classes than that could not be told apart.
  private static let mostCurves = 6

  /// The receiver operating characteristic: one curve a class, against all others; of two classes, that of the second.
  public static func roc(_ outcomes: ClassOutcomes, subtitle: String) -> Picture {
    curves(
      outcomes, title: "ROC curve", subtitle: subtitle, x: "false positive rate", y: "true positive rate",
      areaName: "area", points: \.roc, area: \.rocArea, reference: .diagonal("as by chance"))
  }

  /// Precision over recall: one curve a class, against all others; of two classes, that of the second.
  public static func precisionRecall(_ outcomes: ClassOutcomes, subtitle: String) -> Picture {
    let binary = outcomes.classes.count == 2
    let share =
      binary && outcomes.rows > 0 ? Double(outcomes.truth.count { $0 == 1 }) / Double(outcomes.rows) : nil
    return curves(
      outcomes, title: "precision over recall", subtitle: subtitle, x: "recall", y: "precision",
      areaName: "average precision", points: \.precisionRecall, area: \.averagePrecision,
      reference: share.map { .horizontal($0, "as by chance") })
  }

  private static func curves(
    _ outcomes: ClassOutcomes, title: String, subtitle: String, x: String, y: String, areaName: String,
    points: (RankCurve) -> (x: [Double], y: [Double]), area: (RankCurve) -> Double?,
    reference: Chart.Reference?
  ) -> Picture {
    let chosen = outcomes.classes.count == 2 ? [1] : Array(outcomes.classes.indices)
    var found: [(index: Int, curve: RankCurve, area: Double)] = []
    for index in chosen {
      let curve = RankCurve(
        scores: outcomes.scores(of: index), isPositive: outcomes.truth.map { $0 == index })
      if let area = area(curve), curve.negatives > 0 { found.append((index, curve, area)) }
    }
    guard !found.isEmpty else {
      return Picture(
        title: title, subtitle: subtitle, panels: [Panel("", .note("these rows are all of one class"))],
        description: "No curve: these rows are all of one class.")
    }
    let mean = found.reduce(0) { $0 + $1.area } / Double(found.count)
    // Of many classes those that the model knows worst, in their order.
    let shown =
      found.count <= mostCurves
      ? found
      : found.sorted { ($0.area, $0.index) < ($1.area, $1.index) }.prefix(mostCurves).sorted {
        $0.index < $1.index
      }
    var marks: [Chart.Mark] = reference.map { [.reference($0)] } ?? []
    for (slot, entry) in shown.enumerated() {
      let line = points(entry.curve)
      marks.append(
        .line(
          Chart.Series(
            outcomes.classes[entry.index], note: "\(areaName) \(formatShare(entry.area))", x: line.x,
            y: line.y,
            slot: slot)))
    }
    var facts = subtitle
    if found.count > 1 {
      facts += "; mean \(areaName) of \(formatCount(found.count)) classes \(formatShare(mean))"
    }
    if shown.count < found.count { facts += "; the \(shown.count) with the least are drawn" }
    let chart = Chart(
      x: ChartAxis(x, range: 0...1), y: ChartAxis(y, range: 0...1), marks: marks, isSquare: true)
    return Picture(
      title: title, subtitle: facts, panels: [Panel("", .chart(chart))],
      description: "\(title.prefix(1).uppercased() + title.dropFirst()): \(y) over \(x). "
        + shown.map { "\(outcomes.classes[$0.index]): \(areaName) \(formatShare($0.area))" }.joined(
          separator: "; ")
        + ".")
  }
}
