#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

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

  /// Forgets all entries, and keeps the room.
  mutating func removeAll() {
    guard count > 0 else { return }
    arena.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    hashes.removeAll(keepingCapacity: true)
    for slot in slots.indices { slots[slot] = -1 }
  }

  /// The number of the entry with these bytes, and whether it is new; `nil` where there are too many.
  mutating func code(for bytes: UnsafeBufferPointer<UInt8>, isNew: inout Bool) -> Int32? {
    isNew = false
    let hash = hash(of: bytes)
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] >= 0 {
      let entry = Int(slots[slot])
      if hashes[entry] == hash, equals(entry, bytes) { return slots[slot] }
      slot = (slot + 1) & mask
    }
    guard let code = Int32(exactly: ends.count), code < Int32.max else { return nil }
    arena.append(contentsOf: bytes)
    ends.append(arena.count)
    hashes.append(hash)
    slots[slot] = code
    if ends.count * 2 > slots.count { grow() }
    isNew = true
    return code
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
    var isNew = false
    return text.withUTF8 { code(for: $0, isNew: &isNew) }
  }

  private func equals(_ entry: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    withBytes(entry) { entry in
      guard entry.count == bytes.count else { return false }
      guard let first = entry.baseAddress, let second = bytes.baseAddress else { return true }
      // SAFETY: both hold `count` bytes.
      return memcmp(first, second, bytes.count) == 0
    }
  }

  private func hash(of bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash = seed ^ UInt64(truncatingIfNeeded: bytes.count)
    var index = 0
    while index + 8 <= bytes.count {
      // SAFETY: eight bytes lie behind `index`.
      let word = UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: index, as: UInt64.self)
      hash = mixed(hash, word)
      index += 8
    }
    var rest: UInt64 = 0
    while index < bytes.count {
      rest = rest << 8 | UInt64(bytes[index])
      index += 1
    }
    return mixed(hash, rest)
  }

  /// Both halves of the product count, so that no bit of what comes in is lost.
  private func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return product.low ^ product.high &+ seed
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
