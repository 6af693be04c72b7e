/// Whether probabilities hold: rows in ten bins by their probability, and how many of each bin it came true for. Of two classes,
/// the probability of the second; of more, that of the predicted class (top-label calibration).
public struct Reliability: Sendable, Equatable {
  public struct Bin: Sendable, Equatable {
    public var count = 0
    var sumOfProbabilities = 0.0
    var hits = 0

    /// Both `nil` where the bin is empty.
    public var meanProbability: Double? { count == 0 ? nil : sumOfProbabilities / Double(count) }
    public var share: Double? { count == 0 ? nil : Double(hits) / Double(count) }
  }

  public private(set) var bins = [Bin](repeating: Bin(), count: 10)

  public init(_ outcomes: ClassOutcomes) {
    for row in 0..<outcomes.rows {
      let index = outcomes.classes.count == 2 ? 1 : outcomes.winner(row)
      let probability = Double(outcomes.score(row, index))
      guard probability.isFinite else { continue }
      let place = min(max(Int(probability * 10), 0), 9)
      bins[place].count += 1
      bins[place].sumOfProbabilities += probability
      if outcomes.truth[row] == index { bins[place].hits += 1 }
    }
  }

  /// The expected calibration error: the mean distance of share and probability, by rows.
  public var error: Double {
    let rows = bins.reduce(0) { $0 + $1.count }
    guard rows > 0 else { return .nan }
    return bins.reduce(0) { sum, bin in
      guard let mean = bin.meanProbability, let share = bin.share else { return sum }
      return sum + abs(mean - share) * Double(bin.count) / Double(rows)
    }
  }
}

extension Picture {
  /// The reliability diagram, with the rows of each bin below.
  public static func calibration(_ outcomes: ClassOutcomes, subtitle: String) -> Picture {
    let reliability = Reliability(outcomes)
    let name =
      outcomes.classes.count == 2
      ? "probability of \(outcomes.classes[1])" : "probability of the predicted class"
    let filled = reliability.bins.filter { $0.count > 0 }
    let line = Chart.Series(
      "this model", note: "calibration error \(formatShare(reliability.error))",
      x: filled.compactMap(\.meanProbability), y: filled.compactMap(\.share))
    let edges = (0...10).map { Double($0) / 10 }
    let panels = [
      Panel(
        "",
        .chart(
          Chart(
            x: ChartAxis(name, range: 0...1), y: ChartAxis("share that it came true for", range: 0...1),
            marks: [.reference(.diagonal("as it should be")), .linePoints(line)], isSquare: true))),
      Panel(
        "",
        .chart(
          Chart(
            x: ChartAxis(name, range: 0...1), y: ChartAxis("rows", isCount: true),
            marks: [
              .histogram(
                Chart.Histogram("", edges: edges, counts: reliability.bins.map { Double($0.count) }))
            ]))),
    ]
    let texts = filled.compactMap { bin -> String? in
      guard let mean = bin.meanProbability, let share = bin.share else { return nil }
      return "\(formatShare(mean)) came true for \(formatShare(share)) of \(formatCount(bin.count))"
    }
    return Picture(
      title: "calibration", subtitle: subtitle, panels: filled.isEmpty ? some([]) : panels,
      description: "Reliability diagram: calibration error \(formatShare(reliability.error)). "
        + texts.joined(separator: "; ") + ".")
  }
}
