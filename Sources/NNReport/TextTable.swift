import NNDiagnostics

/// A table of text for a terminal: a header, a rule, and the rows, their columns aligned.
///
///     column        kind     missing      mean
///     ────────────  ───────  ───────  ────────
///     petal_length  numeric        0     3.758
///
/// Cells are shown with control characters escaped, and measured in terminal columns.
public struct TextTable: Sendable {
  /// On which side a column's cells stand.
  public enum Alignment: Sendable {
    case left, right
    /// Right if every filled cell reads as a number.
    case automatic
  }

  /// The column names; their count is the table's.
  public var headers: [String]
  /// The cells; a short row is filled with empty ones, a long one is cut.
  public var rows: [[String]]
  /// An alignment a column; those left out are automatic.
  public var alignments: [Alignment]
  /// Blanks before each line.
  public var indent: Int
  /// Whether the header is bold and the rule dim.
  public var isColored: Bool

  public init(
    headers: [String], rows: [[String]], alignments: [Alignment] = [], indent: Int = 0,
    isColored: Bool = false
  ) {
    self.headers = headers
    self.rows = rows
    self.alignments = alignments
    self.indent = indent
    self.isColored = isColored
  }

  /// The table's lines, joined by newlines, with none at the end; blanks at line ends are left out.
  ///
  /// - Parameter maxWidth: the most terminal columns of a line. To keep to it, text columns shrink first
  ///   (a cut cell ends in `…`), then columns before the last give way to one `…`, then the rest shrink.
  public func render(maxWidth: Int? = nil) -> String {
    var columns = layOut()
    if let maxWidth {
      fit(&columns, into: max(1, maxWidth - margin))
    }
    guard !columns.isEmpty else { return "" }
    var lines = [
      line(columns.map { (cell($0.header, in: $0), .bold) }),
      line(columns.map { (String(repeating: "─", count: $0.width), .dim) }),
    ]
    for row in rows.indices {
      lines.append(line(columns.map { (cell($0.cells[row], in: $0), nil) }))
    }
    return lines.joined(separator: "\n")
  }

  private struct Column {
    var header: String
    var cells: [String]
    var alignRight: Bool
    var width: Int
  }

  private static let gap = 2
  private var margin: Int { min(max(indent, 0), 1_000) }

  private func layOut() -> [Column] {
    headers.indices.map { index in
      let header = escapingControls(headers[index])
      let cells = rows.map { escapingControls($0.indices.contains(index) ? $0[index] : "") }
      let alignRight: Bool =
        switch alignments.indices.contains(index) ? alignments[index] : .automatic {
        case .left: false
        case .right: true
        case .automatic: areNumbers(cells)
        }
      let width = cells.reduce(displayWidth(of: header)) { max($0, displayWidth(of: $1)) }
      return Column(header: header, cells: cells, alignRight: alignRight, width: width)
    }
  }

  private func areNumbers(_ cells: [String]) -> Bool {
    let filled = cells.filter { !$0.isEmpty && $0 != "–" }
    return !filled.isEmpty
      && filled.allSatisfy { cell in
        let digits = cell.last == "%" ? String(cell.dropLast()) : cell
        return Double(digits.filter { $0 != "," }) != nil
      }
  }

  private func total(_ columns: [Column]) -> Int {
    columns.reduce(0) { $0 + $1.width } + Self.gap * max(0, columns.count - 1)
  }

  private func fit(_ columns: inout [Column], into width: Int) {
    shrink(&columns, into: width, downTo: 8) { !$0.alignRight }
    if total(columns) > width, columns.count > 2 {
      let rest = Column(
        header: "…", cells: rows.map { _ in "…" }, alignRight: false, width: 1)
      columns.insert(rest, at: columns.count - 1)
      while total(columns) > width, columns.count > 3 { columns.remove(at: columns.count - 3) }
    }
    shrink(&columns, into: width, downTo: 1) { _ in true }
  }

  /// Takes one column of width after another from the widest that may give.
  private func shrink(
    _ columns: inout [Column], into width: Int, downTo least: Int, where mayGive: (Column) -> Bool
  ) {
    while total(columns) > width {
      var widest: Int?
      for index in columns.indices where columns[index].width > least && mayGive(columns[index]) {
        if columns[index].width > (widest.map { columns[$0].width } ?? 0) { widest = index }
      }
      guard let widest else { return }
      columns[widest].width -= 1
    }
  }

  private func cell(_ text: String, in column: Column) -> String {
    padded(
      truncating(text, toWidth: column.width), toWidth: column.width, alignRight: column.alignRight)
  }

  private func line(_ cells: [(text: String, style: TerminalStyle?)]) -> String {
    var line = String(repeating: " ", count: margin)
    for (index, cell) in cells.enumerated() {
      var text = cell.text
      if index == cells.count - 1 {
        while text.last == " " { text.removeLast() }
      }
      line += cell.style?.paint(text, if: isColored) ?? text
      if index < cells.count - 1 { line += String(repeating: " ", count: Self.gap) }
    }
    while line.last == " " { line.removeLast() }
    return line
  }
}
