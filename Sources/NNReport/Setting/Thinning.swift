/// Fewer points where more would be drawn than can be told apart: the same ones on every machine.
enum Thinning {
  /// A line in columns of pixels: of each column the first, the least, the greatest and the last point, in their order, so that a
  /// single bad epoch cannot vanish. `nil` stands for a gap.
  static func line(_ points: [Scene.Point?], left: Double, width: Double) -> [Scene.Point?] {
    let columns = max(1, Int(width))
    guard points.count > columns * 4 else { return points }
    var result: [Scene.Point?] = []
    var start = 0
    while start < points.count {
      guard let first = points[start] else {
        if result.last != .some(nil) { result.append(nil) }
        start += 1
        continue
      }
      let column = Int(((first.x - left) / width * Double(columns)).rounded(.down))
      var end = start + 1
      var (low, high) = (start, start)
      while end < points.count, let point = points[end],
        Int(((point.x - left) / width * Double(columns)).rounded(.down)) == column
      {
        if let lowest = points[low], point.y < lowest.y { low = end }
        if let highest = points[high], point.y > highest.y { high = end }
        end += 1
      }
      for place in Set([start, low, high, end - 1]).sorted() { result.append(points[place]) }
      start = end
    }
    return result
  }

  /// The most marks that are drawn one by one.
  static let mostMarks = 3_000

  /// How many points fall on each square of a plot: `[row × column]`, from the upper left.
  static func squares(
    _ points: [Scene.Point], left: Double, top: Double, width: Double, height: Double, side: Double
  ) -> (columns: Int, rows: Int, counts: [Int]) {
    let columns = max(1, Int((width / side).rounded(.up)))
    let rows = max(1, Int((height / side).rounded(.up)))
    var counts = [Int](repeating: 0, count: columns * rows)
    for point in points {
      let column = min(max(Int((point.x - left) / side), 0), columns - 1)
      let row = min(max(Int((point.y - top) / side), 0), rows - 1)
      counts[row * columns + column] += 1
    }
    return (columns, rows, counts)
  }
}
