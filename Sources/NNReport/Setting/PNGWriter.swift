/// A scene as PNG, drawn by cairo at two pixels for each of the scene's, as sharp screens show them. Texts are in the machine's
/// sans-serif font; where no font is installed, in the plain one that cairo brings.
struct PNGWriter {
  let scene: Scene
  let theme: Theme

  private static let scale = 2.0
  /// What cairo's image surfaces take; and larger pictures are nobody's.
  private static let mostPixels = 30_000

  func bytes() throws(PictureError) -> [UInt8] {
    guard let cairo = Cairo.shared else { throw .noRenderer(library: Cairo.libraryName) }
    let width = (scene.width * Self.scale).rounded(.up)
    let height = (scene.height * Self.scale).rounded(.up)
    guard width >= 1, height >= 1, width <= Double(Self.mostPixels), height <= Double(Self.mostPixels) else {
      throw .tooLarge(width: Int(width.isFinite ? width : 0), height: Int(min(height, 1e9)))
    }
    // CAIRO_FORMAT_RGB24
    let surface = cairo.makeSurface(1, Int32(width), Int32(height))
    defer { cairo.destroySurface(surface) }
    try check(cairo.surfaceStatus(surface), cairo)
    let context = cairo.makeContext(surface)
    defer { cairo.destroyContext(context) }
    cairo.scale(context, Self.scale, Self.scale)
    setInk(.page, 1, cairo, context)
    cairo.paint(context)
    for shape in scene.shapes { draw(shape, cairo, context) }
    try check(cairo.status(context), cairo)

    let sink = ByteSink()
    let status = cairo.writePNG(
      surface,
      { closure, data, count in
        guard let closure, let data else { return 0 }
        // SAFETY: `closure` is the sink below, which outlives the call; cairo gives `count` bytes behind `data`.
        Unmanaged<ByteSink>.fromOpaque(closure).takeUnretainedValue().bytes
          .append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
        return 0
      }, Unmanaged.passUnretained(sink).toOpaque())
    // Alive until cairo has written all.
    let bytes = withExtendedLifetime(sink) { $0.bytes }
    try check(status, cairo)
    return bytes
  }

  private final class ByteSink {
    var bytes: [UInt8] = []
  }

  private func check(_ status: Int32, _ cairo: Cairo) throws(PictureError) {
    guard status != 0 else { return }
    // SAFETY: cairo gives a constant text that ends with a NUL.
    throw .failed(cairo.statusText(status).map { String(cString: $0) } ?? "status \(status)")
  }

  private func extents(of text: String, _ cairo: Cairo, _ context: Cairo.Context?) -> Cairo.Extents {
    var extents = Cairo.Extents()
    // SAFETY: the struct has cairo_text_extents_t's six doubles, and lives through the call.
    withUnsafeMutableBytes(of: &extents) { cairo.textExtents(context, text, $0.baseAddress) }
    return extents
  }

  private func setInk(_ ink: Scene.Ink, _ opacity: Double, _ cairo: Cairo, _ context: Cairo.Context?) {
    let color = theme.components(ink)
    cairo.setColor(context, color.red, color.green, color.blue, opacity)
  }

  private func draw(_ shape: Scene.Shape, _ cairo: Cairo, _ context: Cairo.Context?) {
    cairo.newPath(context)
    switch shape {
    case .rectangle(let x, let y, let width, let height, let radius, let ink, let opacity):
      setInk(ink, opacity, cairo, context)
      box(x, y, width, height, radius, cairo, context)
      cairo.fill(context)
    case .outline(let x, let y, let width, let height, let radius, let ink):
      setInk(ink, 1, cairo, context)
      cairo.setWidth(context, 1)
      cairo.setDash(context, nil, 0, 0)
      box(x, y, width, height, radius, cairo, context)
      cairo.stroke(context)
    case .line(let points, let ink, let width, let dash, let opacity):
      setInk(ink, opacity, cairo, context)
      cairo.setWidth(context, width)
      cairo.setCap(context, 0)
      cairo.setJoin(context, 1)
      cairo.setDash(context, dash, Int32(dash.count), 0)
      path(points, cairo, context)
      cairo.stroke(context)
      cairo.setDash(context, nil, 0, 0)
    case .area(let points, let ink, let opacity):
      setInk(ink, opacity, cairo, context)
      path(points, cairo, context)
      cairo.closePath(context)
      cairo.fill(context)
    case .markers(let marker, let points, let size, let ink, let opacity):
      setInk(ink, opacity, cairo, context)
      for point in points { mark(marker, point, size, cairo, context) }
      if marker == .cross {
        cairo.setWidth(context, 1.5)
        cairo.stroke(context)
      } else {
        cairo.fill(context)
      }
    case .text(let text, let at, let anchor, let size, let ink, let isBold, let isUpright):
      write(text, at, anchor, size, ink, isBold, isUpright, cairo, context)
    }
  }

  private func box(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ radius: Double, _ cairo: Cairo,
    _ context: Cairo.Context?
  ) {
    guard radius > 0 else {
      cairo.rectangle(context, x, y, width, height)
      return
    }
    let quarter = Double.pi / 2
    let r = min(radius, width / 2, height / 2)
    cairo.arc(context, x + width - r, y + r, r, -quarter, 0)
    cairo.arc(context, x + width - r, y + height - r, r, 0, quarter)
    cairo.arc(context, x + r, y + height - r, r, quarter, 2 * quarter)
    cairo.arc(context, x + r, y + r, r, 2 * quarter, 3 * quarter)
    cairo.closePath(context)
  }

  private func path(_ points: [Scene.Point], _ cairo: Cairo, _ context: Cairo.Context?) {
    for (index, point) in points.enumerated() {
      if index == 0 {
        cairo.moveTo(context, point.x, point.y)
      } else {
        cairo.lineTo(context, point.x, point.y)
      }
    }
  }

  private func mark(
    _ marker: Scene.Marker, _ point: Scene.Point, _ size: Double, _ cairo: Cairo, _ context: Cairo.Context?
  ) {
    let half = size / 2
    let (x, y) = (point.x, point.y)
    switch marker {
    case .dot:
      cairo.moveTo(context, x + half, y)
      cairo.arc(context, x, y, half, 0, 2 * Double.pi)
    case .square: cairo.rectangle(context, x - half, y - half, size, size)
    case .triangle:
      cairo.moveTo(context, x, y - half)
      cairo.lineTo(context, x + half, y + half)
      cairo.lineTo(context, x - half, y + half)
      cairo.closePath(context)
    case .diamond:
      let arm = half * 1.2
      cairo.moveTo(context, x, y - arm)
      cairo.lineTo(context, x + arm, y)
      cairo.lineTo(context, x, y + arm)
      cairo.lineTo(context, x - arm, y)
      cairo.closePath(context)
    case .cross:
      cairo.moveTo(context, x - half, y - half)
      cairo.lineTo(context, x + half, y + half)
      cairo.moveTo(context, x + half, y - half)
      cairo.lineTo(context, x - half, y + half)
    }
  }

  private func write(
    _ text: String, _ at: Scene.Point, _ anchor: Scene.Anchor, _ size: Double, _ ink: Scene.Ink,
    _ isBold: Bool,
    _ isUpright: Bool, _ cairo: Cairo, _ context: Cairo.Context?
  ) {
    setInk(ink, 1, cairo, context)
    cairo.selectFont(context, "sans-serif", 0, isBold ? 1 : 0)
    cairo.setFontSize(context, size)
    let advance = anchor == .start ? 0 : extents(of: text, cairo, context).xAdvance
    let shift = anchor == .middle ? advance / 2 : advance
    cairo.save(context)
    cairo.translate(context, at.x, at.y)
    if isUpright { cairo.rotate(context, -Double.pi / 2) }
    cairo.moveTo(context, -shift, 0)
    cairo.showText(context, text)
    cairo.restore(context)
  }
}

extension Picture {
  /// The picture as PNG, with two pixels for each of its width's.
  ///
  /// - Parameter theme: a PNG cannot follow its reader, so ``Theme/auto`` is light.
  public func png(width: Double = 800, theme: Theme = .light) throws(PictureError) -> [UInt8] {
    try PNGWriter(scene: SceneBuilder(self, width: width).build(), theme: theme).bytes()
  }
}
