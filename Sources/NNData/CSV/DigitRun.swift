/// Runs of decimal digits, eight at a time within one register.
///
/// Digits are found and joined without a branch for each (Daniel Lemire, "Quickly parsing eight digits", 2018; here with
/// runs of fewer than eight shifted into place). So numbers of varying length cost no mispredicted branches.
enum DigitRun {
  /// 10^0 ... 10^8.
  static let powersOfTen: [UInt64] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000]

  /// Reads the digits from `index` on, and leaves it behind them; `mantissa` becomes mantissa · 10^count + their value,
  /// modulo 2^64.
  ///
  /// - Parameters:
  ///   - base: bytes that no digit stands at the end of, with seven more behind that end.
  ///   - tens: ``powersOfTen``.
  @inline(__always)
  static func take(
    _ base: UnsafePointer<UInt8>, _ index: inout Int, into mantissa: inout UInt64, tens: UnsafePointer<UInt64>
  ) {
    while true {
      // SAFETY: `index` is at most at the sentinel behind the text, which is followed by seven bytes.
      let bytes = UInt64(littleEndian: UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self))
      let digits = bytes ^ 0x3030_3030_3030_3030
      // The high bit of each byte that is no digit. Behind the first of them a carry may set others, which do not count.
      let others = ((digits &+ 0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080
      let count = others.trailingZeroBitCount &>> 3
      if count == 0 { return }
      // The last digit into the highest byte, zeros before the first one.
      let aligned = digits &<< UInt64(64 &- 8 &* count)
      // SAFETY: the table has nine entries, and `count` lies in 1...8.
      mantissa = mantissa &* tens[count] &+ joined(aligned)
      index &+= count
      if count < 8 { return }
    }
  }

  /// The number that eight bytes of 0...9 spell, the first in the lowest.
  @inline(__always)
  static func joined(_ digits: UInt64) -> UInt64 {
    let pairs = digits &* 10 &+ (digits &>> 8)
    let mask: UInt64 = 0x0000_00FF_0000_00FF
    let first = (pairs & mask) &* (100 &+ 1_000_000 &<< 32)
    let second = (pairs &>> 16 & mask) &* (1 &+ 10_000 &<< 32)
    return (first &+ second) &>> 32
  }
}
