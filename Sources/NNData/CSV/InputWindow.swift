#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The beginning of a file, from which its layout is told: the bytes `start ..< end` of a buffer, with a line feed behind
/// them, so that a scan for the end of a cell needs no bound.
final class InputWindow {
  /// How much is read at a time.
  static let chunk = 1 << 20
  /// Behind the last byte: the line feed, and room for the first bytes of other formats.
  private static let padding = 32
  /// No row may be longer.
  static let recordLimit = 16 << 20

  let source: any ByteReading
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
  /// Two lines are enough where the source has nothing more at the moment.
  private let isPrompt: Bool

  /// - Parameter chunk: how much to read at a time, at least 16 bytes.
  init(_ source: any ByteReading, chunk: Int = InputWindow.chunk, isPrompt: Bool = false) {
    self.source = source
    self.isPrompt = isPrompt
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
    var isFirst = true
    while end < capacity, !isFinal {
      if isPrompt, !isFirst, source.isIdle, hasTwoLines { break }
      isFirst = false
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
      if case .binary = error { try refuseOtherFormats(hasZeros: true) }
      throw error
    }
    try refuseOtherFormats(hasZeros: false)
    if hasPrefix([0xEF, 0xBB, 0xBF]) {
      start = 3
    }
  }

  private var hasTwoLines: Bool {
    guard let first = memchr(base, 0x0A, end) else { return false }
    let behind = UnsafeMutableRawPointer(base) + end - first
    // SAFETY: `behind` bytes lie from the first line feed to the end, itself included.
    return memchr(first + 1, 0x0A, behind - 1) != nil
  }

  /// What has been read and not yet scanned.
  var rest: [UInt8] { Array(UnsafeBufferPointer(start: base + start, count: end - start)) }

  private func refuseOtherFormats(hasZeros: Bool) throws(DataError) {
    for format in OtherFormat.all where hasPrefix(format.prefix) && (hasZeros || !format.couldBeText) {
      throw .otherFormat(source: source.name, what: format.what, advice: format.advice)
    }
    // Letters of UTF-16 without a mark: every other byte is zero.
    let isWide =
      hasZeros
      && (0..<2).contains { odd in
        (0..<4).allSatisfy { (base[2 * $0 + odd] == 0) && base[2 * $0 + 1 - odd] != 0 }
      }
    if isWide {
      throw .otherFormat(source: source.name, what: "UTF-16 text", advice: OtherFormat.saveAsCSV)
    }
  }

  private func hasPrefix(_ prefix: [UInt8]) -> Bool {
    // The read that found a NUL byte has not moved `end`; the padding makes every buffer long enough.
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
