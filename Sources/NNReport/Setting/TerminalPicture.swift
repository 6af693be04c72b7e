import NNDiagnostics

extension Picture {
  /// The picture as text for a terminal: braille dots, blocks and tables, no line wider than `width`.
  ///
  /// - Parameters:
  ///   - width: in columns, at least 24; from 100 on panels stand side by side.
  ///   - isTitled: with the title and the subtitle above.
  public func terminal(width: Int = 80, isColored: Bool = false, isTitled: Bool = true) -> String {
    let width = min(max(width, 24), 400)
    var lines: [String] = []
    if isTitled {
      if !title.isEmpty {
        lines.append(TerminalStyle.bold.paint(truncating(shownText(title), toWidth: width), if: isColored))
      }
      if !subtitle.isEmpty {
        for line in wrapping(shownText(subtitle), toWidth: width).split(separator: "\n") {
          lines.append(TerminalStyle.dim.paint(truncating(String(line), toWidth: width), if: isColored))
        }
      }
    }
    let isWide = width >= 100 && panels.count > 1 && panels.allSatisfy(\.isChart)
    let columns = isWide ? 2 : 1
    // A single picture need not fill a very wide terminal.
    let panelWidth = isWide ? (width - 3) / 2 : min(width, 100)
    var index = 0
    while index < panels.count {
      if !lines.isEmpty, isTitled || index > 0 { lines.append("") }
      let row = panels[index..<min(index + columns, panels.count)].map { panel -> [String] in
        // A picture of one panel that is not titled is the panel alone.
        let shown = panels.count == 1 && !isTitled ? Panel("", panel.content) : panel
        return PanelText(panel: shown, width: panelWidth, isColored: isColored, isSingle: panels.count == 1)
          .lines
      }
      lines += Self.beside(row, width: panelWidth, gap: 3)
      index += columns
    }
    return lines.joined(separator: "\n")
  }

  /// Blocks of lines next to each other.
  private static func beside(_ blocks: [[String]], width: Int, gap: Int) -> [String] {
    guard blocks.count > 1 else { return blocks.first ?? [] }
    let height = blocks.map(\.count).max() ?? 0
    return (0..<height).map { row in
      var line = ""
      var used = 0
      for (index, block) in blocks.enumerated() where row < block.count {
        let start = index * (width + gap)
        line += String(repeating: " ", count: max(0, start - used)) + block[row]
        used = max(start, used) + visibleWidth(of: block[row])
      }
      return line
    }
  }
}

/// The columns of a text that may hold colours.
private func visibleWidth(of text: String) -> Int {
  var plain = ""
  var isEscape = false
  for scalar in text.unicodeScalars {
    if isEscape {
      isEscape = scalar != "m"
    } else if scalar == "\u{1B}" {
      isEscape = true
    } else {
      plain.unicodeScalars.append(scalar)
    }
  }
  return displayWidth(of: plain)
}

extension Picture.Panel {
  fileprivate var isChart: Bool {
    switch content {
    case .chart, .note: true
    default: false
    }
  }
}

/// One panel as lines.
struct PanelText {
  let panel: Picture.Panel
  let width: Int
  let isColored: Bool
  /// It stands alone, and so may be higher.
  var isSingle = true

  var lines: [String] {
    var lines: [String] = []
    if !panel.title.isEmpty {
      lines.append(
        TerminalStyle.bold.paint(truncating(shownText(panel.title), toWidth: width), if: isColored))
    }
    switch panel.content {
    case .chart(let chart):
      lines +=
        chart.x.isEpochs
        ? curve(chart)
        : ChartText(
          chart: chart, width: width, height: isSingle ? 18 : isHistogram(chart) ? 9 : 14,
          isColored: isColored
        ).lines
    case .bars(let list): lines += bars(list)
    case .grid(let grid): lines += GridText(grid: grid, width: width, isColored: isColored).lines
    case .network(let network): lines += NetworkText(width: width, isColored: isColored).lines(network)
    case .parallel(let axes): lines += ParallelText(axes: axes, width: width, isColored: isColored).lines
    case .note(let text):
      lines += wrapping(shownText(text), toWidth: width).split(separator: "\n").map {
        truncating(String($0), toWidth: width)
      }
    }
    return lines
  }

  /// Bars need no fine dots.
  private func isHistogram(_ chart: Chart) -> Bool {
    chart.marks.contains { if case .histogram = $0 { true } else { false } }
  }

  /// Epochs are drawn as ranges of dots, as the progress of a fit is.
  private func curve(_ chart: Chart) -> [String] {
    let series = chart.marks.compactMap { mark -> Chart.Series? in
      switch mark {
      case .line(let series), .linePoints(let series): series
      default: nil
      }
    }
    guard let first = series.compactMap({ $0.x.first }).min(),
      let last = series.compactMap({ $0.x.last }).max(),
      last >= first, last - first < 1e7
    else { return ["no epochs"] }
    var kept: Int?
    for case .reference(.vertical(let value, _)) in chart.marks { kept = Int(exactly: value) }
    return LearningCurve(
      series: series.map { series in
        var measured = [Double?](repeating: nil, count: Int(last - first) + 1)
        for (x, y) in zip(series.x, series.y) {
          let place = Int(x - first)
          if measured.indices.contains(place) { measured[place] = y }
        }
        return LearningCurve.Series(series.name, measured: measured)
      },
      firstEpoch: Int(first), keptEpoch: kept, width: width, height: isSingle ? 16 : 11, isColored: isColored
    ).render().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  private func bars(_ list: BarList) -> [String] {
    let names = list.bars.map { shownText($0.name) }
    let texts = list.bars.map(BarSetting.text)
    let nameWidth = min(names.map(displayWidth(of:)).max() ?? 0, max(8, width * 2 / 5))
    let textWidth = texts.map(displayWidth(of:)).max() ?? 0
    let room = max(4, width - nameWidth - textWidth - 4)
    let values = list.bars.map(\.value).filter(\.isFinite)
    let (low, high) = (min(0, values.min() ?? 0), max(0, values.max() ?? 0))
    let range = high - low
    // Where some are below zero, they end at the line that the others begin at.
    let zero = range > 0 ? Int((-low / range * Double(room)).rounded()) : 0
    var lines: [String] = []
    for (index, bar) in list.bars.enumerated() {
      let name = padded(
        truncating(names[index], toWidth: nameWidth), toWidth: nameWidth, alignRight: true)
      var cells = ""
      if bar.value.isFinite, range > 0 {
        if bar.value < 0 {
          let length = Int((-bar.value / range * Double(room)).rounded())
          cells = String(repeating: " ", count: max(0, zero - length)) + String(repeating: "▒", count: length)
        } else {
          cells = String(repeating: " ", count: zero) + Self.blocks(bar.value / range * Double(room))
        }
      }
      let painted = TerminalStyle.series(0).paint(cells, if: isColored)
      lines.append(name + " ▏" + painted + " " + texts[index])
    }
    return lines + wrapping(shownText(list.label), toWidth: width).split(separator: "\n").map(String.init)
  }

  /// A bar to an eighth of a column.
  static func blocks(_ length: Double) -> String {
    guard length.isFinite, length > 0 else { return "" }
    let eighths = Int((length * 8).rounded())
    let parts: [String] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    return String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
  }
}
