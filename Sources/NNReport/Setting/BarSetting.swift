/// Lays out bars with names: one a line, from the top, with its value behind it.
struct BarSetting {
  private let list: BarList
  private let x: Double
  private let y: Double
  private let width: Double

  init(_ list: BarList, x: Double, y: Double, width: Double) {
    self.list = list
    self.x = x
    self.y = y
    self.width = width
  }

  private static let lineHeight = 24.0

  /// - Returns: the height that it took.
  func draw(in scene: inout Scene) -> Double {
    let names = list.bars.map { shownText($0.name) }
    let widest = names.map { TextMeasure.width($0, size: 12) }.max() ?? 0
    let nameWidth = min(widest, width * 0.38)
    let texts = list.bars.map { Self.text($0) }
    let textWidth = texts.map { TextMeasure.width($0, size: 11) }.max() ?? 0
    let left = x + nameWidth + 10
    let room = max(width - nameWidth - 10 - textWidth - 10, 40)
    let reach = list.bars.flatMap { bar -> [Double] in
      let spread = bar.spread.map { $0.isFinite ? $0 : 0 } ?? 0
      return bar.value.isFinite ? [bar.value - spread, bar.value + spread, bar.value] : []
    }
    let low = min(0, reach.min() ?? 0)
    let high = max(0, reach.max() ?? 0)
    let axis = Axis(low: low, high: high > low ? high : low + 1)
    let height = Double(list.bars.count) * Self.lineHeight
    for tick in axis.ticks(about: max(2, Int(room / 90)), atMost: 6) {
      guard let share = axis.position(of: tick.value) else { continue }
      let place = left + share * room
      scene.line([.init(place, y + 2), .init(place, y + height)], .grid)
      scene.text(tick.label, place, y + height + 15, .middle, size: 11, .muted)
    }
    let zero = left + (axis.position(of: 0) ?? 0) * room
    for (index, bar) in list.bars.enumerated() {
      let middle = y + (Double(index) + 0.5) * Self.lineHeight
      scene.text(
        TextMeasure.shortened(names[index], to: nameWidth + 1, size: 12), x + nameWidth, middle + 4, .end,
        size: 12)
      var end = zero
      if let share = axis.position(of: bar.value) {
        let place = left + share * room
        scene.rectangle(
          min(zero, place), middle - 7, abs(place - zero), 14, radius: 1.5, .series(0), opacity: 0.8)
        end = max(zero, place)
        if let spread = bar.spread, spread > 0, let from = axis.position(of: bar.value - spread),
          let to = axis.position(of: bar.value + spread)
        {
          let (from, to) = (left + from * room, left + to * room)
          scene.line([.init(from, middle), .init(to, middle)], .text, width: 1.2)
          for cap in [from, to] {
            scene.line([.init(cap, middle - 4), .init(cap, middle + 4)], .text, width: 1.2)
          }
          end = max(end, to)
        }
      }
      scene.text(texts[index], end + 6, middle + 4, size: 11, .muted)
    }
    scene.line([.init(zero, y), .init(zero, y + height)], .frame)
    let lines = TextMeasure.wrapped(shownText(list.label), to: width, size: 12)
    for (index, line) in lines.enumerated() {
      scene.text(line, x + width / 2, y + height + 34 + Double(index) * 16, .middle, size: 12, .muted)
    }
    return height + 22 + 17 * Double(lines.count)
  }

  /// A bar's value, with its spread.
  static func text(_ bar: BarList.Bar) -> String {
    let value = formatMetric(bar.value, significantDigits: 3, trailingZeros: false)
    guard let spread = bar.spread, spread > 0 else { return value }
    return value + " ± " + formatMetric(spread, significantDigits: 2, trailingZeros: false)
  }
}
