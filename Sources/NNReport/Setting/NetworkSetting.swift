/// Lays out a network: a box a layer from the top down, what is inside a block within a frame, branches side by side.
struct NetworkSetting {
  private let network: NetworkDrawing
  private let x: Double
  private let y: Double
  private let width: Double

  init(_ network: NetworkDrawing, x: Double, y: Double, width: Double) {
    self.network = network
    self.x = x
    self.y = y
    self.width = width
  }

  private static let boxHeight = 44.0
  private static let arrow = 18.0
  private static let padding = 14.0
  private static let headHeight = 24.0
  /// More layers in a row than that are drawn as their first and their last ones.
  private static let mostLayers = 14
  private static let mostBranches = 4

  /// - Returns: the height that it took.
  func draw(in scene: inout Scene) -> Double {
    let layers = Self.abridged(network.layers)
    let most = layers.flatMap(Self.widths).max() ?? 1
    let room = min(width, 460)
    let left = x + (width - room) / 2
    let height = drawRun(layers, left, y, room, most, in: &scene)
    return height + 4
  }

  /// The first and the last layers of many, with one between that stands for the rest.
  static func abridged(_ layers: [NetworkDrawing.Layer]) -> [NetworkDrawing.Layer] {
    guard layers.count > mostLayers else { return layers }
    let rest = layers[(mostLayers - 6)..<(layers.count - 5)]
    let parameters = rest.reduce(Int?.some(0)) { sum, layer in
      guard let sum, let more = layer.parameters else { return nil }
      return sum + more
    }
    return layers.prefix(mostLayers - 6)
      + [
        NetworkDrawing.Layer(
          "\(formatCount(rest.count)) more layers", width: rest.last?.width, parameters: parameters)
      ] + layers.suffix(5)
  }

  private static func widths(_ layer: NetworkDrawing.Layer) -> [Int] {
    [layer.width ?? 1] + layer.branches.flatMap { $0.flatMap(widths) }
  }

  private func drawRun(
    _ layers: [NetworkDrawing.Layer], _ left: Double, _ top: Double, _ room: Double, _ most: Int,
    in scene: inout Scene
  ) -> Double {
    var place = top
    let middle = left + room / 2
    for (index, layer) in layers.enumerated() {
      if index > 0 {
        drawArrow(middle, place, Self.arrow, in: &scene)
        place += Self.arrow
      }
      place +=
        layer.branches.isEmpty
        ? drawBox(layer, left, place, room, most, in: &scene)
        : drawBlock(layer, left, place, room, most, in: &scene)
    }
    return place - top
  }

  private func drawArrow(_ x: Double, _ y: Double, _ length: Double, in scene: inout Scene) {
    scene.line([.init(x, y + 2), .init(x, y + length - 4)], .frame, width: 1.4)
    scene.shapes.append(
      .area(
        [.init(x - 3.5, y + length - 7), .init(x + 3.5, y + length - 7), .init(x, y + length - 1.5)], .frame,
        opacity: 1))
  }

  private func drawBox(
    _ layer: NetworkDrawing.Layer, _ left: Double, _ top: Double, _ room: Double, _ most: Int,
    in scene: inout Scene
  ) -> Double {
    // A wider layer is a wider box: by the square root, so that 8 beside 512 is still seen.
    let share = (Double(max(layer.width ?? 1, 1)) / Double(max(most, 1))).squareRoot()
    let least = min(room, 170)
    let box = least + (room - least) * share
    let x = left + (room - box) / 2
    scene.rectangle(x, top, box, Self.boxHeight, radius: 6, .series(ink(layer)), opacity: 0.14)
    scene.outline(x, top, box, Self.boxHeight, radius: 6, .series(ink(layer)))
    let title = shownText(layer.name) + (layer.detail.isEmpty ? "" : " · " + shownText(layer.detail))
    scene.text(
      TextMeasure.shortened(title, to: box - 12, size: 13, isBold: true), left + room / 2, top + 18, .middle,
      size: 13, isBold: true)
    let facts = [
      layer.width.map { "\(formatCount($0)) out" },
      layer.parameters.map { $0 == 0 ? "no parameters" : "\(formatCount($0)) parameters" },
    ].compactMap { $0 }.joined(separator: ", ")
    scene.text(
      TextMeasure.shortened(facts, to: box - 8, size: 11), left + room / 2, top + 34, .middle, size: 11,
      .muted)
    return Self.boxHeight
  }

  private func ink(_ layer: NetworkDrawing.Layer) -> Int {
    layer.parameters == 0 ? 6 : 0
  }

  private func drawBlock(
    _ layer: NetworkDrawing.Layer, _ left: Double, _ top: Double, _ room: Double, _ most: Int,
    in scene: inout Scene
  ) -> Double {
    let shown = Array(layer.branches.prefix(Self.mostBranches))
    // On both sides, so that what flows in and out meets the middle of what is in the frame.
    let skip = layer.isResidual ? 24.0 : 0
    let inner = room - 2 * (Self.padding + skip)
    // Too many beside each other for their texts stand below each other.
    let isStacked = inner / Double(max(shown.count, 1)) < 118
    let columns = isStacked ? 1 : max(shown.count, 1)
    let branchWidth = (inner - 10 * Double(columns - 1)) / Double(columns)
    // The frame lies behind what is in it, so its height is found first, on a scene that is thrown away.
    var trial = Scene(width: 0, height: 0, title: "", description: "")
    let heights = shown.map { drawRun(Self.abridged($0), 0, 0, branchWidth, most, in: &trial) }
    let body = isStacked ? heights.reduce(0) { $0 + $1 + 12 } - 12 : heights.max() ?? 0
    let height = Self.headHeight + body + 2 * Self.padding
    scene.rectangle(left, top, room, height, radius: 8, .panel)
    scene.outline(left, top, room, height, radius: 8)
    let rest = layer.branches.count - shown.count
    let title = [
      shownText(layer.name), shownText(layer.detail),
      layer.width.map { "\(formatCount($0)) out" } ?? "",
      layer.parameters.map { "\(formatCount($0)) parameters" } ?? "",
      rest > 0 ? "\(formatCount(rest)) more branches" : "",
    ].filter { !$0.isEmpty }.joined(separator: " · ")
    scene.text(
      TextMeasure.shortened(title, to: room - 20, size: 12, isBold: true), left + 10, top + 17, size: 12,
      isBold: true)
    var place = top + Self.headHeight + Self.padding
    for (index, branch) in shown.enumerated() {
      let across = left + Self.padding + skip + (isStacked ? 0 : Double(index) * (branchWidth + 10))
      _ = drawRun(Self.abridged(branch), across, place, branchWidth, most, in: &scene)
      if isStacked { place += heights[index] + 12 }
    }
    if layer.isResidual {
      // What goes past the block and is added behind it.
      let (from, to) = (top + Self.headHeight + 6, top + height - 8)
      let right = left + room - Self.padding - 8
      let middle = left + room / 2
      scene.line(
        [.init(middle, from), .init(right, from), .init(right, to), .init(middle + 8, to)], .series(1),
        width: 1.6, dash: [5, 3])
      scene.text("+", middle, to + 5, .middle, size: 15, .series(1), isBold: true)
    }
    return height
  }
}
