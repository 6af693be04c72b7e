/// The course of a fit as a plot for the terminal, drawn in braille dots:
///
///     ━━ loss 0.0312   ╌╌ val_loss 0.0408   ▲ kept epoch 87   log scale
///       1 ┤⢇
///         │ ⠑⢄⡀
///     0.1 ┤   ⠈⠉⠒⠒⠤⠤⣀⣀⣀⣀⡀
///         └───────────────▲──┬──
///          1         epoch 100
///
/// Without colour the first series is a full line and the others are dashed, so that they can be told apart. A
/// value that is not finite leaves a gap and is counted in the legend. More epochs than dots are drawn as the
/// range from the least to the greatest value of each dot's epochs.
public struct LearningCurve: Sendable {
  /// A number an epoch.
  public struct Series: Sendable {
    public var name: String
    public var values: [Double]

    /// The last epoch's number.
    var last: Double?
    /// Epochs outside of those that have a number.
    var absent = 0

    public init(_ name: String, _ values: [Double]) {
      self.name = name
      self.values = values
      last = values.last
    }

    /// Numbers of some epochs, joined by straight lines.
    public init(_ name: String, measured: [Double?]) {
      self.init(name, measured.map { $0 ?? .nan })
      last = measured.last { $0 != nil } ?? nil
      let places = measured.indices.filter { measured[$0] != nil }
      absent = measured.count - (places.last.map { $0 + 1 } ?? 0) + (places.first ?? measured.count)
      if places.isEmpty { absent = measured.count }
      for (from, to) in zip(places, places.dropFirst()) where to > from + 1 {
        let step = (values[to] - values[from]) / Double(to - from)
        for place in from + 1..<to { values[place] = values[from] + step * Double(place - from) }
      }
    }
  }

  public var series: [Series]
  /// The number of the epoch of the first values.
  public var firstEpoch: Int
  /// The epoch whose weights are kept, to be marked.
  public var keptEpoch: Int?
  /// The whole plot in terminal columns and lines; at least 24 × 6 and at most 400 × 200 are used.
  public var width: Int
  public var height: Int
  public var isColored: Bool

  public init(
    series: [Series], firstEpoch: Int = 1, keptEpoch: Int? = nil, width: Int = 72, height: Int = 16,
    isColored: Bool = false
  ) {
    self.series = series
    self.firstEpoch = firstEpoch
    self.keptEpoch = keptEpoch
    self.width = width
    self.height = height
    self.isColored = isColored
  }

  /// The plot's lines, joined by newlines, with none at the end; no line is wider than `width`.
  public func render() -> String {
    let width = min(max(width, 24), 400)
    let height = min(max(height, 6), 200)
    let epochs = series.map(\.values.count).max() ?? 0
    guard epochs > 0 else { return "no epochs" }
    let axis = Axis(around: series.lazy.flatMap(\.values))

    let legend = CurveLegend(curve: self, axis: axis).lines(width: width).prefix(max(1, height - 4))
    let rows = max(2, height - legend.count - 2)
    let ticks = axis?.ticks(about: (rows + 2) / 3, atMost: rows / 2 + 1) ?? []
    let labelWidth = ticks.map(\.label.count).max() ?? 0
    let columns = max(8, width - labelWidth - 2)

    var labels: [Int: String] = [:]
    for tick in ticks {
      guard let share = axis?.position(of: tick.value) else { continue }
      labels[dotRow(share, of: rows * 4) / 4] = tick.label
    }
    let canvas = draw(axis, epochs: epochs, columns: columns, rows: rows)

    var lines = Array(legend)
    for row in 0..<rows {
      let label = labels[row]
      let side = padded(label ?? "", toWidth: labelWidth, alignRight: true) + (label == nil ? " │" : " ┤")
      lines.append(side + canvas.row(row, isColored: isColored))
    }
    let foot = EpochAxis(
      first: firstEpoch, count: epochs, columns: columns, kept: keptEpoch)
    let indent = String(repeating: " ", count: labelWidth + 1)
    lines.append(indent + "└" + foot.rule)
    lines.append(indent + " " + foot.labels)
    return lines.joined(separator: "\n")
  }

  private func dotRow(_ share: Double, of dots: Int) -> Int {
    Int(((1 - share) * Double(dots - 1)).rounded())
  }

  private func draw(_ axis: Axis?, epochs: Int, columns: Int, rows: Int) -> BrailleCanvas {
    var canvas = BrailleCanvas(width: columns, height: rows, seriesCount: series.count)
    guard let axis else { return canvas }
    for (index, series) in series.enumerated() {
      let isDashed = index > 0 && !isColored
      let isKept: (Int, Int) -> Bool = { x, _ in !isDashed || x % 4 < 2 }
      // What a line can start from: the last dot, unless a gap came in between.
      var previous: (x: Int, y: Int)?
      let points = EpochAxis.points(of: series.values, over: epochs, dots: canvas.dotWidth)
      for (place, point) in points.enumerated() {
        guard let range = point.range, let first = axis.position(of: range.first),
          let last = axis.position(of: range.last), let low = axis.position(of: range.low),
          let high = axis.position(of: range.high)
        else {
          previous = nil
          continue
        }
        let start = (x: point.x, y: dotRow(first, of: canvas.dotHeight))
        if let previous {
          canvas.line(from: previous, to: start, series: index, where: isKept)
        } else if place + 1 == points.count || points[place + 1].range == nil {
          // A value between two gaps is seen, whatever its place in the dashes, and larger than one dot.
          canvas.set(x: start.x, y: start.y, series: index)
          canvas.set(x: start.x ^ 1, y: start.y, series: index)
        }
        canvas.line(
          from: (point.x, dotRow(high, of: canvas.dotHeight)),
          to: (point.x, dotRow(low, of: canvas.dotHeight)),
          series: index, where: isKept)
        previous = (point.x, dotRow(last, of: canvas.dotHeight))
      }
    }
    return canvas
  }
}
