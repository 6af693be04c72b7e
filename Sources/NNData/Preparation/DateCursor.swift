/// Goes through the text of a date: numbers, names and the marks between them.
struct DateCursor {
  private let bytes: [UInt8]
  private var at = 0

  /// No date is longer: what is, is none, and is not looked at.
  private static let longest = 64

  init(_ text: String) {
    bytes = Array(text.utf8.prefix(Self.longest + 1))
    if bytes.count > Self.longest { at = bytes.count }
    skipBlanks()
  }

  var isAtEnd: Bool { at >= bytes.count }

  private func byte(_ offset: Int = 0) -> UInt8? {
    at + offset < bytes.count ? bytes[at + offset] : nil
  }

  mutating func skipBlanks() {
    while byte() == UInt8(ascii: " ") { at += 1 }
  }

  /// Whether one or two digits and a colon stand here.
  var isTime: Bool {
    guard let first = byte(), Self.isDigit(first) else { return false }
    let colon = byte(1).map(Self.isDigit) == true ? 2 : 1
    return byte(colon) == UInt8(ascii: ":")
  }

  /// Up to eight digits.
  mutating func takeNumber() -> (value: Int, digits: Int)? {
    var value = 0
    var digits = 0
    while let next = byte(), Self.isDigit(next) {
      guard digits < 8 else { return nil }
      value = value * 10 + Int(next - UInt8(ascii: "0"))
      digits += 1
      at += 1
    }
    return digits == 0 ? nil : (value, digits)
  }

  mutating func skipDigits() -> Bool {
    let start = at
    while let next = byte(), Self.isDigit(next) { at += 1 }
    return at > start
  }

  /// The sign between the parts of a day.
  mutating func takeMark() -> Unicode.Scalar? {
    for mark in ["-", "/", "."] as [Unicode.Scalar] where take(mark) { return mark }
    return nil
  }

  mutating func take(_ mark: Unicode.Scalar) -> Bool {
    guard let next = byte(), UInt32(next) == mark.value else { return false }
    at += 1
    return true
  }

  /// The place of the name that stands here, letter case aside, spelt out or by its first letters, three at least.
  mutating func takeName(of names: [String], isWhole: Bool = false) -> Int? {
    var end = at
    while end < bytes.count, Self.isLetter(bytes[end]) { end += 1 }
    guard end > at else { return nil }
    let word = bytes[at..<end].map { $0 | 0x20 }
    let place = names.firstIndex { name in
      let letters = Array(name.utf8)
      return letters == word || !isWhole && word.count >= 3 && letters.starts(with: word)
    }
    guard let place else { return nil }
    at = end
    // `Sept.`, `Jan.`
    if !isWhole, word.count < names[place].utf8.count { _ = take(".") }
    return place
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
  private static func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A }
}
