/// Lays out a chart: legend, axes with ticks and names, marks.
struct ChartSetting {
  private let chart: Chart
  private let x: Double
  private let y: Double
  private let width: Double
  /// The height that its legend is given at least.
  private let legend: Double

  init(_ chart: Chart, x: Double, y: Double, width: Double, legend: Double = 0) {
    self.chart = chart
    self.x = x
    self.y = y
    self.width = width
    self.legend = legend
  }

  /// What a panel's legend takes at a width; nothing if it is no chart.
  static func legendHeight(_ panel: Picture.Panel, width: Double) -> Double {
    guard case .chart(let chart) = panel.content else { return 0 }
    var scene = Scene(width: 0, height: 0, title: "", description: "")
    return LegendSetting(entries: ChartData(chart).legend, width: width).draw(x: 0, y: 0, in: &scene)
  }

  private static let tickSize = 11.0

  /// - Returns: the height that it took.
  func draw(in scene: inout Scene) -> Double {
    let data = ChartData(chart)
    let used = LegendSetting(entries: data.legend, width: width).draw(x: x, y: y, in: &scene)
    let top = y + max(used, legend) + 6
    let height = chart.isSquare ? 0 : min(max(width * 0.55, 170), 300)
    let vertical = ResolvedAxis(data.yAxis, values: data.ys, ticks: 6)
    let labelWidth =
      vertical.ticks.map { TextMeasure.width($0.label, size: Self.tickSize) }.max() ?? 0
    let indent = labelWidth + 8 + (chart.y.label.isEmpty ? 0 : 18)
    let plotWidth = max(width - indent - 8, 60)
    let horizontal = ResolvedAxis(data.xAxis, values: data.xs, ticks: max(3, Int(plotWidth / 60)))
    // A square is no larger than one can take in.
    let side = min(plotWidth, 420)
    let area = Area(
      left: x + indent, top: top, width: chart.isSquare ? side : plotWidth,
      height: chart.isSquare ? side : height, x: horizontal, y: vertical)
    drawFrame(area, in: &scene)
    drawMarks(area, in: &scene)
    return area.top + area.height + 22 + (chart.x.label.isEmpty ? 0 : 17) - y
  }

  /// The plot's place, and where numbers stand in it.
  struct Area {
    var left: Double
    var top: Double
    var width: Double
    var height: Double
    var x: ResolvedAxis
    var y: ResolvedAxis

    func point(_ xValue: Double, _ yValue: Double) -> Scene.Point? {
      guard let across = x.position(of: xValue), let up = y.position(of: yValue) else { return nil }
      return Scene.Point(left + across * width, top + (1 - up) * height)
    }

    func across(_ value: Double) -> Double? { x.position(of: value).map { left + $0 * width } }
    func down(_ value: Double) -> Double? { y.position(of: value).map { top + (1 - $0) * height } }
  }

  private func drawFrame(_ area: Area, in scene: inout Scene) {
    for tick in area.y.ticks {
      guard let place = area.down(tick.value) else { continue }
      scene.line([.init(area.left, place), .init(area.left + area.width, place)], .grid)
      scene.text(
        tick.label, area.left - 7, place + 4, .end, size: Self.tickSize, .muted)
    }
    var free = -Double.infinity
    for tick in area.x.ticks {
      guard let place = area.across(tick.value) else { continue }
      scene.line([.init(place, area.top), .init(place, area.top + area.height)], .grid)
      let half = TextMeasure.width(tick.label, size: Self.tickSize) / 2
      guard place - half > free else { continue }
      scene.text(
        tick.label, place, area.top + area.height + 16, .middle, size: Self.tickSize, .muted)
      free = place + half + 8
    }
    scene.line(
      [
        .init(area.left, area.top), .init(area.left, area.top + area.height),
        .init(area.left + area.width, area.top + area.height),
      ], .frame)
    let name = TextMeasure.shortened(
      shownText(chart.x.label) + (area.x.axis.isLogarithmic ? " (log scale)" : ""), to: area.width, size: 12)
    scene.text(name, area.left + area.width / 2, area.top + area.height + 34, .middle, size: 12, .muted)
    if !chart.y.label.isEmpty {
      let name = TextMeasure.shortened(
        shownText(chart.y.label) + (area.y.axis.isLogarithmic ? " (log scale)" : ""), to: area.height,
        size: 12)
      scene.text(
        name, x + 11, area.top + area.height / 2, .middle, size: 12, .muted, isUpright: true)
    }
  }

  private func drawMarks(_ area: Area, in scene: inout Scene) {
    for mark in chart.marks {
      switch mark {
      case .line(let series): drawLine(series, area, in: &scene)
      case .points(let series): drawPoints(series, area, in: &scene)
      case .linePoints(let series):
        drawLine(series, area, in: &scene)
        drawPoints(series, area, in: &scene)
      case .histogram(let histogram): drawHistogram(histogram, area, in: &scene)
      case .reference(let reference): draw(reference, area, in: &scene)
      }
    }
  }

  private func drawLine(_ series: Chart.Series, _ area: Area, in scene: inout Scene) {
    let points = Thinning.line(
      zip(series.x, series.y).map { area.point($0, $1) }, left: area.left, width: area.width)
    let opacity = series.isFaint ? 0.35 : 1
    let width = series.isFaint ? 1.0 : 2.0
    for run in points.split(whereSeparator: { $0 == nil }) {
      let run = run.compactMap { $0 }
      if run.count == 1 {
        scene.shapes.append(
          .markers(Scene.marker(series.slot), run, size: 5, .series(series.slot), opacity: opacity))
      }
      scene.line(
        run, .series(series.slot), width: width, dash: series.isFaint ? [] : Scene.dash(series.slot),
        opacity: opacity)
    }
  }

  private func drawPoints(_ series: Chart.Series, _ area: Area, in scene: inout Scene) {
    let points = zip(series.x, series.y).compactMap { area.point($0, $1) }
    guard points.count > Thinning.mostMarks else {
      let size = points.count > 800 ? 3.5 : points.count > 200 ? 4.5 : 6
      scene.shapes.append(
        .markers(
          Scene.marker(series.slot), points, size: size, .series(series.slot),
          opacity: points.count > 200 ? 0.6 : 0.85))
      return
    }
    let side = max(3, (min(area.width, area.height) / 70).rounded())
    let squares = Thinning.squares(
      points, left: area.left, top: area.top, width: area.width, height: area.height, side: side)
    guard let most = squares.counts.max(), most > 0 else { return }
    for row in 0..<squares.rows {
      for column in 0..<squares.columns {
        let count = squares.counts[row * squares.columns + column]
        guard count > 0 else { continue }
        // A single point is seen beside a crowd, so shades go by the logarithm.
        let shade = 0.15 + 0.85 * decimalLog(Double(count) + 1) / decimalLog(Double(most) + 1)
        let (left, top) = (area.left + Double(column) * side, area.top + Double(row) * side)
        scene.rectangle(
          left, top, min(side, area.left + area.width - left), min(side, area.top + area.height - top),
          .series(series.slot), opacity: (shade * 20).rounded() / 20)
      }
    }
  }

  private func drawHistogram(_ histogram: Chart.Histogram, _ area: Area, in scene: inout Scene) {
    guard let floor = area.down(max(0, area.y.axis.low)) else { return }
    // What overlaps with another is a line around it, too.
    var corners: [Scene.Point] = []
    for (index, count) in histogram.counts.enumerated() {
      guard let left = area.across(histogram.edges[index]),
        let right = area.across(histogram.edges[index + 1]), let top = area.down(count)
      else { continue }
      scene.rectangle(
        left, top, max(right - left, 0.5), floor - top, .series(histogram.slot), opacity: 0.45)
      corners += [Scene.Point(left, top), Scene.Point(right, top)]
    }
    if let first = corners.first, let last = corners.last {
      corners = [Scene.Point(first.x, floor)] + corners + [Scene.Point(last.x, floor)]
    }
    scene.line(corners, .series(histogram.slot), width: 1.5, dash: Scene.dash(histogram.slot))
  }

  private func draw(_ reference: Chart.Reference, _ area: Area, in scene: inout Scene) {
    let ends: [Scene.Point]
    switch reference {
    case .diagonal:
      let low = max(area.x.axis.low, area.y.axis.low)
      let high = min(area.x.axis.high, area.y.axis.high)
      ends = [area.point(low, low), area.point(high, high)].compactMap { $0 }
    case .horizontal(let value, _):
      guard value >= area.y.axis.low, value <= area.y.axis.high, let place = area.down(value) else { return }
      ends = [.init(area.left, place), .init(area.left + area.width, place)]
    case .vertical(let value, _):
      guard value >= area.x.axis.low, value <= area.x.axis.high, let place = area.across(value) else {
        return
      }
      ends = [.init(place, area.top), .init(place, area.top + area.height)]
    }
    scene.line(ends, .muted, width: 1.2, dash: [4, 3])
  }
}

/// A chart's numbers and legend, as both pictures and terminals need them.
struct ChartData {
  let xAxis: ChartAxis
  let yAxis: ChartAxis
  let xs: [Double]
  let ys: [Double]
  let legend: [LegendSetting.Entry]

  init(_ chart: Chart) {
    var (xs, ys): ([Double], [Double]) = ([], [])
    var legend: [LegendSetting.Entry] = []
    func see(_ series: Chart.Series, _ sample: LegendSetting.Entry.Sample) {
      for (x, y) in zip(series.x, series.y) where x.isFinite && y.isFinite {
        xs.append(x)
        ys.append(y)
      }
      guard !series.name.isEmpty else { return }
      let gaps = series.y.count { !$0.isFinite }
      var notes = series.note
      if gaps > 0 { notes += " (\(formatCount(gaps)) not finite)" }
      legend.append(
        .init(
          sample: sample, name: series.name, note: notes, ink: .series(series.slot), slot: series.slot))
    }
    for mark in chart.marks {
      switch mark {
      case .line(let series): see(series, .line)
      case .points(let series): see(series, .point)
      case .linePoints(let series): see(series, .linePoint)
      case .histogram(let histogram):
        xs += histogram.edges
        ys += histogram.counts + [0]
        if !histogram.name.isEmpty {
          legend.append(
            .init(
              sample: .block, name: histogram.name, note: "", ink: .series(histogram.slot),
              slot: histogram.slot))
        }
      case .reference(let reference):
        let name: String
        switch reference {
        case .diagonal(let text): name = text
        case .horizontal(let value, let text):
          name = text
          ys.append(value)
        case .vertical(let value, let text):
          name = text
          xs.append(value)
        }
        if !name.isEmpty { legend.append(.init(sample: .dashed, name: name, note: "", ink: .muted, slot: 0)) }
      }
    }
    if chart.isSquare, chart.x.range == nil, chart.y.range == nil {
      // Both axes show both.
      xs += ys
      ys = xs
    }
    xAxis = chart.x
    yAxis = chart.y
    self.xs = xs
    self.ys = ys
    self.legend = legend
  }
}
