/// Lays out axes side by side with a line a run across them; the best is drawn strongest, the worse the fainter.
struct ParallelSetting {
  private let axes: ParallelAxes
  private let x: Double
  private let y: Double
  private let width: Double

  init(_ axes: ParallelAxes, x: Double, y: Double, width: Double) {
    self.axes = axes
    self.x = x
    self.y = y
    self.width = width
  }

  private static let plotHeight = 240.0

  /// - Returns: the height that it took.
  func draw(in scene: inout Scene) -> Double {
    guard !axes.columns.isEmpty else { return 0 }
    let legend = LegendSetting(
      entries: [.init(sample: .line, name: axes.key, note: "", ink: .series(1), slot: 0)], width: width
    ).draw(x: x, y: y, in: &scene)
    let top = y + legend + 34
    // Labels hang on both sides of an axis.
    let side = min(70, width * 0.14)
    let step = axes.columns.count > 1 ? (width - 2 * side) / Double(axes.columns.count - 1) : 0
    let resolved = axes.columns.indices.map { column in resolve(column) }
    let places = axes.columns.indices.map {
      x + side + Double($0) * step + (step == 0 ? width / 2 - side : 0)
    }
    for line in axes.lines.sorted(by: { ($0.isBest ? 1 : 0, $0.rank) < ($1.isBest ? 1 : 0, $1.rank) }) {
      let points = axes.columns.indices.map { column -> Scene.Point? in
        guard line.values.indices.contains(column),
          let share = resolved[column].position(of: line.values[column])
        else { return nil }
        return Scene.Point(places[column], top + (1 - share) * Self.plotHeight)
      }
      for run in points.split(whereSeparator: { $0 == nil }) {
        let run = run.compactMap { $0 }
        scene.line(
          run, .series(line.isBest ? 1 : 0), width: line.isBest ? 3 : 1.3,
          opacity: line.isBest ? 1 : 0.15 + 0.6 * ((min(max(line.rank, 0), 1) * 10).rounded() / 10))
        if line.isBest || run.count == 1 {
          scene.shapes.append(
            .markers(.dot, run, size: line.isBest ? 7 : 4, .series(line.isBest ? 1 : 0), opacity: 1))
        }
      }
    }
    for (column, place) in places.enumerated() {
      scene.line([.init(place, top), .init(place, top + Self.plotHeight)], .text, width: 1.2)
      // Every other name stands higher, so that neighbours do not touch.
      let isHigh = column % 2 == 1 && step < 110
      let description = axes.columns[column]
      let name =
        shownText(description.name) + (description.isLogarithmic ? " (log)" : "")
      scene.text(
        TextMeasure.shortened(name, to: max(step, 80) * (step < 110 ? 1.7 : 1) - 6, size: 12, isBold: true),
        place, top - (isHigh ? 24 : 9), .middle, size: 12, isBold: true)
      let isLast = column == axes.columns.count - 1
      for tick in ticks(column, resolved[column]) {
        guard let share = resolved[column].position(of: tick.value) else { continue }
        let down = top + (1 - share) * Self.plotHeight
        scene.line([.init(place - 3, down), .init(place + 3, down)], .text)
        let label = TextMeasure.shortened(
          shownText(tick.label), to: isLast || step == 0 ? side : step / 2 - 8, size: 10.5)
        // Lines run below it.
        scene.rectangle(
          place + 4, down - 7, TextMeasure.width(label, size: 10.5) + 4, 14, radius: 2, .page, opacity: 0.8)
        scene.text(label, place + 6, down + 4, size: 10.5, .text)
      }
    }
    return top + Self.plotHeight + 14 - y
  }

  private func resolve(_ column: Int) -> Axis {
    let values = axes.lines.compactMap { $0.values.indices.contains(column) ? $0.values[column] : nil }
      .filter(\.isFinite)
    let description = axes.columns[column]
    if let categories = description.categories {
      return Axis(low: 0, high: Double(max(categories.count - 1, 1)))
    }
    guard let low = values.min(), let high = values.max() else { return Axis(low: 0, high: 1) }
    if low == high { return Axis(low: low - max(abs(low), 1) * 0.5, high: high + max(abs(high), 1) * 0.5) }
    return Axis(low: low, high: high, isLogarithmic: description.isLogarithmic && low > 0)
  }

  private func ticks(_ column: Int, _ axis: Axis) -> [Axis.Tick] {
    if let categories = axes.columns[column].categories {
      return categories.enumerated().map { Axis.Tick(value: Double($0.offset), label: $0.element) }
    }
    let values = Set(axes.lines.compactMap { $0.values.indices.contains(column) ? $0.values[column] : nil })
      .filter(\.isFinite)
    // A few values that were tried stand there themselves.
    if values.count <= 6 {
      return values.sorted().map { Axis.Tick(value: $0, label: formatMetric($0, trailingZeros: false)) }
    }
    return axis.ticks(about: 5, atMost: 8)
  }
}
