import NNData
import NNDiagnostics

/// A text that is open in the editor. Positions of the protocol count lines from 0 and UTF-16 units from 0; offsets here
/// count bytes.
struct Document {
  let uri: String
  var version: Int?
  private(set) var source: SourceFile

  init(uri: String, text: String, version: Int?) {
    self.uri = uri
    self.version = version
    source = SourceFile(name: Self.path(of: uri) ?? uri, text: text)
  }

  /// The file's path; nil for what is no file yet.
  var path: String? { Self.path(of: uri) }

  /// Applies one change of `textDocument/didChange`: of a range, or of all. False if its range makes no sense.
  mutating func apply(_ change: JSONValue) -> Bool {
    guard let text = change["text"]?.string else { return false }
    guard let range = change["range"], !range.isNull else {
      source = SourceFile(name: source.name, text: text)
      return true
    }
    guard let span = span(range) else { return false }
    var bytes = source.bytes
    bytes.replaceSubrange(span.start..<span.end, with: Array(text.utf8))
    source = SourceFile(name: source.name, bytes: bytes)
    return true
  }

  // MARK: Positions

  /// The offset of a position; one behind a line's end is the line's end, one behind the text the text's end.
  func offset(_ position: JSONValue?) -> Int? {
    guard let line = position?["line"]?.int, let units = position?["character"]?.int, line >= 0, units >= 0
    else {
      return nil
    }
    guard line < source.lineStarts.count else { return source.bytes.count }
    let range = lineRange(line)
    var left = units
    var offset = range.start
    for scalar in String(decoding: source.bytes[range.start..<range.end], as: UTF8.self).unicodeScalars {
      // In the middle of a pair of surrogates is before it.
      guard left >= UTF16.width(scalar) else { break }
      left -= UTF16.width(scalar)
      offset += UTF8.width(scalar)
    }
    return min(offset, range.end)
  }

  func span(_ range: JSONValue) -> Span? {
    guard let start = offset(range["start"]), let end = offset(range["end"]), start <= end else { return nil }
    return Span(start, end)
  }

  func position(_ offset: Int) -> JSONValue {
    let offset = min(max(offset, 0), source.bytes.count)
    var low = 0
    var high = source.lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if source.lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    let start = source.lineStarts[low]
    let units = String(decoding: source.bytes[start..<offset], as: UTF8.self).utf16.count
    return .object(["line": .integer(low), "character": .integer(units)])
  }

  func range(_ span: Span) -> JSONValue {
    .object(["start": position(span.start), "end": position(max(span.start, span.end))])
  }

  /// A line from 0, without its line end.
  private func lineRange(_ line: Int) -> (start: Int, end: Int) {
    let start = source.lineStarts[line]
    var end = line + 1 < source.lineStarts.count ? source.lineStarts[line + 1] - 1 : source.bytes.count
    if end > start, source.bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return (start, end)
  }

  // MARK: Addresses

  /// The path of a `file:` address.
  static func path(of uri: String) -> String? {
    guard uri.hasPrefix("file://") else { return nil }
    let rest = uri.dropFirst("file://".count)
    guard let slash = rest.firstIndex(of: "/") else { return nil }
    var bytes: [UInt8] = []
    var text = Array(rest[slash...].utf8)[...]
    while let byte = text.popFirst() {
      if byte == UInt8(ascii: "%"), text.count >= 2,
        let value = UInt8(String(decoding: text.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        text = text.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
