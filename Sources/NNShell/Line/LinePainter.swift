import NN

/// Colours a line that readline has drawn, and writes a hint under it: what it gives is to be written to the terminal while the
/// cursor stands at its place in the line, and leaves it there.
///
/// Readline goes on knowing what is on the screen, for nothing but colours changes on its rows. So everything that readline draws by
/// itself (searches, lists, wrapped lines, a resized window) stays right.
public struct LinePainter: Sendable {
  /// The terminal's size.
  public var width: Int
  public var height: Int
  /// Columns of the prompt.
  public var prompt: Int
  /// How many columns a character takes.
  public var columns: @Sendable (Unicode.Scalar) -> Int
  /// Without colours only the hint is written.
  public var usesColors: Bool

  public init(
    width: Int, height: Int, prompt: Int, usesColors: Bool = true,
    columns: @escaping @Sendable (Unicode.Scalar) -> Int
  ) {
    self.width = width
    self.height = height
    self.prompt = prompt
    self.usesColors = usesColors
    self.columns = columns
  }

  /// How a line is to look.
  public struct Look: Sendable {
    public var highlights: [Highlight] = []
    /// Bytes that are shown as a pair.
    public var brackets: [Int] = []
    /// A line for under the text, already of the terminal's width at most; empty for none.
    public var hint = ""

    public init(highlights: [Highlight] = [], brackets: [Int] = [], hint: String = "") {
      self.highlights = highlights
      self.brackets = brackets
      self.hint = hint
    }
  }

  public func layout(_ text: [UInt8]) -> LineLayout {
    LineLayout(prompt: prompt, text: text, width: width, columns: columns)
  }

  /// Whether the line and a hint are on the screen as a whole; else colours are left to readline, which has none.
  public func fits(_ layout: LineLayout) -> Bool { layout.end.row + 1 < height }

  /// - Parameter cursor: the byte that the cursor stands on.
  public func paint(_ text: [UInt8], cursor: Int, look: Look) -> String {
    let layout = layout(text)
    guard fits(layout), layout.places.indices.contains(cursor) else { return "" }
    let place = layout.places[cursor]
    let below = layout.end.row + 1 - place.row
    var output = ""
    // Makes sure that there are rows below, without losing the column.
    if !look.hint.isEmpty {
      output += String(repeating: "\u{1B}D", count: below) + "\u{1B}[\(below)A"
    }
    output += "\u{1B}7"
    if !text.isEmpty, usesColors {
      output += Self.up(place.row - layout.start.row) + "\r" + Self.right(layout.start.column)
      output += colored(text, look, layout)
    }
    if !look.hint.isEmpty {
      output +=
        "\u{1B}8\u{1B}[\(below)B\r" + (usesColors ? "\u{1B}[0;2m" : "") + look.hint
        + (usesColors ? "\u{1B}[0m" : "") + "\u{1B}[K"
    }
    return output + "\u{1B}8"
  }

  /// Colours the line anew from the row behind it, where the cursor is and stays.
  public func repaint(_ text: [UInt8], look: Look) -> String {
    let layout = layout(text)
    guard fits(layout), !text.isEmpty else { return "" }
    return "\u{1B}7" + Self.up(layout.end.row + 1 - layout.start.row) + "\r" + Self.right(layout.start.column)
      + colored(text, look, layout) + "\u{1B}8"
  }

  /// Takes the hint away; the cursor stays.
  public func erase(_ text: [UInt8], cursor: Int) -> String {
    let layout = layout(text)
    guard fits(layout), layout.places.indices.contains(cursor) else { return "" }
    return "\u{1B}7\u{1B}[\(layout.end.row + 1 - layout.places[cursor].row)B\r\u{1B}[K\u{1B}8"
  }

  /// Puts the cursor behind the line.
  public func toEnd(_ text: [UInt8], cursor: Int) -> String {
    let layout = layout(text)
    guard layout.places.indices.contains(cursor) else { return "" }
    let rows = layout.end.row - layout.places[cursor].row
    return (rows > 0 ? "\u{1B}[\(rows)B" : "") + "\r" + Self.right(layout.end.column)
  }

  private static func up(_ count: Int) -> String { count > 0 ? "\u{1B}[\(count)A" : "" }
  private static func right(_ count: Int) -> String { count > 0 ? "\u{1B}[\(count)C" : "" }

  // MARK: Text

  private func colored(_ text: [UInt8], _ look: Look, _ layout: LineLayout) -> String {
    var styles = [String](repeating: "", count: text.count)
    for highlight in look.highlights {
      let code = Self.code(highlight.kind)
      for index in max(
        highlight.span.start, 0)..<max(min(highlight.span.end, text.count), highlight.span.start, 0)
      {
        styles[index] = code
      }
    }
    for bracket in look.brackets where styles.indices.contains(bracket) { styles[bracket] = "1;4;38;5;32" }
    var output = "\u{1B}[0m"
    var current = ""
    var index = 0
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      let style = index < styles.count ? styles[index] : ""
      if style != current {
        output += style.isEmpty ? "\u{1B}[0m" : "\u{1B}[0;\(style)m"
        current = style
      }
      output += shown(scalar, at: index, layout)
      index += UTF8.width(scalar)
    }
    return output + "\u{1B}[0m"
  }

  private func shown(_ scalar: Unicode.Scalar, at index: Int, _ layout: LineLayout) -> String {
    switch scalar.value {
    case 0x0A: return "\r\n"
    case 0x09:
      guard layout.places.indices.contains(index) else { return " " }
      return String(repeating: " ", count: 8 - layout.places[index].column % 8)
    case 0..<0x20: return "^" + String(Unicode.Scalar(UInt8(scalar.value + 0x40)))
    case 0x7F: return "^?"
    default: return String(scalar)
    }
  }

  /// The colours of Okabe and Ito, which the colour-blind can tell apart; red is for what there is not, and underlined for those who do
  /// not see it.
  static func code(_ kind: Highlight.Kind) -> String {
    switch kind {
    case .stage: "1;38;5;32"
    case .layer: "38;5;36"
    case .option: "38;5;74"
    case .name: "38;5;36"
    case .keyword: "38;5;175"
    case .number: "38;5;214"
    case .string: "38;5;178"
    case .variable: "38;5;175"
    case .comment: "2"
    case .mark: ""
    case .unknown: "4;31"
    }
  }
}
