/// The source lines of a span with marks under it, ready to be shown: tabs as blanks, wide characters counted as
/// two cells, control characters visible, long lines cut around the span.
struct Snippet {
  enum Line: Equatable {
    case source(number: Int, text: String)
    case marks(indent: Int, marks: String, label: String?)
    case noteMarks(indent: Int, marks: String, label: String)
    /// Lines left out.
    case gap
  }

  private(set) var lines: [Line] = []

  /// - Parameter width: cells that a line's text may take.
  /// - Parameter notes: further places on the line of the span, to be marked under it.
  init(
    source: SourceFile, span: Span, label: String?, mark: Character, width: Int,
    notes: [(span: Span, message: String)] = []
  ) {
    let first = source.lineNumber(of: span.start)
    let end = max(span.start, span.end)
    var last = source.lineNumber(of: end)
    // A span that ends with a line's end does not reach into the next line.
    if last > first, source.lineStarts[last - 1] >= end { last -= 1 }
    for number in first...last {
      if number != first, number != last {
        if number == first + 1 {
          if last - first > 2 { lines.append(.gap) } else { add(source, number, span, nil, mark, width) }
        }
        continue
      }
      add(source, number, span, number == last ? label : nil, mark, width, number == last ? notes : [])
    }
  }

  private mutating func add(
    _ source: SourceFile, _ number: Int, _ span: Span, _ label: String?, _ mark: Character, _ width: Int,
    _ notes: [(span: Span, message: String)] = []
  ) {
    let range = source.lineRange(number)
    let clippedStart = min(max(span.start, range.start), range.end)
    let clippedEnd = min(max(span.end, clippedStart), range.end)
    // Of a line of a megabyte only what is near is looked at.
    let most = Self.mostBytes(width)
    let farLeft = clippedStart - range.start > most ? source.scalarStart(clippedStart - most) : range.start
    let markedEnd = clippedEnd - clippedStart > most ? source.scalarStart(clippedStart + most) : clippedEnd
    let farRight = range.end - clippedEnd > most ? source.scalarStart(clippedEnd + most) : range.end
    let before = Self.shown(source.text(Span(farLeft, clippedStart)))
    var marked = Self.shown(source.text(Span(clippedStart, markedEnd)))
    let after = markedEnd < clippedEnd ? [] : Self.shown(source.text(Span(clippedEnd, farRight)))
    var indent = before
    // On the later lines of a span the indentation is not worth a mark.
    if span.start < range.start {
      let blanks = marked.prefix { $0 == " " }
      indent += blanks
      marked = Array(marked.dropFirst(blanks.count))
    }
    let window = Self.window(
      indent, marked, after, width, isLeftCut: farLeft > range.start,
      isRightCut: farRight < range.end || markedEnd < clippedEnd)
    lines.append(.source(number: number, text: Self.trimmedEnd(window.text)))
    lines.append(
      .marks(
        indent: window.indent, marks: String(repeating: mark, count: max(1, window.length)), label: label))
    for note in notes {
      let start = min(max(note.span.start, range.start), range.end)
      let end = min(max(note.span.end, start), range.end)
      let indent = Self.cells(Self.shown(source.text(Span(range.start, start))))
      let length = max(1, Self.cells(Self.shown(source.text(Span(start, end)))))
      lines.append(
        .noteMarks(indent: indent, marks: String(repeating: "-", count: length), label: note.message))
    }
  }

  /// Bytes of a line on one side of a place that are enough to fill a width, whatever they show.
  private static func mostBytes(_ width: Int) -> Int { 16 * width }

  /// Whether a note's place can be marked under the same line as the span: both on one line, which fits.
  static func canShare(_ source: SourceFile, _ span: Span, _ note: Span, width: Int) -> Bool {
    let line = source.lineNumber(of: span.start)
    let range = source.lineRange(line)
    return range.end - range.start <= mostBytes(width)
      && [span.end, note.start, note.end].allSatisfy { source.lineNumber(of: $0) == line }
      && cells(shown(source.text(range))) <= width
  }

  private static func shown(_ text: String) -> [Character] {
    Array(VisibleText.expanded(text))
  }

  private static func cells(_ text: some Sequence<Character>) -> Int {
    text.reduce(0) { $0 + displayWidth(of: $1) }
  }

  private static func trimmedEnd(_ text: String) -> String {
    var result = text[...]
    while result.last == " " { result.removeLast() }
    return String(result)
  }

  /// The part of a line that fits, with the marked piece in it as far as possible.
  private static func window(
    _ before: [Character], _ marked: [Character], _ after: [Character], _ width: Int,
    isLeftCut: Bool, isRightCut: Bool
  ) -> (text: String, indent: Int, length: Int) {
    let total = cells(before) + cells(marked) + cells(after)
    if total <= width, !isLeftCut, !isRightCut {
      return (String(before + marked + after), cells(before), cells(marked))
    }
    let ellipsis: Character = "…"
    var left = before
    var middle = marked
    var right = after
    var isLeftCut = isLeftCut
    var isRightCut = isRightCut
    /// What the line takes now, with the dots that show the cuts.
    func taken() -> Int {
      cells(left) + cells(middle) + cells(right) + (isLeftCut ? 1 : 0) + (isRightCut ? 1 : 0)
    }
    let context = width / 3
    if cells(middle) > width - 2 {
      // The marked piece alone is too long: show its beginning.
      let room = max(1, width - min(cells(left), context) - 2)
      middle = prefix(middle, room)
      right = []
      isRightCut = true
    }
    if taken() > width {
      let room = max(0, width - cells(middle) - min(cells(right), context) - 2)
      if cells(left) > room {
        left = suffix(left, room)
        isLeftCut = true
      }
    }
    if taken() > width {
      right = prefix(right, max(0, width - cells(left) - cells(middle) - (isLeftCut ? 2 : 1)))
      isRightCut = true
    }
    let text = (isLeftCut ? [ellipsis] : []) + left + middle + right + (isRightCut ? [ellipsis] : [])
    return (String(text), cells(left) + (isLeftCut ? 1 : 0), cells(middle))
  }

  private static func prefix(_ text: [Character], _ room: Int) -> [Character] {
    var used = 0
    return Array(
      text.prefix { character in
        used += displayWidth(of: character)
        return used <= room
      })
  }

  private static func suffix(_ text: [Character], _ room: Int) -> [Character] {
    Array(prefix(text.reversed(), room).reversed())
  }
}
