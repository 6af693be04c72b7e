/// Colours and weights for a terminal, by the escape sequences of ECMA-48.
enum TerminalStyle: Sendable {
  case bold
  case dim
  /// A colour for the series of a plot, counted from 0.
  case series(Int)

  /// Blue, orange, green, vermilion, purple: the palette of Okabe and Ito, which the colour-blind can tell
  /// apart, as the nearest of the 256 terminal colours.
  private static let palette = [32, 214, 36, 166, 175]

  private var code: String {
    switch self {
    case .bold: "1"
    case .dim: "2"
    case .series(let index): "38;5;\(Self.palette[abs(index % Self.palette.count)])"
    }
  }

  /// The text in this style, or as it is.
  func paint(_ text: String, if isColored: Bool) -> String {
    isColored && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
