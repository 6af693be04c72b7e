import NNData

/// Cuts a stream of bytes into the messages of the Language Server Protocol: headers, an empty line, and a JSON text of so many
/// bytes as `Content-Length` says.
public struct MessageReader {
  /// What was found in the stream.
  public enum Found: Equatable {
    case message(JSONValue)
    /// A text that is no JSON; the next message is where it should be.
    case malformed(String)
    /// The headers make no sense, so nobody knows where the next message begins.
    case lost(String)
  }

  /// In bytes; whatever is longer is no message.
  static let longest = 64 << 20
  static let longestHeader = 4096

  private var bytes: [UInt8] = []
  private var isLost = false

  public init() {}

  /// Takes what was read.
  public mutating func append(_ more: some Sequence<UInt8>) { bytes += more }

  /// The next message, if it is there as a whole.
  public mutating func next() -> Found? {
    guard !isLost, !bytes.isEmpty else { return nil }
    guard let end = endOfHeaders() else {
      return bytes.count > Self.longestHeader
        ? lose("a header of more than \(Self.longestHeader) bytes") : nil
    }
    var length: Int?
    for line in String(decoding: bytes[..<end.headers], as: UTF8.self).split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { return lose("a header without a colon") }
      if parts[0].lowercased() == "content-length" { length = Int(trimmed(parts[1])) }
    }
    guard let length, length >= 0, length <= Self.longest else {
      return lose("no Content-Length that can be")
    }
    guard bytes.count - end.body >= length else { return nil }
    let body = Array(bytes[end.body..<end.body + length])
    bytes.removeFirst(end.body + length)
    do throws(JSONError) {
      var result: Result<JSONValue, JSONError> = .failure(.unexpectedEnd)
      // SAFETY: the bytes are read within the call only.
      body.withUnsafeBufferPointer { bytes in
        result = Result { () throws(JSONError) in try JSONValue(parsing: bytes) }
      }
      return .message(try result.get())
    } catch {
      return .malformed("\(error)")
    }
  }

  private mutating func lose(_ reason: String) -> Found {
    isLost = true
    bytes = []
    return .lost(reason)
  }

  /// Where the headers end and where the body begins: an empty line is between, ended by CRLF, or by LF alone.
  private func endOfHeaders() -> (headers: Int, body: Int)? {
    var position = 0
    while position < min(bytes.count, Self.longestHeader) {
      if bytes[position] == 0x0A {
        if position + 1 < bytes.count, bytes[position + 1] == 0x0A { return (position, position + 2) }
        if position + 2 < bytes.count, bytes[position + 1] == 0x0D, bytes[position + 2] == 0x0A {
          return (position, position + 3)
        }
      }
      position += 1
    }
    return nil
  }

  private func trimmed(_ text: Substring) -> Substring {
    var text = text.drop { $0 == " " }
    while text.last == " " || text.last == "\r" { text.removeLast() }
    return text
  }

  /// A message as it goes over the wire.
  public static func frame(_ message: JSONValue) -> [UInt8] {
    let body = Array(message.text().utf8)
    return Array("Content-Length: \(body.count)\r\n\r\n".utf8) + body
  }
}
