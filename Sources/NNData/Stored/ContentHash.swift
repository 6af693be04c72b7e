/// Tells whether a file's bytes are those of before: 64 bits that any change most likely changes. It withstands no one who
/// wants two files to have one hash.
struct ContentHash {
  private var lanes: SIMD4<UInt64> = [1, 2, 3, 4]
  private var count = 0
  private var rest: [UInt8] = []

  private static let multiplier: UInt64 = 0x9E37_79B1_85EB_CA87

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    count += bytes.count
    var start = 0
    if !rest.isEmpty {
      start = min(32 - rest.count, bytes.count)
      rest.append(contentsOf: bytes[..<start])
      guard rest.count == 32 else { return }
      rest.withUnsafeBytes { mix($0, from: 0) }
      rest = []
    }
    while start + 32 <= bytes.count {
      mix(bytes, from: start)
      start += 32
    }
    rest = Array(bytes[start...])
  }

  @inline(__always)
  private mutating func mix(_ bytes: UnsafeRawBufferPointer, from start: Int) {
    // SAFETY: 32 bytes lie behind `start`.
    let words = bytes.loadUnaligned(fromByteOffset: start, as: SIMD4<UInt64>.self)
    let sums = lanes &+ words &* SIMD4(repeating: 0xC2B2_AE3D_27D4_EB4F)
    lanes = (sums &<< 31 | sums &>> 33) &* SIMD4(repeating: Self.multiplier)
  }

  func finish() -> UInt64 {
    var hash = UInt64(truncatingIfNeeded: count)
    func add(_ word: UInt64) {
      let product = (hash ^ word).multipliedFullWidth(by: Self.multiplier)
      hash = product.low ^ product.high &+ Self.multiplier
    }
    for lane in 0..<4 { add(lanes[lane]) }
    for byte in rest { add(UInt64(byte)) }
    return hash
  }

  /// Of a file's bytes as they lie on the disk.
  static func ofFile(_ path: String, shouldStop: (@Sendable () -> Bool)?) throws(DataError) -> UInt64 {
    let source = try ByteSource(path: path, shouldStop: shouldStop)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { buffer.deallocate() }
    var hash = ContentHash()
    while true {
      let count = try source.read(into: buffer)
      if count == 0 { return hash.finish() }
      hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }
}
