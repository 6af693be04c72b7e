import NNDiagnostics

/// The lines above a learning curve: each series with its last value, the kept epoch, and the scale.
struct CurveLegend {
  var curve: LearningCurve
  var axis: Axis?

  /// The entries in as many lines as the width asks for.
  func lines(width: Int) -> [String] {
    let gap = 3
    var lines: [String] = []
    var line = ""
    var used = 0
    for entry in entries(width: width) {
      let columns = displayWidth(of: entry.plain)
      if used > 0, used + gap + columns > width {
        lines.append(line)
        line = ""
        used = 0
      }
      if used > 0 {
        line += String(repeating: " ", count: gap)
        used += gap
      }
      line += entry.painted
      used += columns
    }
    if used > 0 { lines.append(line) }
    return lines
  }

  private func entries(width: Int) -> [(plain: String, painted: String)] {
    var entries: [(plain: String, painted: String)] = []
    for (index, series) in curve.series.enumerated() {
      let mark = index == 0 || curve.isColored ? "━━" : "╌╌"
      var text = escapingControls(series.name)
      if let last = series.last { text += " " + formatMetric(last) }
      let gaps = series.values.count { !$0.isFinite } - series.absent
      if gaps > 0 { text += " (\(formatCount(gaps)) not finite)" }
      text = truncating(text, toWidth: width - 3)
      let painted = TerminalStyle.series(index).paint(mark, if: curve.isColored)
      entries.append((mark + " " + text, painted + " " + text))
    }
    if let kept = curve.keptEpoch {
      let text = truncating("▲ kept epoch \(kept)", toWidth: width)
      entries.append((text, text))
    }
    if axis?.isLogarithmic == true { entries.append(("log scale", "log scale")) }
    return entries
  }
}
