/// A text that diagnostics point into: a script, a line of the shell, an `-e` argument.
///
/// Every ``Span`` of it counts bytes from ``base``: so the places of several texts that make up one program (a script and
/// what it includes, the lines of a shell) lie beside one another, and a ``SourceMap`` finds the text that one points into.
public final class SourceFile: Sendable {
  /// The name shown in messages: a path, `<command line>`, `<stdin>` or `<shell>`.
  public let name: String
  /// The text as bytes.
  public let bytes: [UInt8]
  /// The place of the first byte; 0 for a text that stands alone.
  public let base: Int
  /// The place of each line's first byte.
  public let lineStarts: [Int]

  public init(name: String, bytes: [UInt8], base: Int = 0) {
    self.name = name
    self.bytes = bytes
    self.base = base
    var starts = [base]
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
      starts.append(base + offset + 1)
    }
    lineStarts = starts
  }

  public convenience init(name: String, text: String, base: Int = 0) {
    self.init(name: name, bytes: Array(text.utf8), base: base)
  }

  /// The place behind the last byte.
  public var end: Int { base + bytes.count }
  /// All of the text.
  public var span: Span { Span(base, end) }

  /// The byte at a place; nil outside of the text.
  public func byte(at place: Int) -> UInt8? {
    place >= base && place < end ? bytes[place - base] : nil
  }

  /// The text between two offsets, with what is not UTF-8 replaced.
  public func text(_ span: Span) -> String {
    let lower = min(max(span.start, base), end)
    let upper = min(max(span.end, lower), end)
    return String(decoding: bytes[lower - base..<upper - base], as: UTF8.self)
  }

  /// The line and column of an offset, both from 1; columns count characters as a reader sees them.
  public func position(of offset: Int) -> SourcePosition {
    let offset = min(max(offset, base), end)
    let line = lineNumber(of: offset)
    let start = min(lineStart(line - 1), offset)
    // Of ASCII a byte is a character, and a line may be long.
    let isASCII = bytes[start - base..<offset - base].allSatisfy { $0 < 0x80 }
    return SourcePosition(
      line: line, column: (isASCII ? offset - start : text(Span(start, offset)).count) + 1)
  }

  /// The line of an offset, from 1.
  public func lineNumber(of offset: Int) -> Int {
    let offset = min(max(offset, base), end)
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// The last place at or before this one at which a scalar begins, so that a text may be cut there.
  func scalarStart(_ place: Int) -> Int {
    var place = place
    while place > base, let byte = byte(at: place), byte & 0xC0 == 0x80 { place -= 1 }
    return place
  }

  /// A line's text without its line end; lines count from 1.
  public func line(_ number: Int) -> String { text(lineRange(number)) }

  /// A line's place without its line end, nor a byte order mark; lines count from 1.
  public func lineRange(_ number: Int) -> Span {
    guard number >= 1, number <= lineStarts.count else { return Span(base, base) }
    let start = lineStart(number - 1)
    var end = number < lineStarts.count ? lineStarts[number] - 1 : self.end
    if end > start, byte(at: end - 1) == UInt8(ascii: "\r") { end -= 1 }
    return Span(start, max(start, end))
  }

  /// The offset of a line's first character; lines count from 0. A byte order mark is no character of the text.
  private func lineStart(_ index: Int) -> Int {
    index == 0 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? base + 3 : lineStarts[index]
  }
}

/// A half-open range of bytes in a ``SourceFile``.
public struct Span: Sendable, Hashable {
  public var start: Int
  public var end: Int

  public init(_ start: Int, _ end: Int) {
    self.start = start
    self.end = end
  }

  /// The smallest span that holds both.
  public func union(_ other: Span) -> Span {
    Span(min(start, other.start), max(end, other.end))
  }
}

/// A place as people name it.
public struct SourcePosition: Sendable, Hashable {
  /// From 1.
  public var line: Int
  /// From 1, in characters.
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}
