/// FNV-1a over numbers of 64 bits: told apart is what differs by accident.
struct ContentPrint {
  private var hash: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ value: UInt64) { hash = (hash ^ value) &* 0x100_0000_01b3 }
  mutating func add(_ text: String) {
    for byte in text.utf8 { add(UInt64(byte)) }
    add(0x100)
  }

  var text: String { String(hash, radix: 16) }
}
