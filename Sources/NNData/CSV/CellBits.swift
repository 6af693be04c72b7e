/// What stands in a numeric column for cells that are no number: NaNs that tell them apart until the column is whole.
enum CellBits {
  static let missing: UInt32 = 0x7FC0_0000
  static let bad: UInt32 = 0x7FC0_0001

  /// A word for yes or no, which is 1 or 0 if the column is made of these alone.
  static func truth(_ isTrue: Bool) -> UInt32 { isTrue ? 0x7FC0_0003 : 0x7FC0_0002 }

  /// A cell once its column is whole.
  static func settled(_ cell: Float, readsTruths: Bool) -> Float {
    guard cell.isNaN else { return cell }
    switch cell.bitPattern {
    case truth(true) where readsTruths: return 1
    case truth(false) where readsTruths: return 0
    default: return Float(bitPattern: missing)
    }
  }
}

/// A word for yes or no, in any letter case.
struct Truth {
  let isTrue: Bool

  init?(_ cell: UnsafeBufferPointer<UInt8>) {
    guard (1...5).contains(cell.count) else { return nil }
    // Setting this bit makes capital letters small, and no other byte one of these letters.
    var word: UInt64 = 0
    for byte in cell { word = word << 8 | UInt64(byte | 0x20) }
    switch word {
    case 0x74_7275_65, 0x7965_73, 0x74, 0x79: isTrue = true  // true, yes, t, y
    case 0x66_616C_7365, 0x6E6F, 0x66, 0x6E: isTrue = false  // false, no, f, n
    default: return nil
    }
  }
}
