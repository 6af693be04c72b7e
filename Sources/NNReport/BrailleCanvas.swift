/// A drawing of dots in braille characters, 2 × 4 dots a character cell, on which each series has its own ink.
struct BrailleCanvas {
  /// In cells.
  let width: Int
  let height: Int
  /// `[series][cell]`: the dots of each series in each cell, as bits of U+2800.
  private var dots: [[UInt8]]

  init(width: Int, height: Int, seriesCount: Int) {
    self.width = width
    self.height = height
    dots = Array(repeating: Array(repeating: 0, count: width * height), count: seriesCount)
  }

  /// In dots.
  var dotWidth: Int { width * 2 }
  var dotHeight: Int { height * 4 }

  /// Sets one dot; x from the left, y from the top, both in dots. What lies outside is left out.
  mutating func set(x: Int, y: Int, series: Int) {
    guard x >= 0, x < dotWidth, y >= 0, y < dotHeight, dots.indices.contains(series) else { return }
    dots[series][y / 4 * width + x / 2] |= Self.bit(column: x % 2, row: y % 4)
  }

  /// Sets the dots of a straight line between two dots, by Bresenham's algorithm.
  ///
  /// - Parameter isKept: says for a dot whether it is drawn, so that a line can be dashed.
  mutating func line(
    from start: (x: Int, y: Int), to end: (x: Int, y: Int), series: Int, where isKept: (Int, Int) -> Bool
  ) {
    let deltaX = abs(end.x - start.x)
    let deltaY = -abs(end.y - start.y)
    let stepX = start.x < end.x ? 1 : -1
    let stepY = start.y < end.y ? 1 : -1
    var (x, y) = start
    var error = deltaX + deltaY
    while true {
      if isKept(x, y) { set(x: x, y: y, series: series) }
      if x == end.x, y == end.y { return }
      let doubled = 2 * error
      if doubled >= deltaY {
        error += deltaY
        x += stepX
      }
      if doubled <= deltaX {
        error += deltaX
        y += stepY
      }
    }
  }

  /// One row of cells as text. A cell that several series touch has all their dots, in the colour of the one
  /// with the most there, the earlier one on a tie. Blanks at the end are left out.
  func row(_ row: Int, isColored: Bool) -> String {
    var runs: [(series: Int?, text: String)] = []
    for column in 0..<width {
      var union: UInt8 = 0
      var owner: Int?
      var most = 0
      for series in dots.indices {
        let bits = dots[series][row * width + column]
        union |= bits
        if bits.nonzeroBitCount > most {
          most = bits.nonzeroBitCount
          owner = series
        }
      }
      let character = union == 0 ? " " : String(UnicodeScalar(0x2800 + UInt32(union)) ?? " ")
      // One escape sequence for neighbours of one colour; a blank has no colour of its own.
      if let last = runs.last, last.series == owner {
        runs[runs.count - 1].text += character
      } else {
        runs.append((owner, character))
      }
    }
    if let last = runs.last, last.series == nil { runs.removeLast() }
    return runs.map { run in
      run.series.map { TerminalStyle.series($0).paint(run.text, if: isColored) } ?? run.text
    }.joined()
  }

  /// The bit of a dot within U+2800…U+28FF: dots 1 2 3 7 run down the left, 4 5 6 8 down the right.
  private static func bit(column: Int, row: Int) -> UInt8 {
    row == 3 ? (column == 0 ? 0x40 : 0x80) : UInt8(1) << UInt8(row + 3 * column)
  }
}
