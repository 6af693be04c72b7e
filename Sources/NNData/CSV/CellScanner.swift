#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// One cell as it stands in the window.
struct CellToken {
  enum Ending {
    case separator, record
    /// The window ends within the cell, and the file does not.
    case needMore
    case unclosedQuote, textAfterQuote
  }

  /// The content, blanks and quotes around it left out.
  var start: Int
  var end: Int
  /// Where the next cell, or the next row, begins.
  var next: Int
  var ending: Ending
  var isQuoted: Bool { quote != 0 }
  /// What it is quoted with; 0 where it is not.
  var quote: UInt8 = 0
  /// Whether the content holds doubled quotes.
  var hasDoubledQuotes = false
  /// Line ends inside quotes.
  var lineEnds = 0
}

/// Finds the ends of cells, by RFC 4180 with what files in the wild add: LF, CRLF or a lone CR ends a row,
/// blanks around a cell do not belong to it unless quoted, and a quote inside an unquoted cell is a character.
struct CellScanner: Sendable {
  let separator: UInt8
  /// What a quoted cell begins and ends with; 0, which no text holds, where no cell is quoted.
  let quote: UInt8
  /// No cell may be longer.
  static let fieldLimit = 1 << 20

  /// The cell that starts at `start`.
  ///
  /// - Parameters:
  ///   - base: the window's bytes, with a line feed at `end`.
  ///   - isFinal: whether the file ends at `end`.
  func cell(
    in base: UnsafePointer<UInt8>, from start: Int, to end: Int, isFinal: Bool
  ) -> CellToken {
    // SAFETY: every index read here is at most `end`, where the sentinel stops the loops: a line feed is
    // neither a blank nor a separator.
    var first = start
    while isBlank(base[first]) { first &+= 1 }
    if base[first] == quote, first < end {
      return quotedCell(in: base, from: first, to: end, isFinal: isFinal)
    }
    var index = first
    while true {
      let byte = base[index]
      if byte == separator || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
      index &+= 1
    }
    var last = index
    while last > first, isBlank(base[last &- 1]) { last &-= 1 }
    var token = CellToken(start: first, end: last, next: index, ending: .separator)
    close(&token, in: base, at: index, to: end, isFinal: isFinal)
    return token
  }

  /// What the byte at `index` means for a cell that ends there.
  @inline(__always)
  func close(
    _ token: inout CellToken, in base: UnsafePointer<UInt8>, at index: Int, to end: Int, isFinal: Bool
  ) {
    if index >= end {
      token.ending = isFinal ? .record : .needMore
      token.next = end
    } else if base[index] == UInt8(ascii: "\n") {
      token.ending = .record
      token.next = index &+ 1
    } else if base[index] == UInt8(ascii: "\r") {
      if index &+ 1 >= end {
        // The line feed that belongs to it may come with the next bytes.
        token.ending = isFinal ? .record : .needMore
        token.next = end
      } else {
        token.ending = .record
        token.next = base[index &+ 1] == UInt8(ascii: "\n") ? index &+ 2 : index &+ 1
      }
    } else {
      token.ending = .separator
      token.next = index &+ 1
    }
  }

  private func quotedCell(
    in base: UnsafePointer<UInt8>, from opening: Int, to end: Int, isFinal: Bool
  ) -> CellToken {
    var token = CellToken(start: opening + 1, end: end, next: end, ending: .needMore, quote: quote)
    var index = opening + 1
    while true {
      // SAFETY: `index` is at most `end`, and the search stays below it.
      guard index < end, let found = memchr(base + index, Int32(quote), end - index) else {
        token.ending = isFinal ? .unclosedQuote : .needMore
        return token
      }
      let closing = UnsafeRawPointer(found) - UnsafeRawPointer(base)
      if closing + 1 >= end, !isFinal { return token }
      if closing + 1 < end, base[closing + 1] == quote {
        token.hasDoubledQuotes = true
        index = closing + 2
        continue
      }
      token.end = closing
      token.lineEnds = lineEnds(in: base, from: token.start, to: closing)
      index = closing + 1
      while isBlank(base[index]) { index += 1 }
      let byte = base[index]
      guard byte == separator || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else {
        token.ending = .textAfterQuote
        return token
      }
      close(&token, in: base, at: index, to: end, isFinal: isFinal)
      return token
    }
  }

  private func lineEnds(in base: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Int {
    var count = 0
    var index = start
    while index < end {
      if base[index] == UInt8(ascii: "\n") {
        count += 1
      } else if base[index] == UInt8(ascii: "\r"), index + 1 >= end || base[index + 1] != UInt8(ascii: "\n") {
        count += 1
      }
      index += 1
    }
    return count
  }

  /// Whether a byte may separate cells: none of a number or a name, no quote, no line end, no part of a longer character.
  static func canSeparate(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\t"), 0x20...0x7E:
      let taken: [UInt8] = Array("\"+-._".utf8)
      let isAlphanumeric =
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      return !isAlphanumeric && !taken.contains(byte)
    default: return false
    }
  }

  @inline(__always)
  func isBlank(_ byte: UInt8) -> Bool {
    (byte == 0x20 || byte == 0x09) && byte != separator
  }
}

/// The text of a cell without doubled quotes, in `scratch` where it has any.
func withContent<Result>(
  of token: CellToken, in base: UnsafePointer<UInt8>, scratch: inout [UInt8],
  _ body: (UnsafeBufferPointer<UInt8>) -> Result
) -> Result {
  // SAFETY: a token's content lies within the window that it was found in.
  let raw = UnsafeBufferPointer(start: base + token.start, count: token.end - token.start)
  guard token.hasDoubledQuotes else { return body(raw) }
  scratch.removeAll(keepingCapacity: true)
  var index = 0
  while index < raw.count {
    scratch.append(raw[index])
    index += raw[index] == token.quote ? 2 : 1
  }
  return scratch.withUnsafeBufferPointer(body)
}
