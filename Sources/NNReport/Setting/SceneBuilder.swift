/// Lays a picture out: what stands where, in pixels. One column of panels where the width is small, else two.
struct SceneBuilder {
  let picture: Picture
  let width: Double

  static let margin = 16.0
  private static let gap = 22.0
  private static let columnWidth = 330.0

  private let isTitled: Bool

  init(_ picture: Picture, width: Double, isTitled: Bool = true) {
    self.picture = picture
    self.isTitled = isTitled
    self.width = min(max(min(width, Self.naturalWidth(picture)), 240), 4_000)
  }

  /// What a picture needs that is no wider than high; others take all that they are given.
  private static func naturalWidth(_ picture: Picture) -> Double {
    guard picture.panels.count == 1, let panel = picture.panels.first else { return .infinity }
    switch panel.content {
    case .chart(let chart): return chart.isSquare ? 520 : .infinity
    case .grid(let grid): return max(420, 72 * Double(grid.columns.count) + 220)
    case .network: return 560
    case .bars, .parallel, .note: return .infinity
    }
  }

  func build() -> Scene {
    var scene = Scene(width: width, height: 0, title: picture.title, description: picture.description)
    let inner = width - 2 * Self.margin
    var y = Self.margin
    if isTitled, !picture.title.isEmpty {
      for line in TextMeasure.wrapped(shownText(picture.title), to: inner / 1.1, size: 16).prefix(3) {
        scene.text(line, Self.margin, y + 14, size: 16, isBold: true)
        y += 21
      }
    }
    if isTitled, !picture.subtitle.isEmpty {
      for line in TextMeasure.wrapped(shownText(picture.subtitle), to: inner, size: 12).prefix(4) {
        scene.text(line, Self.margin, y + 11, size: 12, .muted)
        y += 17
      }
    }
    if y > Self.margin { y += 10 }
    let isDivided = picture.panels.count > 1 && !picture.panels.contains { $0.content.takesWidth }
    let columns = isDivided && inner >= 2 * Self.columnWidth - 60 ? 2 : 1
    let panelWidth = (inner - Double(columns - 1) * Self.gap) / Double(columns)
    var index = 0
    while index < picture.panels.count {
      var height = 0.0
      let row = picture.panels[index..<min(index + columns, picture.panels.count)]
      // Plots side by side begin at one height, whatever the lengths of their legends.
      let legend = row.reduce(0) { max($0, ChartSetting.legendHeight($1, width: panelWidth)) }
      for (column, panel) in row.enumerated() {
        let x = Self.margin + Double(column) * (panelWidth + Self.gap)
        height = max(height, draw(panel, x: x, y: y, width: panelWidth, legend: legend, in: &scene))
      }
      index += columns
      y += height + (index < picture.panels.count ? Self.gap : 0)
    }
    scene.height = (y + Self.margin).rounded(.up)
    return scene
  }

  /// - Returns: the height that it took.
  private func draw(
    _ panel: Picture.Panel, x: Double, y: Double, width: Double, legend: Double, in scene: inout Scene
  ) -> Double {
    var top = y
    if !panel.title.isEmpty {
      let title = TextMeasure.shortened(shownText(panel.title), to: width, size: 13, isBold: true)
      scene.text(title, x, top + 12, size: 13, isBold: true)
      top += 21
    }
    let height: Double
    switch panel.content {
    case .chart(let chart):
      height = ChartSetting(chart, x: x, y: top, width: width, legend: legend).draw(in: &scene)
    case .bars(let list):
      height = BarSetting(list, x: x, y: top, width: width).draw(in: &scene)
    case .grid(let grid):
      height = GridSetting(grid, x: x, y: top, width: width).draw(in: &scene)
    case .network(let network):
      height = NetworkSetting(network, x: x, y: top, width: width).draw(in: &scene)
    case .parallel(let axes):
      height = ParallelSetting(axes, x: x, y: top, width: width).draw(in: &scene)
    case .note(let text):
      var used = 0.0
      for line in TextMeasure.wrapped(shownText(text), to: width, size: 13) {
        scene.text(line, x, top + used + 13, size: 13, .muted)
        used += 18
      }
      height = used + 4
    }
    return top - y + height
  }
}

extension Picture.Content {
  /// It needs the whole width: axes side by side with names between them.
  fileprivate var takesWidth: Bool { if case .parallel = self { true } else { false } }
}

/// A text from a file or a script, as it may stand in a picture: no controls, and not without end.
func shownText(_ text: String) -> String {
  escapingControls(text.count > 400 ? String(text.prefix(399)) + "…" : text)
}

/// The entries above a panel's plot: a sample of each line, and its name.
struct LegendSetting {
  struct Entry: Equatable {
    enum Sample: Equatable { case line, point, linePoint, block, dashed, none }
    var sample: Sample
    var name: String
    var note: String
    var ink: Scene.Ink
    var slot: Int
  }

  let entries: [Entry]
  let width: Double

  private static let size = 12.0
  private static let lineHeight = 18.0

  /// - Returns: the height that they took.
  func draw(x: Double, y: Double, in scene: inout Scene) -> Double {
    guard !entries.isEmpty else { return 0 }
    var (left, line) = (0.0, 0.0)
    for entry in entries {
      let note = entry.note.isEmpty ? "" : noteSeparator(entry.note) + shownText(entry.note)
      let sample = entry.sample == .none ? 0.0 : 26.0
      let noteWidth = TextMeasure.width(note, size: Self.size)
      let name = TextMeasure.shortened(
        shownText(entry.name), to: max(40, min(width - sample - noteWidth, 220)), size: Self.size)
      let needed = sample + TextMeasure.width(name, size: Self.size) + noteWidth + 14
      if left > 0, left + needed - 14 > width {
        left = 0
        line += 1
      }
      let baseline = y + line * Self.lineHeight + 12
      drawSample(entry, x + left, baseline - 4, in: &scene)
      scene.text(name + note, x + left + sample, baseline, size: Self.size)
      left += needed
    }
    return (line + 1) * Self.lineHeight + 4
  }

  private func drawSample(_ entry: Entry, _ x: Double, _ y: Double, in scene: inout Scene) {
    let points = [Scene.Point(x, y), Scene.Point(x + 20, y)]
    let middle = [Scene.Point(x + 10, y)]
    switch entry.sample {
    case .line: scene.line(points, entry.ink, width: 2, dash: Scene.dash(entry.slot))
    case .dashed: scene.line(points, entry.ink, width: 1.2, dash: [4, 3])
    case .point:
      scene.shapes.append(.markers(Scene.marker(entry.slot), middle, size: 6, entry.ink, opacity: 1))
    case .linePoint:
      scene.line(points, entry.ink, width: 2, dash: Scene.dash(entry.slot))
      scene.shapes.append(.markers(Scene.marker(entry.slot), middle, size: 6, entry.ink, opacity: 1))
    case .block: scene.rectangle(x + 4, y - 5, 12, 10, radius: 2, entry.ink, opacity: 0.75)
    case .none: break
    }
  }
}

/// What stands between a curve's name and what is noted of it: `loss 0.21`, but `setosa, area 0.97`.
func noteSeparator(_ note: String) -> String {
  note.first?.isLetter == true ? ", " : " "
}
