import NNData

/// Why a picture could not be written.
public enum PictureError: Error, Sendable, CustomStringConvertible {
  /// The library that draws PNG is not installed.
  case noRenderer(library: String)
  case tooLarge(width: Int, height: Int)
  case failed(String)
  case file(DataError)

  public var description: String {
    switch self {
    case .noRenderer(let library): "PNG is drawn by cairo, and `\(library)` is not installed here"
    case .tooLarge(let width, let height):
      "a picture of \(width) × \(height) pixels is larger than PNG is drawn"
    case .failed(let reason): "the picture could not be drawn: \(reason)"
    case .file(let error): error.description
    }
  }
}

/// The formats of pictures in files, by their endings.
public enum PictureFormat: String, Sendable, CaseIterable {
  case svg = ".svg"
  case png = ".png"
  case html = ".html"
}

extension Picture {
  /// Writes the picture, whole or not at all.
  public func write(
    to path: String, format: PictureFormat, theme: Theme = .auto, width: Double = 800
  ) throws(PictureError) {
    let bytes: [UInt8]
    switch format {
    case .svg: bytes = Array(svg(width: width, theme: theme).utf8)
    case .html: bytes = Array(page(theme: theme, width: width).utf8)
    case .png: bytes = try png(width: width, theme: theme)
    }
    do throws(DataError) {
      let file = try AtomicFile(path: path)
      try file.write(bytes)
      try file.commit()
    } catch {
      throw .file(error)
    }
  }

  /// A page with the picture alone, set for wide and for narrow windows.
  func page(theme: Theme, width: Double) -> String {
    let dark = Theme.dark
    let page = theme == .dark ? dark : theme
    let darkRule =
      theme == .auto
      ? "@media (prefers-color-scheme: dark){body{background:\(dark.color(.page))}}\n" : ""
    return htmlDocument(
      title: shownText(title), theme: theme,
      styles: """
        body{margin:0;background:\(page.color(.page))}
        .wide,.narrow{margin:0 auto;max-width:\(Int(width))px}
        .nn-picture{max-width:100%;height:auto;display:block;margin:0 auto}
        .narrow{display:none}
        @media (max-width:600px){.wide{display:none}.narrow{display:block}}
        \(darkRule)\(SVGWriter.styleSheet(theme))
        """,
      body: """
        <main>
        <div class="wide">\(inlineSVG(width: width, prefix: "wide"))</div>
        <div class="narrow">\(inlineSVG(width: 370, prefix: "narrow"))</div>
        </main>
        """)
  }
}
