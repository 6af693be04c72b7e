/// The bucket of a text, the same on every machine and in every version, since a saved model relies on it: FNV-1a in 64
/// bits over its UTF-8 bytes (Fowler, Noll and Vo), the upper half folded into the lower by exclusive or, modulo
/// `count`. A text that reads as a number is hashed under that number's shortest spelling, so that `1.0` is `1`.
///
/// - Parameter count: at least 1.
func hashBucket(of text: String, count: Int) -> Int {
  let spelling = parseFloat(text).map { shortestText($0) } ?? text
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  for byte in spelling.utf8 {
    hash ^= UInt64(byte)
    hash &*= 0x100_0000_01B3
  }
  return Int((hash ^ hash >> 32) & 0xFFFF_FFFF) % max(count, 1)
}
