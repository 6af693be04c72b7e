/// A scene as SVG 1.1: text stays text, colours are classes of a style sheet, so that the page's theme can be followed.
struct SVGWriter {
  let scene: Scene
  let theme: Theme
  /// For a page that brings ``styleSheet(_:)`` itself, and may hold many pictures: what goes in front of ids.
  var inlinePrefix: String?

  static let fonts =
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', Arial, sans-serif"

  func text() -> String {
    let (width, height) = (number(scene.width), number(scene.height))
    let prefix = inlinePrefix ?? "nn"
    var out =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"nn-picture\" viewBox=\"0 0 \(width) \(height)\" width=\"\(width)\""
      + " height=\"\(height)\" role=\"img\" aria-labelledby=\"\(prefix)-title \(prefix)-text\">\n"
    out += "<title id=\"\(prefix)-title\">\(Self.escaped(scene.title))</title>\n"
    out += "<desc id=\"\(prefix)-text\">\(Self.escaped(scene.description))</desc>\n"
    if inlinePrefix == nil {
      out += "<style>\n\(Self.styleSheet(theme))</style>\n"
      out += "<rect class=\"f-page\" width=\"100%\" height=\"100%\"/>\n"
    }
    for shape in scene.shapes { out += element(shape) + "\n" }
    return out + "</svg>\n"
  }

  /// The classes of all inks: fills, lines, and the dark ones where the reader's system asks for them.
  static func styleSheet(_ theme: Theme) -> String {
    let base =
      ".nn-picture text{font-family:\(fonts);font-size:12px}\n.nn-picture .b{font-weight:600}\n"
      + ".nn-picture .l{fill:none;stroke-linejoin:round;stroke-linecap:butt}\n.nn-picture .d{stroke-linecap:round}\n"
    let rules = rules(theme)
    guard theme == .auto else { return base + rules }
    return base + rules + "@media (prefers-color-scheme: dark){\n" + Self.rules(.dark) + "}\n"
  }

  private static func rules(_ theme: Theme) -> String {
    inks.map { name, ink in
      let color = theme.color(ink)
      return ".nn-picture .f-\(name){fill:\(color)}.nn-picture .l-\(name){stroke:\(color)}\n"
    }.joined()
  }

  private static let inks: [(String, Scene.Ink)] =
    [
      ("page", .page), ("shade", .onShade), ("text", .text), ("muted", .muted), ("grid", .grid),
      ("frame", .frame),
      ("panel", .panel),
    ] + (0..<Theme.seriesCount).map { ("s\($0)", .series($0)) }

  private func name(_ ink: Scene.Ink) -> String {
    switch ink {
    case .page: "page"
    case .onShade: "shade"
    case .text: "text"
    case .muted: "muted"
    case .grid: "grid"
    case .frame: "frame"
    case .panel: "panel"
    case .series(let slot): "s\(slot % Theme.seriesCount)"
    }
  }

  private func element(_ shape: Scene.Shape) -> String {
    switch shape {
    case .rectangle(let x, let y, let width, let height, let radius, let ink, let opacity):
      return "<rect class=\"f-\(name(ink))\"" + box(x, y, width, height, radius)
        + attribute("fill-opacity", opacity, unless: 1) + "/>"
    case .outline(let x, let y, let width, let height, let radius, let ink):
      return "<rect class=\"l l-\(name(ink))\"" + box(x, y, width, height, radius) + "/>"
    case .line(let points, let ink, let width, let dash, let opacity):
      let dashes = dash.isEmpty ? "" : " stroke-dasharray=\"\(dash.map(number).joined(separator: " "))\""
      return "<path class=\"l l-\(name(ink))\" d=\"\(path(points))\""
        + attribute("stroke-width", width, unless: 1)
        + dashes + attribute("stroke-opacity", opacity, unless: 1) + "/>"
    case .area(let points, let ink, let opacity):
      return "<path class=\"f-\(name(ink))\" d=\"\(path(points))Z\""
        + attribute("fill-opacity", opacity, unless: 1)
        + "/>"
    case .markers(let marker, let points, let size, let ink, let opacity):
      return markers(marker, points, size, ink, opacity)
    case .text(let text, let at, let anchor, let size, let ink, let isBold, let isUpright):
      let place =
        isUpright
        ? " transform=\"translate(\(number(at.x)) \(number(at.y))) rotate(-90)\""
        : " x=\"\(number(at.x))\" y=\"\(number(at.y))\""
      let anchors: [Scene.Anchor: String] = [
        .middle: " text-anchor=\"middle\"", .end: " text-anchor=\"end\"",
      ]
      return "<text class=\"\(isBold ? "b " : "")f-\(name(ink))\"" + place + (anchors[anchor] ?? "")
        + (size == 12 ? "" : " style=\"font-size:\(number(size))px\"") + ">\(Self.escaped(text))</text>"
    }
  }

  private func box(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ radius: Double) -> String {
    " x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" height=\"\(number(height))\""
      + attribute("rx", radius, unless: 0)
  }

  /// All of one kind in one path, which keeps thousands of them small.
  private func markers(
    _ marker: Scene.Marker, _ points: [Scene.Point], _ size: Double, _ ink: Scene.Ink, _ opacity: Double
  ) -> String {
    let half = size / 2
    let commands = points.map { point -> String in
      let (x, y) = (point.x, point.y)
      switch marker {
      case .dot: return "M\(number(x)) \(number(y))h.01"
      case .square:
        return "M\(number(x - half)) \(number(y - half))h\(number(size))v\(number(size))h-\(number(size))z"
      case .triangle:
        return "M\(number(x)) \(number(y - half))l\(number(half)) \(number(size))h-\(number(size))z"
      case .diamond:
        let arm = number(half * 1.2)
        return "M\(number(x)) \(number(y - half * 1.2))l\(arm) \(arm)l-\(arm) \(arm)l-\(arm) -\(arm)z"
      case .cross:
        return
          "M\(number(x - half)) \(number(y - half))l\(number(size)) \(number(size))m0 -\(number(size))l-\(number(size)) \(number(size))"
      }
    }.joined()
    switch marker {
    case .dot:
      return "<path class=\"l d l-\(name(ink))\" d=\"\(commands)\" stroke-width=\"\(number(size))\""
        + attribute("stroke-opacity", opacity, unless: 1) + "/>"
    case .cross:
      return "<path class=\"l l-\(name(ink))\" d=\"\(commands)\" stroke-width=\"1.5\""
        + attribute("stroke-opacity", opacity, unless: 1) + "/>"
    default:
      return "<path class=\"f-\(name(ink))\" d=\"\(commands)\""
        + attribute("fill-opacity", opacity, unless: 1)
        + "/>"
    }
  }

  private func path(_ points: [Scene.Point]) -> String {
    points.enumerated().map {
      ($0.offset == 0 ? "M" : "L") + number($0.element.x) + " " + number($0.element.y)
    }
    .joined()
  }

  private func attribute(_ name: String, _ value: Double, unless usual: Double) -> String {
    value == usual ? "" : " \(name)=\"\(number(value))\""
  }

  /// To a hundredth of a pixel, which is finer than is seen and the same on every machine.
  private func number(_ value: Double) -> String {
    DecimalDigits(shortest: value).rounded(decimals: 2).fixed(decimals: nil)
  }

  /// Text between tags or in an attribute. What XML 1.0 cannot hold at all becomes U+FFFD.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      case _ where scalar.value < 0x20 || (0xFFFE...0xFFFF).contains(scalar.value): result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension Picture {
  /// The picture as SVG.
  ///
  /// - Parameters:
  ///   - width: in pixels; the height follows from what is shown. Below some 600 panels stand below each other.
  ///   - theme: ``Theme/auto`` follows the reader's system.
  public func svg(width: Double = 800, theme: Theme = .auto) -> String {
    SVGWriter(scene: SceneBuilder(self, width: width).build(), theme: theme).text()
  }

  /// The same for a place in a page that holds ``pictureStyles(_:)``; its ids begin with a prefix of its own.
  /// - Parameter isTitled: draws title and subtitle, where the page does not say them itself.
  public func inlineSVG(width: Double, prefix: String, isTitled: Bool = true) -> String {
    let scene = SceneBuilder(self, width: width, isTitled: isTitled).build()
    return SVGWriter(scene: scene, theme: .auto, inlinePrefix: prefix).text()
  }
}

/// The style sheet of inline pictures.
public func pictureStyles(_ theme: Theme = .auto) -> String { SVGWriter.styleSheet(theme) }
