import NNDiagnostics

/// A table of shades: the number with a shade beside it where that fits, else the shades alone.
struct GridText {
  let grid: CellGrid
  let width: Int
  let isColored: Bool

  private static let shades: [Character] = [" ", "░", "▒", "▓", "█"]

  var lines: [String] {
    let rows = grid.rows.map(shownText)
    let columns = grid.columns.map(shownText)
    let nameWidth = min(rows.map(displayWidth(of:)).max() ?? 0, max(6, width / 4))
    let textWidth = grid.texts.map(\.count).max() ?? 0
    let room = (width - nameWidth - 2) / max(1, columns.count)
    let longest = columns.map(displayWidth(of:)).max() ?? 0
    let cell = min(max(longest, textWidth + 2) + 2, room)
    var lines = [
      truncating(
        "↓ " + shownText(grid.rowTitle) + "   → " + shownText(grid.columnTitle), toWidth: width)
    ]
    if cell >= textWidth + 3, cell >= 5 {
      let head = columns.map {
        padded(truncating($0, toWidth: cell - 1), toWidth: cell, alignRight: true)
      }
      lines.append(String(repeating: " ", count: nameWidth) + head.joined())
      for (row, name) in rows.enumerated() {
        let cells = columns.indices.map { column -> String in
          let text = padded(grid.text(row, column), toWidth: cell - 2, alignRight: true)
          let shade = String(Self.shade(grid.shade(row, column)))
          return text + " " + TerminalStyle.series(0).paint(shade, if: isColored && shade != " ")
        }
        lines.append(
          padded(truncating(name, toWidth: nameWidth), toWidth: nameWidth, alignRight: true) + cells.joined())
      }
    } else {
      // Two columns a cell, or one, or as many cells as there is room for.
      let across = room >= 2 ? 2 : 1
      let shown = min(columns.count, (width - nameWidth - 1) / across)
      for (row, name) in rows.enumerated() {
        let cells = (0..<shown).map { column in
          String(repeating: Self.shade(grid.shade(row, column)), count: across)
        }.joined()
        lines.append(
          padded(truncating(name, toWidth: nameWidth), toWidth: nameWidth, alignRight: true) + " "
            + TerminalStyle.series(0).paint(cells, if: isColored))
      }
      lines.append(truncating("across in the order of those down", toWidth: width))
    }
    return lines + wrapping(shownText(grid.key), toWidth: width).split(separator: "\n").map(String.init)
  }

  private static func shade(_ share: Double) -> Character {
    share <= 0 ? shades[0] : shades[1 + min(Int(share * 4), 3)]
  }
}

/// A network as a tree: a line a layer, with a bar for its width.
struct NetworkText {
  let width: Int
  let isColored: Bool

  func lines(_ network: NetworkDrawing) -> [String] {
    let layers = NetworkSetting.abridged(network.layers)
    let entries = layers.enumerated().flatMap { index, layer in
      rows(layer, indent: "", isLast: index == layers.count - 1)
    }
    let most = Double(max(entries.map { $0.width ?? 0 }.max() ?? 1, 1))
    let left = min(entries.map { displayWidth(of: $0.name) }.max() ?? 0, max(10, width * 2 / 5))
    let out = entries.map(\.out.count).max() ?? 0
    let parameters = entries.map(\.parameters.count).max() ?? 0
    let room = width - left - out - parameters - 6
    return entries.map { row in
      var line =
        padded(truncating(row.name, toWidth: left), toWidth: left) + "  "
        + padded(row.out, toWidth: out, alignRight: true) + "  "
        + padded(row.parameters, toWidth: parameters, alignRight: true)
      if room >= 6, let width = row.width, width > 0, row.isLayer {
        let bar = PanelText.blocks(max((Double(width) / most).squareRoot() * Double(min(room, 40)), 0.3))
        line += "  " + TerminalStyle.series(row.hasParameters ? 0 : 1).paint(bar, if: isColored)
      }
      while line.last == " " { line.removeLast() }
      return truncating(line, toWidth: isColored ? 10_000 : width)
    }
  }

  private struct Row {
    var name: String
    var out: String
    var parameters: String
    var width: Int?
    var hasParameters: Bool
    var isLayer: Bool
  }

  private func rows(_ layer: NetworkDrawing.Layer, indent: String, isLast: Bool) -> [Row] {
    var result = [
      Row(
        name: indent + shownText(layer.name) + (layer.detail.isEmpty ? "" : " · " + shownText(layer.detail)),
        out: layer.width.map { formatCount($0) + " out" } ?? "",
        parameters: layer.parameters.map { $0 == 0 ? "" : formatCount($0) + " parameters" } ?? "",
        width: layer.width, hasParameters: layer.parameters != 0, isLayer: layer.branches.isEmpty)
    ]
    for (number, branch) in layer.branches.enumerated() {
      let shown = NetworkSetting.abridged(branch)
      for (index, inner) in shown.enumerated() {
        let isEnd = index == shown.count - 1
        let corner = layer.branches.count > 1 && index == 0 ? "\(number + 1) " : isEnd ? "└ " : "├ "
        result += rows(inner, indent: indent + corner, isLast: isEnd)
      }
    }
    if layer.isResidual {
      result.append(
        Row(
          name: indent + "+ what came in", out: "", parameters: "", width: nil, hasParameters: false,
          isLayer: false))
    }
    return result
  }
}

/// Axes side by side in braille, the best run in a colour of its own.
struct ParallelText {
  let axes: ParallelAxes
  let width: Int
  let isColored: Bool

  private static let rows = 12

  var lines: [String] {
    guard axes.columns.count > 1 else { return ["one column only"] }
    let shown = min(axes.columns.count, max(2, width / 12))
    // The last column is what counts; of too many others the first ones are shown.
    let places = Array(0..<(shown - 1)) + [axes.columns.count - 1]
    var canvas = BrailleCanvas(width: width, height: Self.rows, seriesCount: 3)
    let step = Double(canvas.dotWidth - 3) / Double(places.count - 1)
    let ranges = places.map(range)
    for line in axes.lines.sorted(by: { !$0.isBest && $1.isBest }) {
      var previous: (x: Int, y: Int)?
      for (index, column) in places.enumerated() {
        guard line.values.indices.contains(column),
          let share = ranges[index].position(of: line.values[column])
        else {
          previous = nil
          continue
        }
        let dot = (
          x: 1 + Int((Double(index) * step).rounded()),
          y: Int(((1 - share) * Double(canvas.dotHeight - 1)).rounded())
        )
        if let previous {
          canvas.line(from: previous, to: dot, series: line.isBest ? 1 : 0) { x, _ in
            line.isBest || x % 3 == 0
          }
        }
        previous = dot
      }
    }
    for index in places.indices {
      let x = 1 + Int((Double(index) * step).rounded())
      canvas.line(from: (x, 0), to: (x, canvas.dotHeight - 1), series: 2) { _, y in y % 2 == 0 }
    }
    let names = places.map {
      shownText(axes.columns[$0].name) + (axes.columns[$0].isLogarithmic ? " (log)" : "")
    }
    var lines = [labels(names), labels(ranges.indices.map { end(places[$0], ranges[$0], isHigh: true) })]
    for row in 0..<Self.rows { lines.append(canvas.row(row, isColored: isColored)) }
    lines.append(labels(ranges.indices.map { end(places[$0], ranges[$0], isHigh: false) }))
    lines.append(
      TerminalStyle.series(1).paint("━━", if: isColored) + " "
        + truncating(shownText(axes.key), toWidth: width - 3))
    if shown < axes.columns.count {
      lines.append("columns that do not fit: \(formatCount(axes.columns.count - shown))")
    }
    return lines
  }

  private func range(_ column: Int) -> Axis {
    let values = axes.lines.compactMap { $0.values.indices.contains(column) ? $0.values[column] : nil }
      .filter(\.isFinite)
    if let categories = axes.columns[column].categories {
      return Axis(low: 0, high: Double(max(categories.count - 1, 1)))
    }
    guard let low = values.min(), let high = values.max() else { return Axis(low: 0, high: 1) }
    if low == high { return Axis(low: low - max(abs(low), 1) * 0.5, high: high + max(abs(high), 1) * 0.5) }
    return Axis(low: low, high: high, isLogarithmic: axes.columns[column].isLogarithmic && low > 0)
  }

  private func end(_ column: Int, _ axis: Axis, isHigh: Bool) -> String {
    if let categories = axes.columns[column].categories {
      return shownText((isHigh ? categories.last : categories.first) ?? "")
    }
    return formatMetric(isHigh ? axis.high : axis.low, significantDigits: 3, trailingZeros: false)
  }

  /// Texts below or above their axes: the first flush left, the last flush right, the others centred.
  private func labels(_ texts: [String]) -> String {
    let room = width / max(texts.count, 1) - 1
    var line = ""
    var used = 0
    for (index, text) in texts.enumerated() {
      let text = truncating(text, toWidth: room)
      let columns = displayWidth(of: text)
      let middle = Double(index) / Double(max(texts.count - 1, 1)) * Double(width - 1)
      let start =
        index == 0
        ? 0 : index == texts.count - 1 ? width - columns : Int(middle) - columns / 2
      line += String(repeating: " ", count: max(0, start - used)) + text
      used = max(used, start) + columns
    }
    return line
  }
}
