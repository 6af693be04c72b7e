#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Cuts a source into blocks that end where a row most likely does: at the last line end that quotes do not seem to hold.
/// It need not be one; whoever puts the blocks' rows together sees it, and scans again.
final class BlockReader {
  /// How much is read at a time.
  static let blockSize = 1 << 19
  /// Where no line ends, a block grows up to so much.
  private static let largestBlock = 8 << 20

  private let source: any ByteReading
  /// 0 where no cell is quoted.
  private let quote: UInt8
  private let size: Int
  /// What was read behind the last block's end.
  private var carry: [UInt8]
  private var isAtEnd: Bool
  private var nextIndex = 0
  /// A block ends where the source has nothing more at the moment, if a line does.
  private let isPrompt: Bool

  /// - Parameters:
  ///   - carry: what was already read.
  ///   - isAtEnd: whether that was all.
  ///   - isPrompt: whether a block is not to wait for more than a line.
  init(
    _ source: any ByteReading, quote: UInt8, size: Int, carry: [UInt8], isAtEnd: Bool, isPrompt: Bool = false
  ) {
    self.source = source
    self.isPrompt = isPrompt
    self.quote = quote
    self.size = max(size, 16)
    self.carry = carry
    self.isAtEnd = isAtEnd
  }

  /// Fills a block with the next part of the text, or leaves in it why that cannot be had.
  /// - Returns: false at the end.
  func fill(_ block: Block) -> Bool {
    if isAtEnd, carry.isEmpty { return false }
    block.index = nextIndex
    nextIndex += 1
    block.count = 0
    block.readFailure = nil
    block.prepend(carry)
    carry.removeAll(keepingCapacity: true)
    do throws(DataError) {
      try read(into: block)
    } catch {
      block.readFailure = error
      isAtEnd = true
      carry = []
    }
    block.isFinal = isAtEnd && carry.isEmpty
    block.close()
    return true
  }

  private func read(into block: Block) throws(DataError) {
    var wanted = size
    // Whether a line within the block is known to be quoted, so that more has to be waited for.
    var mustWait = false
    while true {
      block.reserve(wanted)
      while !isAtEnd, block.count < wanted {
        if isPrompt, !mustWait, source.isIdle, memchr(block.base, 0x0A, block.count) != nil { break }
        mustWait = false
        // SAFETY: the block has room for `capacity` bytes.
        let count = try source.read(
          into: UnsafeMutableRawBufferPointer(
            start: block.base + block.count, count: min(block.capacity, wanted) - block.count))
        if count == 0 { isAtEnd = true }
        block.count += count
      }
      // What was read before the first block may be more than one holds.
      if isAtEnd, block.count <= wanted { break }
      let end = cut(block, upTo: min(wanted, block.count))
      if end > 0 {
        keep(from: end, of: block)
        break
      }
      if isPrompt, block.count < wanted, !isAtEnd {
        mustWait = true
        continue
      }
      guard wanted < Self.largestBlock else {
        keep(from: min(wanted, block.count), of: block)
        break
      }
      wanted *= 2
    }
  }

  private func keep(from end: Int, of block: Block) {
    carry.append(contentsOf: UnsafeBufferPointer(start: block.base + end, count: block.count - end))
    block.count = end
  }

  /// The place behind the last line end before `limit` that quotes do not seem to hold; 0 where there is none.
  private func cut(_ block: Block, upTo limit: Int) -> Int {
    let base = UnsafePointer(block.base)
    var last = 0
    var start = 0
    var isQuoted = false
    while start < limit {
      // SAFETY: `start < limit`, and the block holds `limit` bytes.
      let found = quote == 0 ? nil : memchr(base + start, Int32(quote), limit - start)
      let end = found.map { UnsafeRawPointer($0) - UnsafeRawPointer(base) } ?? limit
      if !isQuoted, let place = lastLineEnd(base, from: start, to: end, limit: limit) { last = place }
      isQuoted.toggle()
      start = end + 1
    }
    return last
  }

  /// The place behind the last line end of a stretch without quotes.
  private func lastLineEnd(_ base: UnsafePointer<UInt8>, from start: Int, to end: Int, limit: Int) -> Int? {
    var index = end
    while index > start, base[index - 1] != UInt8(ascii: "\n") { index -= 1 }
    if index > start { return index }
    // A lone CR, unless the line feed that belongs to it may come with the next bytes.
    index = min(end, limit - 1)
    while index > start, base[index - 1] != UInt8(ascii: "\r") { index -= 1 }
    return index > start ? index : nil
  }
}
