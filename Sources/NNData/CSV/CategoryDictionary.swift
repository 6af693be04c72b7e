/// The different texts of a column, numbered in the order of their first appearance.
///
/// An open-addressing table over one arena of bytes: no string is made for a cell, only for a category at the
/// end. The hash is seeded anew for each dictionary, so that no file can be written to make it slow.
struct CategoryDictionary {
  /// The texts, one after another.
  private var arena: [UInt8] = []
  /// Where each entry's text ends in `arena`.
  private var ends: [Int] = []
  private var hashes: [UInt64] = []
  /// Entry numbers, -1 where free; a power of two of them.
  private var slots: [Int32] = [Int32](repeating: -1, count: 64)
  private let seed = UInt64.random(in: .min ... .max)

  var count: Int { ends.count }

  /// The number of the entry with these bytes, and whether it is new; `nil` where there are too many.
  mutating func code(for bytes: UnsafeBufferPointer<UInt8>) -> (code: Int32, isNew: Bool)? {
    let hash = hash(of: bytes)
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] >= 0 {
      let entry = Int(slots[slot])
      if hashes[entry] == hash, equals(entry, bytes) { return (slots[slot], false) }
      slot = (slot + 1) & mask
    }
    guard let code = Int32(exactly: ends.count), code < Int32.max else { return nil }
    arena.append(contentsOf: bytes)
    ends.append(arena.count)
    hashes.append(hash)
    slots[slot] = code
    if ends.count * 2 > slots.count { grow() }
    return (code, true)
  }

  /// The bytes of an entry.
  func withBytes<Result>(_ entry: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    let start = entry == 0 ? 0 : ends[entry - 1]
    return arena.withUnsafeBufferPointer { buffer in
      // SAFETY: ends rise and the last one is the arena's length.
      body(UnsafeBufferPointer(rebasing: buffer[start..<ends[entry]]))
    }
  }

  func text(of entry: Int) -> String {
    withBytes(entry) { String(decoding: $0, as: UTF8.self) }
  }

  /// The number of the entry with this text; `nil` where there are too many.
  mutating func code(for text: String) -> Int32? {
    var text = text
    // SAFETY: the bytes are read within the call only.
    return text.withUTF8 { code(for: $0)?.code }
  }

  private func equals(_ entry: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    withBytes(entry) { $0.count == bytes.count && $0.elementsEqual(bytes) }
  }

  private func hash(of bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash = seed
    for byte in bytes {
      hash = (hash ^ UInt64(byte)) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 29
    }
    return hash
  }

  private mutating func grow() {
    let mask = slots.count * 2 - 1
    slots = [Int32](repeating: -1, count: mask + 1)
    for (entry, hash) in hashes.enumerated() {
      var slot = Int(truncatingIfNeeded: hash) & mask
      while slots[slot] >= 0 { slot = (slot + 1) & mask }
      slots[slot] = Int32(truncatingIfNeeded: entry)
    }
  }
}
