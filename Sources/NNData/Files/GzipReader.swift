import CZlib

/// A gzip file (RFC 1952), unpacked as it is read; members that follow one another are one text.
final class GzipReader: ByteReading {
  static let signature: [UInt8] = [0x1F, 0x8B]
  private static let inputSize = 1 << 16

  let name: String
  let size: Int? = nil
  private let packed: ByteSource
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private let input = UnsafeMutablePointer<UInt8>.allocate(capacity: GzipReader.inputSize)
  /// Whether `stream` is within a member.
  private var isOpen = false
  private var isAnyMemberRead = false
  /// Whether all of the packed bytes have been read, and whether all of the text has been given.
  private var isAtEnd = false
  private var isDone = false

  init(_ packed: ByteSource) {
    self.packed = packed
    name = packed.name
    stream.initialize(to: z_stream())
    input.initialize(repeating: 0, count: Self.inputSize)
  }

  deinit {
    close()
    stream.deallocate()
    input.deallocate()
  }

  /// Whether the packed bytes that are there have all been unpacked.
  var isIdle: Bool { stream.pointee.avail_in == 0 && packed.isIdle }

  func rewind() throws(DataError) {
    close()
    stream.pointee = z_stream()
    isAtEnd = false
    isDone = false
    isAnyMemberRead = false
    try packed.rewind()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    let wanted = min(buffer.count, Int(UInt32.max))
    guard wanted > 0, !isDone else { return 0 }
    stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(wanted)
    while Int(stream.pointee.avail_out) == wanted {
      if stream.pointee.avail_in == 0 { try refill() }
      if !isOpen {
        // Between members; nothing, or zeros that fill up a tape's block, may follow the last one.
        skipZeros()
        if stream.pointee.avail_in == 0 {
          isDone = isAtEnd
          if isDone { break }
          continue
        }
        try open()
      }
      // SAFETY: next_in and next_out point at avail_in and avail_out bytes of `input` and of the caller's buffer.
      let status = inflate(stream, Z_NO_FLUSH)
      switch status {
      case Z_OK: break
      case Z_STREAM_END: close()
      case Z_BUF_ERROR where stream.pointee.avail_in == 0: break
      default: throw .damagedArchive(source: name, reason: "its gzip data are damaged")
      }
      if isAtEnd, isOpen, stream.pointee.avail_in == 0, Int(stream.pointee.avail_out) == wanted {
        throw .damagedArchive(
          source: name, reason: "its gzip data end too early, as where a download was cut off")
      }
    }
    return wanted - Int(stream.pointee.avail_out)
  }

  private func refill() throws(DataError) {
    guard !isAtEnd else { return }
    let count = try packed.read(into: UnsafeMutableRawBufferPointer(start: input, count: Self.inputSize))
    isAtEnd = count == 0
    stream.pointee.next_in = input
    stream.pointee.avail_in = UInt32(count)
  }

  private func skipZeros() {
    guard isAnyMemberRead else { return }
    while stream.pointee.avail_in > 0, stream.pointee.next_in.pointee == 0 {
      stream.pointee.next_in += 1
      stream.pointee.avail_in -= 1
    }
  }

  private func open() throws(DataError) {
    guard zlib_begin_gunzip(stream) == Z_OK else {
      throw .unreadable(path: name, reason: "zlib has no memory for it")
    }
    isOpen = true
  }

  private func close() {
    guard isOpen else { return }
    _ = inflateEnd(stream)
    isOpen = false
    isAnyMemberRead = true
  }
}
