/// The horizontal axis of a learning curve: where epochs stand, and the two lines of text below the plot.
struct EpochAxis {
  var first: Int
  var count: Int
  /// The plot's width in character cells.
  var columns: Int
  /// The epoch to mark.
  var kept: Int?

  /// The values that fall on one column of dots; `range` is `nil` if none is finite.
  struct Point {
    var x: Int
    var range: Range?
  }

  struct Range {
    var first: Double
    var last: Double
    var low: Double
    var high: Double
  }

  /// The values in columns of dots: one value a column where they fit, else near-equal groups of them.
  static func points(of values: [Double], over count: Int, dots: Int) -> [Point] {
    guard count > dots else {
      return values.indices.map { index in
        let value = values[index]
        let range =
          value.isFinite ? Range(first: value, last: value, low: value, high: value) : nil
        return Point(x: dot(of: index, count: count, dots: dots), range: range)
      }
    }
    return (0..<dots).compactMap { x in
      let start = groupStart(x, of: dots, over: count)
      let end = min(groupStart(x + 1, of: dots, over: count), values.count)
      guard start < end else { return nil }
      let finite = values[start..<end].filter(\.isFinite)
      guard let first = finite.first, let last = finite.last, let low = finite.min(), let high = finite.max()
      else { return Point(x: x, range: nil) }
      return Point(x: x, range: Range(first: first, last: last, low: low, high: high))
    }
  }

  /// The column of dots of the epoch with an index from 0.
  static func dot(of index: Int, count: Int, dots: Int) -> Int {
    count <= 1 ? dots / 2 : Int((Double(index) / Double(count - 1) * Double(dots - 1)).rounded())
  }

  /// `───┬───▲──`: a tick for each labelled epoch and a mark for the kept one.
  var rule: String {
    var cells = Array(repeating: Character("─"), count: columns)
    for label in placedLabels { cells[label.cell] = "┬" }
    if let kept, kept >= first, kept - first < count { cells[cell(of: kept)] = "▲" }
    return String(cells)
  }

  /// The epochs below their ticks, the last with the axis's name: `1      20      epoch 40`.
  var labels: String {
    var cells = Array(repeating: Character(" "), count: columns)
    for label in placedLabels {
      cells.replaceSubrange(label.start..<label.end, with: label.text)
    }
    while cells.last == " " { cells.removeLast() }
    return String(cells)
  }

  /// Text below one epoch's tick; `start..<end` lies within the columns.
  private struct Label {
    var cell: Int
    var text: String
    var start: Int
    var end: Int { start + text.count }
  }

  private func cell(of epoch: Int) -> Int {
    min(max(Self.dot(of: epoch - first, count: count, dots: columns * 2) / 2, 0), columns - 1)
  }

  /// The last and the first epoch, and round ones between, as far as their texts do not touch.
  private var placedLabels: [Label] {
    let (end, overflow) = first.addingReportingOverflow(count - 1)
    guard !overflow else { return [] }
    var placed: [Label] = []
    func place(_ epoch: Int, _ text: String) {
      guard text.count <= columns else { return }
      let cell = cell(of: epoch)
      let start = min(max(cell - String(epoch).count / 2, 0), columns - text.count)
      let label = Label(cell: cell, text: text, start: start)
      let isFree = placed.allSatisfy { label.end + 1 < $0.start || $0.end + 1 < label.start }
      if isFree { placed.append(label) }
    }
    place(end, "epoch \(end)")
    if end > first { place(first, "\(first)") }
    let step = roundStep(atLeast: Double(count) / Double(max(1, columns / 12)))
    var epoch = first / step * step
    while epoch < end {
      if epoch > first { place(epoch, "\(epoch)") }
      let (next, overflow) = epoch.addingReportingOverflow(step)
      if overflow { break }
      epoch = next
    }
    return placed
  }

  /// The least of 1, 2, 5, 10, 20, … that is no less than the distance wanted.
  private func roundStep(atLeast distance: Double) -> Int {
    var power = 1
    while power < 1_000_000_000_000 {
      for factor in [1, 2, 5] where Double(factor * power) >= distance { return factor * power }
      power *= 10
    }
    return power
  }
}
