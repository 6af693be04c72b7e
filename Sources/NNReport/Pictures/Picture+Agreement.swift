/// One target's true and predicted values, row by row.
public struct Agreement: Sendable, Equatable {
  /// The target's name.
  public var name: String
  public var truth: [Double]
  public var predicted: [Double]

  public init(name: String, truth: [Double], predicted: [Double]) {
    self.name = name
    let count = min(truth.count, predicted.count)
    self.truth = Array(truth.prefix(count))
    self.predicted = Array(predicted.prefix(count))
  }

  /// Predicted minus true.
  var residuals: [Double] { zip(truth, predicted).map { $1 - $0 } }

  /// 1 − Σ(y − ŷ)² / Σ(y − ȳ)²; `nil` where all true values are the same.
  public var r2: Double? {
    guard !truth.isEmpty else { return nil }
    let mean = truth.reduce(0, +) / Double(truth.count)
    let total = truth.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let rest = residuals.reduce(0) { $0 + $1 * $1 }
    return total > 0 && rest.isFinite ? 1 - rest / total : nil
  }

  /// NaN where there are no rows.
  public var meanAbsoluteError: Double {
    truth.isEmpty ? .nan : residuals.reduce(0) { $0 + abs($1) } / Double(truth.count)
  }
}

extension Picture {
  /// More targets than that are not drawn.
  private static let mostTargets = 6

  /// Predicted against true values: a point a row, on the diagonal where the prediction is right.
  public static func predictions(_ targets: [Agreement], subtitle: String) -> Picture {
    let panels = targets.prefix(mostTargets).map { target -> Panel in
      if target.truth.isEmpty { return Panel(target.name, .note("no rows")) }
      return Panel(
        target.name,
        .chart(
          Chart(
            x: ChartAxis("true \(target.name)"), y: ChartAxis("predicted \(target.name)"),
            marks: [
              .reference(.diagonal("as it should be")),
              .points(
                Chart.Series("a row", note: "(\(scores(target)))", x: target.truth, y: target.predicted)),
            ], isSquare: true)))
    }
    return Picture(
      title: "predicted and true values", subtitle: subtitle + leftOut(targets.count),
      panels: some(panels),
      description: "A point a row, predicted over true values. "
        + targets.prefix(mostTargets).map { "\($0.name): \(scores($0))" }.joined(separator: "; ") + ".")
  }

  /// The errors: how they are spread, and over which predictions.
  public static func residuals(_ targets: [Agreement], subtitle: String) -> Picture {
    let panels = targets.prefix(mostTargets).flatMap { target -> [Panel] in
      if target.truth.isEmpty { return [Panel(target.name, .note("no rows"))] }
      let residuals = target.residuals
      let bins = Binning(around: residuals)
      let name = "predicted − true \(target.name)"
      return [
        Panel(
          target.name,
          .chart(
            Chart(
              x: ChartAxis(name, includes: [0]), y: ChartAxis("rows", isCount: true),
              marks: [
                .histogram(Chart.Histogram("", edges: bins.edges, counts: bins.counts(residuals))),
                .reference(.vertical(0, "no error")),
              ]))),
        Panel(
          targets.count > 1 ? target.name : "over predictions",
          .chart(
            Chart(
              x: ChartAxis("predicted \(target.name)"), y: ChartAxis(name, includes: [0]),
              marks: [
                .reference(.horizontal(0, "no error")),
                .points(Chart.Series("a row", x: target.predicted, y: residuals)),
              ]))),
      ]
    }
    let texts = targets.prefix(mostTargets).map { target -> String in
      let finite = target.residuals.filter(\.isFinite)
      let mean = finite.isEmpty ? .nan : finite.reduce(0, +) / Double(finite.count)
      return
        "\(target.name): from \(formatMetric(finite.min() ?? .nan)) to \(formatMetric(finite.max() ?? .nan)), mean \(formatMetric(mean)), mean absolute \(formatMetric(target.meanAbsoluteError))"
    }
    return Picture(
      title: "residuals", subtitle: subtitle + leftOut(targets.count), panels: some(panels),
      description: "Predicted minus true values. \(texts.joined(separator: "; ")).")
  }

  private static func scores(_ target: Agreement) -> String {
    let error = "mean absolute error \(formatMetric(target.meanAbsoluteError, trailingZeros: false))"
    return target.r2.map { "R² \(formatShare($0)), \(error)" } ?? error
  }

  private static func leftOut(_ count: Int) -> String {
    count > mostTargets ? "; \(formatCount(count - mostTargets)) more targets are not drawn" : ""
  }

  static func some(_ panels: [Panel]) -> [Panel] {
    panels.isEmpty ? [Panel("", .note("no rows"))] : panels
  }
}
