import NNData
import NNDiagnostics
import NNReport

/// What `describe` shows: each column with its type, role, missing and distinct values, range, mean and a tiny histogram. Where
/// a table would not fit, each column has lines of its own.
struct ColumnTable {
  private let title: String
  private let entries: [Entry]
  private let options: RunOptions

  fileprivate struct Entry {
    var name: String
    var type: String
    var role: String
    var missing: Int
    var distinct: String
    /// From the smallest to the largest value, or the commonest categories with their shares.
    var values: String
    var mean: String
    var bars: String
  }

  /// What a table with all its columns needs.
  private static let tableWidth = 64

  /// Throws where a table that streams cannot be read.
  init(_ table: Table, _ data: DataSlot, _ options: RunOptions) throws(Found) {
    let rowCount = table.allRows ?? table.rowCount
    title = "\(data.path): \(counted(rowCount, "row")), \(counted(table.columns.count, "column"))"
    self.options = options
    let lastIsText = data.roles.targets == nil && data.candidates.last?.isCategorical == true
    let targets = data.roles.targets ?? (lastIsText ? data.candidates.suffix(1).map(\.name) : [])
    var entries: [Entry] = []
    for column in table.columns {
      let role =
        targets.contains(column.name)
        ? "target"
        : column.name == data.roles.weight
          ? "weight"
          : data.roles.ignored.contains(column.name) || data.roles.features?.contains(column.name) == false
            ? "ignored" : ""
      entries.append(Entry(column, try data.profile(of: column), role: role))
    }
    self.entries = entries
  }

  func render() -> String {
    title + "\n" + (options.width < Self.tableWidth ? lines() : table())
  }

  private func table() -> String {
    var columns: [(header: String, cell: (Entry) -> String, alignment: TextTable.Alignment)] = [
      ("column", { $0.name }, .left), ("type", { $0.type }, .left), ("role", { $0.role }, .left),
      ("missing", { $0.missing == 0 ? "" : formatCount($0.missing) }, .right),
      ("distinct", { $0.distinct }, .right), ("values", { $0.values }, .left),
      ("mean", { $0.mean }, .right), ("", { $0.bars }, .left),
    ]
    // A column without a cell tells nothing; what is missing always does.
    columns.removeAll { column in
      column.header != "missing" && entries.allSatisfy { column.cell($0).isEmpty }
    }
    return TextTable(
      headers: columns.map(\.header), rows: entries.map { entry in columns.map { $0.cell(entry) } },
      alignments: columns.map(\.alignment), isColored: options.usesColor
    ).render(maxWidth: options.width)
  }

  private func lines() -> String {
    entries.map { entry in
      let counts =
        "\(entry.distinct) distinct"
        + (entry.missing == 0 ? "" : ", \(formatCount(entry.missing)) missing")
      let first = [entry.type, entry.role, counts].filter { !$0.isEmpty }.joined(separator: ", ")
      let mean = entry.mean.isEmpty ? "" : ", mean \(entry.mean)"
      let width = max(options.width - 2, 12)
      let bars = entry.bars.isEmpty ? "" : "  " + entry.bars
      let values = truncating(
        escapingControls(entry.values + mean), toWidth: max(width - displayWidth(of: bars), 8))
      return [
        truncating(escapingControls(entry.name), toWidth: width + 2),
        "  " + truncating(first, toWidth: width), values.isEmpty && bars.isEmpty ? "" : "  " + values + bars,
      ].filter { !$0.isEmpty }.joined(separator: "\n")
    }.joined(separator: "\n")
  }
}

extension ColumnTable.Entry {
  init(_ column: Column, _ profile: ColumnProfile, role: String) {
    name = column.name
    type = profile.content.rawValue
    self.role = role
    missing = profile.missing
    distinct = (profile.isMoreDistinct ? "over " : "") + formatCount(profile.distinct)
    mean = profile.mean.map { formatMetric($0, trailingZeros: false) } ?? ""
    bars = Self.bars(profile.histogram)
    if let range = profile.range {
      let isWhole = profile.content == .integer || profile.content == .boolean
      func text(_ number: Float) -> String {
        isWhole ? shortestText(number) : formatMetric(Double(number), trailingZeros: false)
      }
      values = range.low == range.high ? text(range.low) : "\(text(range.low)) … \(text(range.high))"
    } else if let span = profile.span {
      values = span.first == span.last ? span.first : "\(span.first) … \(span.last)"
    } else {
      let filled = (column.facts?.rowCount ?? column.count) - profile.missing
      values = profile.common.prefix(4).map { text, count in
        profile.content == .text
          ? shown(text, limit: 12) : "\(shown(text, limit: 16)) \(Self.percent(count, of: filled))"
      }.joined(separator: ", ")
    }
  }

  private static func percent(_ count: Int, of total: Int) -> String {
    let share = Double(count) / Double(max(total, 1)) * 100
    return share < 1 ? "<1%" : "\(Int(share.rounded()))%"
  }

  /// A bar a count, of eight heights; the lowest is for none.
  private static func bars(_ counts: [Int]) -> String {
    guard let most = counts.max(), most > 0 else { return "" }
    let bars: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    return String(
      counts.map { count in
        count == 0 ? bars[0] : bars[1 + min(Int(Double(count) / Double(most) * 6.999), 6)]
      })
  }
}
