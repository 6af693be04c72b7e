/// Signs in numbers other than those that were told, tried on texts that are no numbers.
public struct OtherSpelling: Sendable, Hashable {
  public let decimal: UInt8
  public let thousands: UInt8?

  /// In the order in which they are tried: groups of three digits are rather thousands than decimals.
  private static let known: [(decimal: UInt8, thousands: UInt8?)] = [
    (0x2E, 0x2C), (0x2C, nil), (0x2C, 0x2E), (0x2E, 0x20), (0x2C, 0x20), (0x2E, 0x27), (0x2E, 0x5F),
  ]

  /// The first signs by which nineteen in twenty of the texts are numbers; nil where none are.
  public init?(of texts: [String]) {
    for (decimal, thousands) in Self.known {
      let style = NumberStyle(decimal: decimal, thousands: thousands)
      var bad = 0
      for var text in texts {
        // SAFETY: the bytes are read within the call only.
        if text.withUTF8({ style.number(in: $0) }) == nil { bad += 1 }
        if bad * 20 > texts.count { break }
      }
      if bad * 20 <= texts.count, !texts.isEmpty {
        self.decimal = decimal
        self.thousands = thousands
        return
      }
    }
    return nil
  }

  /// As the options of a script.
  public var options: String {
    var parts: [String] = []
    if decimal != 0x2E { parts.append("decimal=\"\(Character(UnicodeScalar(decimal)))\"") }
    if let thousands { parts.append("thousands=\"\(Character(UnicodeScalar(thousands)))\"") }
    return parts.joined(separator: " ")
  }
}
