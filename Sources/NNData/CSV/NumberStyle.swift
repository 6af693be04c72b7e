/// How numbers are written in a file.
struct NumberStyle: Sendable {
  /// Between whole part and fraction.
  let decimal: UInt8
  /// Between groups of three digits of the whole part, if there may be any.
  let thousands: UInt8?

  static let plain = NumberStyle(decimal: UInt8(ascii: "."), thousands: nil)

  private var isPlain: Bool { decimal == UInt8(ascii: ".") && thousands == nil }

  /// The number in a cell, or `nil` where there is none. Quotes may hold blanks around it.
  func number(in content: UnsafeBufferPointer<UInt8>) -> Float? {
    if isPlain { return parseCell(content) }
    guard let spelling = plainSpelling(of: content) else { return nil }
    return spelling.withUnsafeBufferPointer { parseCell($0) }
  }

  /// The same number with a point and without marks; `nil` where a mark stands at a wrong place.
  func plainSpelling(of content: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    var text: [UInt8] = []
    text.reserveCapacity(content.count)
    var index = 0
    var end = content.count
    while index < end, content[index] == 0x20 { index += 1 }
    while end > index, content[end - 1] == 0x20 { end -= 1 }
    /// Digits since the last mark, and whether there was one.
    var digits = 0
    var hasMark = false
    var isWhole = true
    while index < end {
      let byte = content[index]
      if isWhole, let length = markLength(content, at: index, to: end) {
        guard digits > 0, hasMark ? digits == 3 : digits <= 3 else { return nil }
        digits = 0
        hasMark = true
        index += length
        continue
      }
      if (0x30...0x39).contains(byte) {
        digits += 1
      } else if byte != UInt8(ascii: "+"), byte != UInt8(ascii: "-") {
        // The whole part ends.
        if isWhole, hasMark, digits != 3 { return nil }
        isWhole = false
        hasMark = false
      }
      // A point that is not this file's is none.
      if byte == UInt8(ascii: "."), decimal != byte { return nil }
      text.append(byte == decimal ? UInt8(ascii: ".") : byte)
      index += 1
    }
    if isWhole, hasMark, digits != 3 { return nil }
    return text
  }

  /// The bytes of a mark between thousands, where one stands. Spaces and apostrophes have wider forms that programs write
  /// for them.
  private func markLength(_ text: UnsafeBufferPointer<UInt8>, at index: Int, to end: Int) -> Int? {
    guard let thousands else { return nil }
    if text[index] == thousands { return 1 }
    func stands(_ bytes: [UInt8]) -> Bool {
      index + bytes.count <= end && bytes.indices.allSatisfy { text[index + $0] == bytes[$0] }
    }
    switch thousands {
    case UInt8(ascii: " "):
      // No-break spaces, wide and narrow, and the thin one.
      if stands([0xC2, 0xA0]) { return 2 }
      return stands([0xE2, 0x80, 0xAF]) || stands([0xE2, 0x80, 0x89]) ? 3 : nil
    case UInt8(ascii: "'"):
      return stands([0xE2, 0x80, 0x99]) ? 3 : nil
    default:
      return nil
    }
  }
}
