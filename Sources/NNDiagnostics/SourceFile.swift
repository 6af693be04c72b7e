/// A text that diagnostics point into: a script, a line of the shell, an `-e` argument.
public final class SourceFile: Sendable {
  /// The name shown in messages: a path, `<command line>`, `<stdin>` or `<shell>`.
  public let name: String
  /// The text as bytes; every ``Span`` counts in these.
  public let bytes: [UInt8]
  /// The offset of each line's first byte.
  public let lineStarts: [Int]

  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
      starts.append(offset + 1)
    }
    lineStarts = starts
  }

  public convenience init(name: String, text: String) {
    self.init(name: name, bytes: Array(text.utf8))
  }

  /// The text between two offsets, with what is not UTF-8 replaced.
  public func text(_ span: Span) -> String {
    let lower = min(max(span.start, 0), bytes.count)
    let upper = min(max(span.end, lower), bytes.count)
    return String(decoding: bytes[lower..<upper], as: UTF8.self)
  }

  /// The line and column of an offset, both from 1; columns count characters as a reader sees them.
  public func position(of offset: Int) -> SourcePosition {
    let offset = min(max(offset, 0), bytes.count)
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    let start = lineStart(low)
    let before = String(decoding: bytes[start..<max(start, offset)], as: UTF8.self)
    return SourcePosition(line: low + 1, column: before.count + 1)
  }

  /// A line's text without its line end; lines count from 1.
  public func line(_ number: Int) -> String { text(lineRange(number)) }

  /// A line's place without its line end, nor a byte order mark; lines count from 1.
  public func lineRange(_ number: Int) -> Span {
    guard number >= 1, number <= lineStarts.count else { return Span(0, 0) }
    let start = lineStart(number - 1)
    var end = number < lineStarts.count ? lineStarts[number] - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return Span(start, max(start, end))
  }

  /// The offset of a line's first character; lines count from 0. A byte order mark is no character of the text.
  private func lineStart(_ index: Int) -> Int {
    index == 0 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : lineStarts[index]
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
