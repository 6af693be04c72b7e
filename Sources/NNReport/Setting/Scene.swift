/// A picture after it was laid out: shapes at their places, from the back to the front, in pixels from the upper left corner.
/// What the SVG and the PNG back end have in common; neither decides where anything stands.
struct Scene: Equatable {
  struct Point: Equatable {
    var x: Double
    var y: Double

    init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// What a colour is for; a theme says which it is.
  enum Ink: Hashable {
    /// The page, and what is written on the strongest shades.
    case page
    /// What is written on shades of middle strength: on both themes' the dark one reads better.
    case onShade
    case text
    case muted
    case grid
    case frame
    /// The area behind layers of a network.
    case panel
    case series(Int)

    /// The index of a series within the palette.
    var slot: Int? { if case .series(let slot) = self { slot % Theme.seriesCount } else { nil } }
  }

  enum Anchor: Equatable { case start, middle, end }

  enum Marker: Equatable, CaseIterable { case dot, square, triangle, diamond, cross }

  enum Shape: Equatable {
    case rectangle(x: Double, y: Double, width: Double, height: Double, radius: Double, Ink, opacity: Double)
    case outline(x: Double, y: Double, width: Double, height: Double, radius: Double, Ink)
    case line([Point], Ink, width: Double, dash: [Double], opacity: Double)
    case area([Point], Ink, opacity: Double)
    case markers(Marker, [Point], size: Double, Ink, opacity: Double)
    case text(String, at: Point, Anchor, size: Double, Ink, isBold: Bool, isUpright: Bool)
  }

  var width: Double
  var height: Double
  var shapes: [Shape] = []
  /// For those who cannot see it.
  var title: String
  var description: String

  mutating func text(
    _ text: String, _ x: Double, _ y: Double, _ anchor: Anchor = .start, size: Double = 12,
    _ ink: Ink = .text,
    isBold: Bool = false, isUpright: Bool = false
  ) {
    guard !text.isEmpty else { return }
    shapes.append(
      .text(
        text, at: Point(x, y), anchor, size: size, ink, isBold: isBold, isUpright: isUpright))
  }

  mutating func line(
    _ points: [Point], _ ink: Ink, width: Double = 1, dash: [Double] = [], opacity: Double = 1
  ) {
    guard points.count > 1 else { return }
    shapes.append(.line(points, ink, width: width, dash: dash, opacity: opacity))
  }

  mutating func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, radius: Double = 0, _ ink: Ink,
    opacity: Double = 1
  ) {
    guard width > 0, height > 0 else { return }
    shapes.append(
      .rectangle(x: x, y: y, width: width, height: height, radius: radius, ink, opacity: opacity))
  }

  mutating func outline(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, radius: Double = 0, _ ink: Ink = .frame
  ) {
    shapes.append(.outline(x: x, y: y, width: width, height: height, radius: radius, ink))
  }

  /// The line pattern of a series, so that series can be told apart without colours.
  static func dash(_ slot: Int) -> [Double] {
    let patterns: [[Double]] = [[], [6, 3], [2, 2.5], [9, 3, 2, 3], [12, 4], [4, 2, 1, 2], [1, 3]]
    return patterns[slot % patterns.count]
  }

  static func marker(_ slot: Int) -> Marker { Marker.allCases[slot % Marker.allCases.count] }
}
