#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The part of a file that is in memory: the bytes `start ..< end` of a buffer, with a line feed behind them, so
/// that a scan for the end of a cell needs no bound.
final class InputWindow {
  /// How much is read at a time.
  static let chunk = 1 << 20
  /// Behind the last byte: the line feed, and room to read eight bytes at once.
  private static let padding = 8
  /// No row may be longer.
  static let recordLimit = 64 << 20

  let source: ByteSource
  private(set) var base: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  /// Where in the file the buffer's first byte stands.
  private(set) var offset = 0
  /// The first byte that is still to be scanned.
  var start = 0
  /// One past the last byte read.
  private(set) var end = 0
  /// Whether the file ends at `end`.
  private(set) var isFinal = false

  /// - Parameter chunk: how much to read at a time, at least 16 bytes.
  init(_ source: ByteSource, chunk: Int = InputWindow.chunk) {
    self.source = source
    // Small files need no megabyte. (Some that the kernel makes up say that they are empty.)
    capacity = max(16, min(chunk, max(4096, source.size ?? chunk) + 1))
    base = .allocate(capacity: capacity + Self.padding)
    // Short files are compared with the first bytes of other formats, too.
    base.initialize(repeating: 0, count: capacity + Self.padding)
    base[0] = UInt8(ascii: "\n")
  }

  deinit { base.deallocate() }

  /// Moves what is left to the front, and reads until the buffer is full or the file ends.
  ///
  /// - Parameter line: the line at `start`, for messages.
  func refill(line: Int) throws(DataError) {
    let left = end - start
    if left > 0, start > 0 { memmove(base, base + start, left) }
    offset += start
    start = 0
    end = left
    if end > capacity / 2 { try grow(line: line) }
    while end < capacity, !isFinal {
      // SAFETY: `base` holds capacity + 1 bytes.
      let count = try source.read(
        into: UnsafeMutableRawBufferPointer(start: base + end, count: capacity - end))
      if count == 0 {
        isFinal = true
      } else {
        if let zero = memchr(base + end, 0, count) { throw binary(at: zero, line: line) }
        end += count
      }
    }
    base[end] = UInt8(ascii: "\n")
  }

  /// Reads the file's first bytes, and refuses files of other kinds by them.
  func begin() throws(DataError) {
    do {
      try refill(line: 1)
    } catch {
      // UTF-16 and archives hold NUL bytes, and have better names than `binary`.
      if case .binary = error { try refuseOtherFormats() }
      throw error
    }
    try refuseOtherFormats()
    if hasPrefix([0xEF, 0xBB, 0xBF]) {
      start = 3
    }
  }

  /// Goes back to a place in the file.
  func restart(at place: Int) throws(DataError) {
    try source.rewind()
    isFinal = false
    offset = 0
    end = 0
    while true {
      start = end
      try refill(line: 1)
      if place - offset <= end || isFinal { break }
    }
    start = min(max(place - offset, 0), end)
  }

  private func refuseOtherFormats() throws(DataError) {
    let advice = "save it as CSV in UTF-8"
    if hasPrefix([0xFF, 0xFE]) || hasPrefix([0xFE, 0xFF]) {
      throw .otherFormat(source: source.name, what: "UTF-16 text", advice: advice)
    }
    if hasPrefix([0x1F, 0x8B]) {
      throw .otherFormat(source: source.name, what: "a gzip file", advice: "unpack it first")
    }
    if hasPrefix([0x50, 0x4B, 0x03, 0x04]) {
      throw .otherFormat(source: source.name, what: "a zip archive or an Excel workbook", advice: advice)
    }
    if hasPrefix(Array("PAR1".utf8)) {
      throw .otherFormat(source: source.name, what: "a Parquet file", advice: advice)
    }
  }

  private func hasPrefix(_ prefix: [UInt8]) -> Bool {
    // The read that found a NUL byte has not moved `end`; the buffer holds 16 bytes at least.
    UnsafeBufferPointer(start: base, count: prefix.count).elementsEqual(prefix)
  }

  private func grow(line: Int) throws(DataError) {
    guard capacity < Self.recordLimit else {
      throw .recordTooLong(source: source.name, line: line, limit: Self.recordLimit)
    }
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2 + Self.padding)
    larger.initialize(repeating: 0, count: capacity * 2 + Self.padding)
    // SAFETY: `end` is at most the old capacity.
    memcpy(larger, base, end)
    base.deallocate()
    base = larger
    capacity *= 2
  }

  private func binary(at zero: UnsafeMutableRawPointer, line: Int) -> DataError {
    let bytes = UnsafeRawBufferPointer(
      start: UnsafeRawPointer(base), count: zero - UnsafeMutableRawPointer(base))
    let lines = bytes.reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
    return .binary(source: source.name, line: line + lines)
  }
}
