import NNDiagnostics

/// The values of a fit or an evaluation: in one line where that fits, else a line for each metric, those of validation
/// rows beside those of training:
///
///                 training  validation
///     loss          0.2488      0.2274
///     precision     0.7917      0.8462
public struct ValueLines: Sendable {
  /// Names with values, as in `("val_loss", 0.25)`.
  public var values: [(name: String, value: Double)]
  /// Blanks before each line.
  public var indent: Int
  /// Whether values are bold.
  public var isColored: Bool

  public init(_ values: [(name: String, value: Double)], indent: Int = 0, isColored: Bool = false) {
    self.values = values
    self.indent = indent
    self.isColored = isColored
  }

  /// The lines, joined by newlines, with none at the end.
  /// - Parameters:
  ///   - width: the most terminal columns that one line of all values may take.
  ///   - remark: what stands behind the values: on their line if it fits there, too, else on one of its own.
  ///   - wraps: whether a remark that is too long is broken between words.
  public func render(width: Int, remark: String = "", wraps: Bool = false) -> String {
    let margin = String(repeating: " ", count: min(max(indent, 0), 1_000))
    let room = width - margin.count - displayWidth(of: line(values, isColored: false))
    if wraps, values.count < 3, !remark.isEmpty, room < displayWidth(of: remark) + 2 {
      let plain = margin + line(values, isColored: false)
      let whole = wrapping(plain + "  " + remark, toWidth: width, indent: margin.count + 2)
      // Else the values themselves are too wide.
      if whole.hasPrefix(plain) {
        return margin + line(values, isColored: isColored)
          + dimmed(String(whole.dropFirst(plain.count)), gap: false)
      }
    }
    if values.count < 3 || room >= 0 {
      let isBeside = remark.isEmpty || values.count < 3 || room >= displayWidth(of: remark) + 2
      return margin + line(values, isColored: isColored)
        + (isBeside ? dimmed(remark, gap: true) : "\n" + margin + dimmed(remark, gap: false))
    }
    var lines = table(margin)
    if !remark.isEmpty { lines.append(margin + dimmed(remark, gap: false)) }
    return lines.joined(separator: "\n")
  }

  /// A line for each metric, under a header if there are values of validation rows.
  private func table(_ margin: String) -> [String] {
    let twins = values.filter { $0.name.hasPrefix("val_") }
    let own = twins.isEmpty ? values : values.filter { !$0.name.hasPrefix("val_") }
    var rows: [[String]] = twins.isEmpty ? [] : [["", "training", "validation"]]
    for value in own {
      let twin = twins.first { $0.name == "val_" + value.name }.map { formatMetric($0.value) } ?? ""
      rows.append([escapingControls(value.name), formatMetric(value.value)] + (twins.isEmpty ? [] : [twin]))
    }
    for twin in twins where !own.contains(where: { "val_" + $0.name == twin.name }) {
      rows.append([escapingControls(twin.name), "", formatMetric(twin.value)])
    }
    let widths = (rows.first ?? []).indices.map { column in
      rows.reduce(0) { max($0, displayWidth(of: $1[column])) }
    }
    return rows.enumerated().map { index, row in
      let isHeader = index == 0 && !twins.isEmpty
      var line = margin + padded(row[0], toWidth: widths[0])
      for column in row.indices.dropFirst() {
        let cell = padded(row[column], toWidth: widths[column], alignRight: true)
        let isBold = isColored && !isHeader && !row[column].isEmpty
        line += "  " + TerminalStyle.bold.paint(cell, if: isBold)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  private func line(_ values: [(name: String, value: Double)], isColored: Bool) -> String {
    values.map {
      escapingControls($0.name) + " " + TerminalStyle.bold.paint(formatMetric($0.value), if: isColored)
    }.joined(separator: "  ")
  }

  private func dimmed(_ text: String, gap: Bool) -> String {
    text.isEmpty ? "" : TerminalStyle.dim.paint((gap ? "  " : "") + text, if: isColored)
  }
}
