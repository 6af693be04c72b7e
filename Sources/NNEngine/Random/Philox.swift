import CKernels

/// Random numbers without state: Philox4x32-10, a function of a key and a counter. The key comes from a seed, a
/// purpose and a path, the counter from a place (step, row, unit …), so a number depends on where it is used and never
/// on what was drawn before it, nor on threads.
public struct Philox: Sendable {
  let key: (UInt32, UInt32)

  /// - Parameters:
  ///   - purpose: what the numbers are for, such as `shuffle`.
  ///   - path: which of several users, such as a layer's path.
  public init(seed: UInt64, purpose: String, path: String = "") {
    var hash = SHA256()
    hash.update((0..<8).map { UInt8(truncatingIfNeeded: seed >> ($0 * 8)) })
    hash.update(Array(purpose.utf8) + [0] + Array(path.utf8))
    let digest = hash.finish()
    func word(_ at: Int) -> UInt32 {
      (0..<4).reduce(0) { $0 | UInt32(digest[at + $1]) << UInt32($1 * 8) }
    }
    key = (word(0), word(4))
  }

  /// A generator with this very key, for tests against published vectors.
  init(key0: UInt32, key1: UInt32) { key = (key0, key1) }

  /// Gives the key to a kernel.
  func withKey(_ body: (UnsafePointer<UInt32>) -> Void) {
    var pair = key
    withUnsafePointer(to: &pair) { pointer in
      // SAFETY: a tuple of two UInt32 lies in memory as an array of two.
      pointer.withMemoryRebound(to: UInt32.self, capacity: 2) { body($0) }
    }
  }

  /// Four numbers at a counter.
  public func block(_ c0: UInt32, _ c1: UInt32, _ c2: UInt32, _ c3: UInt32) -> (
    UInt32, UInt32, UInt32, UInt32
  ) {
    var keys = key
    var out: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    withUnsafeBytes(of: &keys) { keyBytes in
      withUnsafeMutableBytes(of: &out) { outBytes in
        let keyWords = keyBytes.assumingMemoryBound(to: UInt32.self)
        let words = outBytes.assumingMemoryBound(to: UInt32.self)
        // SAFETY: the tuples hold two and four UInt32, which is what one block reads and writes.
        if let from = keyWords.baseAddress, let to = words.baseAddress {
          ck_philox(from, c0, c1, c2, c3, 1, to)
        }
      }
    }
    return out
  }

  /// The 64-bit numbers 2·index and 2·index + 1 at a place.
  public func pair(_ index: UInt64, _ c2: UInt32, _ c3: UInt32) -> (UInt64, UInt64) {
    let words = block(UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32), c2, c3)
    return (UInt64(words.0) | UInt64(words.1) << 32, UInt64(words.2) | UInt64(words.3) << 32)
  }

  /// The `index`-th 64-bit number at a place.
  func bits(_ index: UInt64, _ c2: UInt32, _ c3: UInt32) -> UInt64 {
    let both = pair(index >> 1, c2, c3)
    return index & 1 == 0 ? both.0 : both.1
  }

  /// A number below `bound` from 64 random bits, by multiplication; its bias is below bound / 2⁶⁴.
  public static func below(_ bound: Int, _ bits: UInt64) -> Int {
    Int(truncatingIfNeeded: below(UInt64(max(bound, 1)), bits))
  }

  /// The same for a bound that is known not to be 0.
  static func below(_ bound: UInt64, _ bits: UInt64) -> UInt64 { bound.multipliedFullWidth(by: bits).high }

  /// The `index`-th number in [0, 1), of 53 random bits.
  public func unit(_ index: UInt64) -> Double { Double(bits(index, 0, 0) >> 11) * 0x1p-53 }

  /// The `index`-th whole number from 0 up, below `bound`.
  public func below(_ bound: Int, at index: UInt64) -> Int { Self.below(bound, bits(index, 0, 0)) }

  /// 0 ..< count in a random order (Fisher and Yates).
  ///
  /// - Parameter round: draws another order of the same key, such as an epoch's.
  public static func permutation(count: Int, seed: UInt64, purpose: String, round: Int = 0) -> [Int] {
    guard count > 0 else { return [] }
    var order = Array(0..<count)
    let generator = Philox(seed: seed, purpose: purpose)
    let c2 = UInt32(truncatingIfNeeded: round)
    let c3 = UInt32(truncatingIfNeeded: round >> 32)
    var i = count - 1
    while i > 0 {
      order.swapAt(i, below(i + 1, generator.bits(UInt64(i), c2, c3)))
      i -= 1
    }
    return order
  }
}
