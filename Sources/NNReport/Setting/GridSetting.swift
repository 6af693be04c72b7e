/// Lays out a table of shades, as a confusion matrix is one.
struct GridSetting {
  private let grid: CellGrid
  private let x: Double
  private let y: Double
  private let width: Double

  init(_ grid: CellGrid, x: Double, y: Double, width: Double) {
    self.grid = grid
    self.x = x
    self.y = y
    self.width = width
  }

  /// - Returns: the height that it took.
  func draw(in scene: inout Scene) -> Double {
    guard !grid.rows.isEmpty, !grid.columns.isEmpty else { return 0 }
    let rowNames = grid.rows.map(shownText)
    let columnNames = grid.columns.map(shownText)
    let widest = rowNames.map { TextMeasure.width($0, size: 12) }.max() ?? 0
    let nameWidth = min(widest, width * 0.3, 140)
    let indent = nameWidth + 8 + 20
    let side = min(max((width - indent) / Double(grid.columns.count), 3), 72)
    // Names stand above their columns; where they are too long for that, upright.
    let longest = columnNames.map { TextMeasure.width($0, size: 12) }.max() ?? 0
    let isUpright = longest > side - 4
    let headHeight = isUpright ? min(longest, 110) + 8 : 18
    let left = x + indent
    let top = y + 20 + headHeight
    let tableWidth = side * Double(grid.columns.count)
    let tableHeight = side * Double(grid.rows.count)
    scene.text(
      TextMeasure.shortened(shownText(grid.columnTitle), to: width - indent, size: 12), left, y + 12,
      size: 12,
      .muted)
    scene.text(
      TextMeasure.shortened(shownText(grid.rowTitle), to: max(tableHeight, 60), size: 12), x + 11,
      top + tableHeight / 2, .middle, size: 12, .muted, isUpright: true)
    let nameSize = min(12, max(side * 0.8, 5))
    for (column, name) in columnNames.enumerated() {
      let middle = left + (Double(column) + 0.5) * side
      if isUpright {
        scene.text(
          TextMeasure.shortened(name, to: headHeight - 8, size: nameSize), middle + nameSize * 0.35, top - 6,
          .start, size: nameSize, isUpright: true)
      } else {
        scene.text(name, middle, top - 6, .middle, size: 12)
      }
    }
    for (row, name) in rowNames.enumerated() {
      let middle = top + (Double(row) + 0.5) * side
      scene.text(
        TextMeasure.shortened(name, to: nameWidth + 1, size: nameSize), left - 8, middle + nameSize * 0.35,
        .end,
        size: nameSize)
      for column in grid.columns.indices {
        drawCell(row, column, left + Double(column) * side, top + Double(row) * side, side, in: &scene)
      }
    }
    scene.outline(left, top, tableWidth, tableHeight)
    var bottom = top + tableHeight + 8
    for line in TextMeasure.wrapped(shownText(grid.key), to: width, size: 11) {
      scene.text(line, x, bottom + 11, size: 11, .muted)
      bottom += 15
    }
    return bottom - y
  }

  private func drawCell(
    _ row: Int, _ column: Int, _ left: Double, _ top: Double, _ side: Double, in scene: inout Scene
  ) {
    let shade = (grid.shade(row, column) * 50).rounded() / 50
    if shade > 0 {
      scene.rectangle(left, top, side, side, .series(0), opacity: 0.06 + 0.94 * shade)
    }
    if side > 12 { scene.outline(left, top, side, side, .grid) }
    let text = grid.text(row, column)
    let size = min(13, side * 0.36)
    guard !text.isEmpty, size >= 6 else { return }
    let fits = TextMeasure.width(text, size: size)
    let shrunk = fits > side - 3 ? size * (side - 3) / fits : size
    guard shrunk >= 5 else { return }
    // Which has the most contrast: the switches are where that changes, on a light and on a dark page.
    let opacity = 0.06 + 0.94 * shade
    let ink: Scene.Ink = opacity > 0.85 ? .page : opacity > 0.63 ? .onShade : .text
    scene.text(
      text, left + side / 2, top + side / 2 + shrunk * 0.36, .middle, size: (shrunk * 10).rounded() / 10,
      ink)
  }
}
