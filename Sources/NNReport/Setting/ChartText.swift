import NNDiagnostics

/// A chart in braille dots, with its legend above and its axes' ticks and names around it.
struct ChartText {
  let chart: Chart
  let width: Int
  let height: Int
  let isColored: Bool

  var lines: [String] {
    let data = ChartData(chart)
    let legend = legendLines(data.legend)
    let y = ResolvedAxis(data.yAxis, values: data.ys, ticks: max(2, height / 3), margin: 0.02)
    let labelWidth = min(y.ticks.map(\.label.count).max() ?? 0, width / 3)
    var columns = max(8, width - labelWidth - 2)
    let rows = max(4, height - legend.count - 2)
    // A cell is about twice as high as wide.
    if chart.isSquare { columns = min(columns, rows * 2 + 8) }
    let x = ResolvedAxis(data.xAxis, values: data.xs, ticks: max(2, columns / 12), margin: 0.02)
    let place = Place(x: x, y: y, columns: columns, rows: rows)

    var labels: [Int: String] = [:]
    for tick in y.ticks {
      guard let down = place.down(tick.value) else { continue }
      labels[down / 4] = tick.label
    }
    let canvas = draw(place)
    var lines = legend
    if !chart.y.label.isEmpty {
      lines.append(
        truncating(
          "↑ " + shownText(chart.y.label) + (y.axis.isLogarithmic ? " (log scale)" : ""), toWidth: width))
    }
    for row in 0..<rows {
      let label = labels[row]
      let side =
        padded(truncating(label ?? "", toWidth: labelWidth), toWidth: labelWidth, alignRight: true)
        + (label == nil ? " │" : " ┤")
      lines.append(side + canvas.row(row, isColored: isColored))
    }
    let (rule, texts) = foot(place)
    let indent = String(repeating: " ", count: labelWidth + 1)
    lines.append(indent + "└" + rule)
    lines.append(indent + " " + texts)
    if !chart.x.label.isEmpty {
      lines.append(
        indent + " "
          + truncating(
            "→ " + shownText(chart.x.label) + (x.axis.isLogarithmic ? " (log scale)" : ""),
            toWidth: max(8, width - labelWidth - 2)))
    }
    return lines
  }

  private struct Place {
    let x: ResolvedAxis
    let y: ResolvedAxis
    let columns: Int
    let rows: Int

    func across(_ value: Double) -> Int? {
      x.position(of: value).map { Int(($0 * Double(columns * 2 - 1)).rounded()) }
    }
    func down(_ value: Double) -> Int? {
      y.position(of: value).map { Int(((1 - $0) * Double(rows * 4 - 1)).rounded()) }
    }
    func dot(_ xValue: Double, _ yValue: Double) -> (x: Int, y: Int)? {
      guard let across = across(xValue), let down = down(yValue) else { return nil }
      return (across, down)
    }
  }

  /// Which dots of a line are drawn: full, or dashed in several ways where there is no colour.
  private func pattern(_ slot: Int) -> (Int, Int) -> Bool {
    guard !isColored, slot > 0 else { return { _, _ in true } }
    switch slot % 4 {
    case 1: return { x, _ in x % 4 < 2 }
    case 2: return { x, y in (x + y) % 3 == 0 }
    case 3: return { x, _ in x % 8 < 5 }
    default: return { x, _ in x % 6 < 1 }
    }
  }

  private func draw(_ place: Place) -> BrailleCanvas {
    let slots = chart.marks.compactMap { mark -> Int? in
      switch mark {
      case .line(let series), .points(let series), .linePoints(let series): series.slot
      case .histogram(let histogram): histogram.slot
      case .reference: nil
      }
    }
    let comparison = (slots.max() ?? 0) + 1
    var canvas = BrailleCanvas(width: place.columns, height: place.rows, seriesCount: comparison + 1)
    for mark in chart.marks {
      switch mark {
      case .line(let series): line(series, place, &canvas)
      case .points(let series): points(series, place, &canvas)
      case .linePoints(let series):
        line(series, place, &canvas)
        points(series, place, &canvas)
      case .histogram(let histogram): bars(histogram, place, &canvas)
      case .reference(let reference): compare(reference, place, comparison, &canvas)
      }
    }
    return canvas
  }

  private func line(_ series: Chart.Series, _ place: Place, _ canvas: inout BrailleCanvas) {
    var previous: (x: Int, y: Int)?
    for (x, y) in zip(series.x, series.y) {
      guard let dot = place.dot(x, y) else {
        previous = nil
        continue
      }
      if let previous {
        canvas.line(from: previous, to: dot, series: series.slot, where: pattern(series.slot))
      } else {
        canvas.set(x: dot.x, y: dot.y, series: series.slot)
      }
      previous = dot
    }
  }

  private func points(_ series: Chart.Series, _ place: Place, _ canvas: inout BrailleCanvas) {
    for (x, y) in zip(series.x, series.y) {
      if let dot = place.dot(x, y) { canvas.set(x: dot.x, y: dot.y, series: series.slot) }
    }
  }

  private func bars(_ histogram: Chart.Histogram, _ place: Place, _ canvas: inout BrailleCanvas) {
    guard let floor = place.down(max(0, place.y.axis.low)) else { return }
    for (index, count) in histogram.counts.enumerated() {
      guard count > 0, let left = place.across(histogram.edges[index]),
        let right = place.across(histogram.edges[index + 1]), let top = place.down(count)
      else { continue }
      // Of several histograms only the first is filled, the others are outlines.
      for x in left..<max(right, left + 1) {
        let isEdge = x == left || x == right - 1
        for y in min(top, floor)...max(top, floor)
        where histogram.slot == 0 ? (x + y) % 2 == 0 || y == top : y == top || isEdge && y % 2 == 0 {
          canvas.set(x: x, y: y, series: histogram.slot)
        }
      }
    }
  }

  private func compare(
    _ reference: Chart.Reference, _ place: Place, _ series: Int, _ canvas: inout BrailleCanvas
  ) {
    let isKept: (Int, Int) -> Bool = { x, y in (x + y) % 4 == 0 }
    switch reference {
    case .diagonal:
      let low = max(place.x.axis.low, place.y.axis.low)
      let high = min(place.x.axis.high, place.y.axis.high)
      if let from = place.dot(low, low), let to = place.dot(high, high) {
        canvas.line(from: from, to: to, series: series) { x, _ in x % 4 == 0 }
      }
    case .horizontal(let value, _):
      guard value >= place.y.axis.low, value <= place.y.axis.high, let y = place.down(value) else { return }
      canvas.line(from: (0, y), to: (canvas.dotWidth - 1, y), series: series) { x, _ in x % 4 == 0 }
    case .vertical(let value, _):
      guard value >= place.x.axis.low, value <= place.x.axis.high, let x = place.across(value) else { return }
      canvas.line(from: (x, 0), to: (x, canvas.dotHeight - 1), series: series, where: isKept)
    }
  }

  private func foot(_ place: Place) -> (rule: String, texts: String) {
    var rule = Array(repeating: Character("─"), count: place.columns)
    var texts = Array(repeating: Character(" "), count: place.columns)
    var free = 0
    for tick in place.x.ticks {
      guard let dot = place.across(tick.value) else { continue }
      let cell = min(dot / 2, place.columns - 1)
      rule[cell] = "┬"
      let text = Array(tick.label)
      let start = min(max(cell - text.count / 2, 0), place.columns - text.count)
      guard start >= free, start >= 0 else { continue }
      texts.replaceSubrange(start..<(start + text.count), with: text)
      free = start + text.count + 1
    }
    while texts.last == " " { texts.removeLast() }
    return (String(rule), String(texts))
  }

  private func legendLines(_ entries: [LegendSetting.Entry]) -> [String] {
    var lines: [String] = []
    var line = ""
    var used = 0
    for entry in entries {
      let mark: String
      switch entry.sample {
      case .line, .linePoint:
        mark = isColored || entry.slot == 0 ? "━━" : ["╍╍", "╌╌", "┈┈", "━╸"][entry.slot % 4]
      case .point: mark = "• "
      case .block: mark = entry.slot == 0 ? "▒▒" : "□ "
      case .dashed: mark = "┄┄"
      case .none: mark = "  "
      }
      let note = entry.note.isEmpty ? "" : noteSeparator(entry.note) + shownText(entry.note)
      let name = truncating(shownText(entry.name), toWidth: max(8, width - 3 - displayWidth(of: note)))
      let text = truncating(name + note, toWidth: width - 3)
      let columns = 3 + displayWidth(of: text)
      if used > 0, used + 3 + columns > width {
        lines.append(line)
        (line, used) = ("", 0)
      }
      if used > 0 {
        line += "   "
        used += 3
      }
      let style: TerminalStyle = entry.sample == .dashed ? .dim : .series(entry.slot)
      line += style.paint(mark, if: isColored) + " " + text
      used += columns
    }
    if used > 0 { lines.append(line) }
    return lines
  }
}
