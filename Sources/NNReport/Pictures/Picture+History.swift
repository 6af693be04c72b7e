extension Picture {
  /// The course of a fit: the loss, then each metric, training rows and validation rows together.
  ///
  /// - Parameters:
  ///   - epochs: their numbers, ascending.
  ///   - values: each measure with a number an epoch, `nil` where it was not measured: `loss`, `mae`, `val_loss` ….
  ///   - learningRates: a panel of its own where they change.
  ///   - kept: the epoch whose weights are kept, which is marked.
  public static func history(
    epochs: [Int], values: [(name: String, values: [Double?])], learningRates: [Double] = [], kept: Int?,
    lossName: String? = nil, subtitle: String = ""
  ) -> Picture {
    let own = values.filter { !$0.name.hasPrefix("val_") }
    let twins = values.filter { $0.name.hasPrefix("val_") }
    // A twin without its training value has a panel of its own.
    let groups =
      own.map { entry in [entry] + twins.filter { $0.name == "val_" + entry.name } }
      + twins.filter { twin in !own.contains { "val_" + $0.name == twin.name } }.map { [$0] }
    var panels = groups.map { group in
      let name = group.first?.name ?? ""
      let marks = group.enumerated().map { slot, entry in
        Chart.Mark.line(series(entry.name, epochs, entry.values, slot: slot))
      }
      let title = name == "loss" ? lossName.map { "loss: \($0)" } ?? name : name
      return Panel(
        title, .chart(Chart(x: epochAxis, y: ChartAxis("", scale: .automatic), marks: marks + mark(kept))))
    }
    if let first = learningRates.first, learningRates.contains(where: { $0 != first }) {
      let line = series("learning rate", epochs, learningRates.map { $0 }, slot: 2)
      panels.append(
        Panel(
          "learning rate",
          .chart(Chart(x: epochAxis, y: ChartAxis("", scale: .automatic), marks: [.line(line)]))))
    }
    if epochs.isEmpty { panels = [Panel("", .note("no epochs"))] }
    return Picture(
      title: "learning curve", subtitle: subtitle, panels: panels,
      description: describeHistory(epochs, values, kept))
  }

  private static let epochAxis = ChartAxis("epoch", isEpochs: true)

  private static func mark(_ kept: Int?) -> [Chart.Mark] {
    kept.map { [.reference(.vertical(Double($0), "kept epoch \($0)"))] } ?? []
  }

  private static func series(_ name: String, _ epochs: [Int], _ values: [Double?], slot: Int) -> Chart.Series
  {
    let measured = zip(epochs, values).compactMap { epoch, value in value.map { (epoch, $0) } }
    return Chart.Series(
      name, note: measured.last.map { formatMetric($0.1) } ?? "", x: measured.map { Double($0.0) },
      y: measured.map(\.1), slot: slot)
  }

  private static func describeHistory(
    _ epochs: [Int], _ values: [(name: String, values: [Double?])], _ kept: Int?
  ) -> String {
    guard let last = epochs.last else { return "No epochs." }
    let courses = values.compactMap { entry -> String? in
      let measured = zip(epochs, entry.values).compactMap { epoch, value in value.map { (epoch, $0) } }
      guard let first = measured.first, let end = measured.last else { return nil }
      let finite = measured.filter(\.1.isFinite)
      let lowest = finite.min { $0.1 < $1.1 }
      let low = lowest.map { ", lowest \(formatMetric($0.1)) at epoch \($0.0)" } ?? ""
      return "\(entry.name) from \(formatMetric(first.1)) to \(formatMetric(end.1))\(low)"
    }
    let mark = kept.map { " The weights of epoch \($0) are kept." } ?? ""
    return
      "Learning curve over epochs \(epochs.first ?? last) to \(last): \(courses.joined(separator: "; "))."
      + mark
  }
}
