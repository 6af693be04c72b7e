import Foundation
import NNDiagnostics
import NNReport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Each kind of picture as a terminal of 40, 80 and 120 columns and as SVG has it, in Golden/. `NN_UPDATE_CASES=1` writes them anew;
/// read the difference, and look at the SVG.
@Suite struct PictureGoldenTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Golden")
  private static let isUpdating = ProcessInfo.processInfo.environment["NN_UPDATE_CASES"] == "1"

  private func compare(_ text: String, _ name: String) throws {
    let file = Self.folder.appendingPathComponent(name)
    if Self.isUpdating { try Data(text.utf8).write(to: file) }
    let expected = try? String(contentsOf: file, encoding: .utf8)
    #expect(text == expected, "\(name) is another one now")
  }

  @Test(arguments: PictureSamples.all.map(\.name)) func isAsItWas(_ name: String) throws {
    let picture = try #require(PictureSamples.all.first { $0.name == name }?.picture)
    for width in [40, 80, 120] {
      let text = picture.terminal(width: width)
      for line in text.split(separator: "\n") {
        #expect(displayWidth(of: String(line)) <= width, "\(name) at \(width): \(line)")
      }
      #expect(!text.contains("\u{1B}"))
      try compare(text + "\n", "\(name).\(width).txt")
    }
    // Colours change nothing but the colours, and how series are told apart.
    #expect(!picture.terminal(width: 80, isColored: true).isEmpty)
    try compare(picture.svg(), "\(name).svg")
  }

  /// Nil where cairo is not installed.
  private func bytes(of picture: Picture, _ theme: Theme) throws -> [UInt8]? {
    do {
      return try picture.png(width: 400, theme: theme)
    } catch PictureError.noRenderer {
      return nil
    }
  }

  /// Each shape that a picture can have goes through cairo, where it is installed.
  @Test(arguments: PictureSamples.all.map(\.name)) func drawsAsPNG(_ name: String) throws {
    let picture = try #require(PictureSamples.all.first { $0.name == name }?.picture)
    var sizes: Set<[UInt8]> = []
    var pictures: Set<[UInt8]> = []
    for theme in [Theme.light, .dark] {
      guard let bytes = try bytes(of: picture, theme) else { return }
      #expect(bytes.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
      #expect(bytes.suffix(8) == [0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82], "no IEND at the end")
      // IHDR's width, two pixels for each that was asked for, and height.
      #expect(bytes[16..<20] == [0, 0, 3, 0x20])
      sizes.insert(Array(bytes[20..<24]))
      pictures.insert(bytes)
    }
    #expect(sizes.count == 1 && pictures.count == 2)
  }

  @Test(arguments: PictureSamples.all.map(\.name)) func svgIsWellFormedAndSaysWhatItShows(_ name: String)
    throws
  {
    let picture = try #require(PictureSamples.all.first { $0.name == name }?.picture)
    for width in [240.0, 370, 800, 4_000] {
      for theme in Theme.allCases {
        let reader = SVGReader(picture.svg(width: width, theme: theme))
        #expect(reader.isWellFormed, "\(name) at \(width)")
        #expect(reader.root == "svg")
        #expect(reader.counts["title"] == 1 && reader.counts["desc"] == 1)
        #expect(reader.counts["script"] == nil)
        #expect(reader.numbersAreFinite)
      }
    }
    #expect(picture.description.last == ".", "\(picture.description)")
  }

  /// Nothing is drawn outside of the picture.
  @Test(arguments: PictureSamples.all.map(\.name)) func everythingLiesWithin(_ name: String) throws {
    let picture = try #require(PictureSamples.all.first { $0.name == name }?.picture)
    for width in [240.0, 370, 800] {
      let reader = SVGReader(picture.svg(width: width))
      for place in reader.places {
        #expect(
          place.x >= -1 && place.x <= reader.width + 1 && place.y >= -1 && place.y <= reader.height + 1,
          "\(name) at \(width): \(place)")
      }
    }
  }

  @Test func aMillionPointsAreCountedInSquares() {
    let picture = Picture.predictions([PictureSamples.agreement(1_000_000)], subtitle: "1,000,000 rows")
    let svg = picture.svg()
    #expect(svg.utf8.count < 400_000, "\(svg.utf8.count) bytes")
    #expect(svg == picture.svg())
    #expect(SVGReader(svg).isWellFormed)
    #expect(picture.terminal(width: 80).utf8.count < 10_000)
  }

  @Test func aThousandClassesAreGathered() {
    let size = 1_000
    let counts = (0..<size * size).map { $0 / size == $0 % size ? 5 : 0 }
    let picture = Picture.confusion(
      classes: (0..<size).map { "class \($0)" }, counts: counts, target: "kind", subtitle: "5,000 rows")
    #expect(picture.svg().contains("977 others"))
    #expect(picture.description.contains("5,000 of 5,000 rows on the diagonal"))
    let curves = Picture.roc(
      PictureSamples.outcomes((0..<size).map { "class \($0)" }, 2_000), subtitle: "2,000 rows")
    #expect(curves.svg().utf8.count < 300_000)
  }

  @Test func areasAreThoseOfScikitLearn() {
    // roc_auc_score and average_precision_score of scikit-learn 1.7 on the same numbers.
    let scores: [Float] = [0.1, 0.4, 0.35, 0.8, 0.4, 0.7, 0.2, 0.9]
    let truth = [false, false, true, true, true, false, false, true]
    let curve = RankCurve(scores: scores, isPositive: truth)
    #expect(abs((curve.rocArea ?? 0) - 0.78125) < 1e-12)
    #expect(abs((curve.averagePrecision ?? 0) - 0.8166666666666667) < 1e-12)
    #expect(RankCurve(scores: [1, 2], isPositive: [true, true]).rocArea == nil)
    #expect(RankCurve(scores: [.nan, 2, 1], isPositive: [true, true, false]).rocArea == 1)
    #expect(RankCurve(scores: [1, 1], isPositive: [true, false]).rocArea == 0.5)
  }

  @Test func calibrationErrorIsWeighedByRows() {
    let outcomes = ClassOutcomes(
      classes: ["no", "yes"], truth: [0, 1, 1, 1], scores: [0.75, 0.25, 0.75, 0.25, 0.05, 0.95, 0.05, 0.95])
    // 2 rows at 0.25 of which half are yes, 2 at 0.95 which all are.
    #expect(abs(Reliability(outcomes).error - (0.25 * 0.5 + 0.05 * 0.5)) < 1e-6)
  }

  @Test func textsHaveTheContrastThatTheyShould() {
    for theme in [Theme.light, .dark] {
      let page = contrastParts(theme, "page")
      for ink in ["text", "muted"] {
        #expect(contrast(contrastParts(theme, ink), page) >= 4.5, "\(ink) \(theme)")
      }
      for slot in 0..<7 {
        #expect(contrast(contrastParts(theme, "s\(slot)"), page) >= 3, "series \(slot) \(theme)")
      }
    }
  }

  /// A colour from the style sheet that pages get.
  private func contrastParts(_ theme: Theme, _ ink: String) -> [Double] {
    let sheet = pictureStyles(theme)
    guard let rule = sheet.range(of: ".f-\(ink){fill:#"),
      let value = UInt32(sheet[rule.upperBound...].prefix(6), radix: 16)
    else { return [] }
    return [16, 8, 0].map { Double(value >> $0 & 0xFF) / 255 }
  }

  /// WCAG 2.2, contrast ratio.
  private func contrast(_ first: [Double], _ second: [Double]) -> Double {
    func luminance(_ parts: [Double]) -> Double {
      zip(parts, [0.2126, 0.7152, 0.0722]).reduce(0) { sum, part in
        sum + part.1 * (part.0 <= 0.03928 ? part.0 / 12.92 : pow((part.0 + 0.055) / 1.055, 2.4))
      }
    }
    let (a, b) = (luminance(first), luminance(second))
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }
}

/// An SVG as a parser of XML sees it.
private final class SVGReader: NSObject, XMLParserDelegate {
  private(set) var isWellFormed = false
  private(set) var root: String?
  private(set) var counts: [String: Int] = [:]
  private(set) var numbersAreFinite = true
  private(set) var width = 0.0
  private(set) var height = 0.0
  private(set) var places: [(x: Double, y: Double)] = []

  init(_ text: String) {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    isWellFormed = parser.parse()
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String] = [:]
  ) {
    if root == nil {
      root = name
      width = attributes["width"].flatMap(Double.init) ?? 0
      height = attributes["height"].flatMap(Double.init) ?? 0
    }
    counts[name, default: 0] += 1
    for value in attributes.values where value.contains("nan") || value.contains("inf") {
      numbersAreFinite = false
    }
    guard name != "svg" else { return }
    if let x = attributes["x"].flatMap(Double.init), let y = attributes["y"].flatMap(Double.init) {
      places.append((x, y))
      if let w = attributes["width"].flatMap(Double.init), let h = attributes["height"].flatMap(Double.init) {
        places.append((x + w, y + h))
      }
    }
    // The absolute places of a path.
    for match in (attributes["d"] ?? "").matches(of: #/[ML](-?[0-9.]+) (-?[0-9.]+)/#) {
      if let x = Double(match.output.1), let y = Double(match.output.2) { places.append((x, y)) }
    }
  }
}
