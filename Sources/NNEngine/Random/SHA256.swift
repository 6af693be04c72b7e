import CKernels

/// SHA-256 (FIPS 180-4).
public struct SHA256: Sendable {
  private var state: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  private var pending: [UInt8] = []
  private var length: UInt64 = 0

  public init() { pending.reserveCapacity(64) }

  public mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// Adds bytes from memory.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    length &+= UInt64(bytes.count)
    var at = 0
    if !pending.isEmpty {
      while at < bytes.count, pending.count < 64 {
        pending.append(bytes[at])
        at += 1
      }
      guard pending.count == 64 else { return }
      let block = pending
      pending.removeAll(keepingCapacity: true)
      block.withUnsafeBytes { compress($0) }
    }
    let whole = (bytes.count - at) / 64 * 64
    if whole > 0 { compress(UnsafeRawBufferPointer(rebasing: bytes[at..<at + whole])) }
    at += whole
    while at < bytes.count {
      pending.append(bytes[at])
      at += 1
    }
  }

  /// The digest's 32 bytes. The hash must not be used afterwards.
  public mutating func finish() -> [UInt8] {
    let bits = length &* 8
    var tail: [UInt8] = [0x80]
    while (pending.count + tail.count) % 64 != 56 { tail.append(0) }
    for shift in stride(from: 56, through: 0, by: -8) {
      tail.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
    }
    update(tail)
    return state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * $0)) } }
  }

  /// The digest in hexadecimal digits.
  public static func hex(_ digest: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in digest {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Adds whole blocks of 64 bytes.
  private mutating func compress(_ blocks: UnsafeRawBufferPointer) {
    guard let base = blocks.baseAddress else { return }
    state.withUnsafeMutableBufferPointer { state in
      guard let words = state.baseAddress else { return }
      // SAFETY: the state is the eight words that are asked for, and the bytes are read within their count.
      ck_sha256(words, base, blocks.count / 64)
    }
  }
}

/// SHA-256 of some bytes, as hexadecimal digits.
public func contentDigest(_ bytes: [UInt8]) -> String {
  var hash = SHA256()
  hash.update(bytes)
  return SHA256.hex(hash.finish())
}
