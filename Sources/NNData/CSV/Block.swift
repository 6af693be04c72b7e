/// A part of a file on its way through the scan: its text, with a line feed behind it, so that a scan for the end of a
/// cell needs no bound; then the rows in it, cells as the bits of a float32 or a code.
///
/// One thread has a block at a time; blocks are used again and again, so that a scan's memory is that of a few.
final class Block {
  /// Behind the last byte: the line feed, and room to read eight bytes at once.
  private static let padding = 8

  private(set) var base: UnsafeMutablePointer<UInt8>
  private(set) var capacity: Int
  /// The bytes of text.
  var count = 0
  /// Its place among the file's blocks, from 0.
  var index = 0
  /// Whether the file ends with it.
  var isFinal = false
  /// Why the text that belongs here could not be read.
  var readFailure: DataError?

  // What the scan has found. Lines and rows count from the block's start.

  /// The bytes of its whole rows.
  var consumed = 0
  var rowCount = 0
  var lineEnds = 0
  /// Why the scan stopped, told for a block that starts on some line.
  var failure: ((_ line: Int) -> DataError)?
  /// Column by column: `values[column * stride + row]`.
  private(set) var values: UnsafeMutablePointer<UInt32>
  private var valueCapacity = 0
  private(set) var stride = 0
  /// For each column, the cells that hold no value, bad ones included.
  var unfilled: [Int] = []
  var badCells: [BadCells] = []
  /// What was made of the rows, where somebody works on them block by block.
  var piece: (any Sendable)?
  /// The texts of the categorical columns.
  var dictionaries: [CategoryDictionary] = []

  /// The cells of a column that are not what it holds.
  struct BadCells {
    /// The first of them, with rows and lines of the block.
    var first: [BadCell] = []
    var count = 0
    /// How many of them are words for yes or no.
    var truths = 0
  }

  init(capacity: Int) {
    self.capacity = max(capacity, 16)
    base = .allocate(capacity: self.capacity + Self.padding)
    base.initialize(repeating: 0, count: self.capacity + Self.padding)
    values = .allocate(capacity: 1)
  }

  deinit {
    base.deallocate()
    values.deallocate()
  }

  /// Makes room for so many bytes; those that are there stay.
  func reserve(_ wanted: Int) {
    guard wanted > capacity else { return }
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: wanted + Self.padding)
    larger.initialize(repeating: 0, count: wanted + Self.padding)
    // SAFETY: both hold `count` bytes.
    larger.update(from: base, count: count)
    base.deallocate()
    base = larger
    capacity = wanted
  }

  /// Puts the line feed behind the text.
  func close() { base[count] = UInt8(ascii: "\n") }

  /// Puts bytes before the text: the end of the block before it, where a row began that goes on here.
  func prepend(_ bytes: [UInt8]) {
    reserve(count + bytes.count)
    // SAFETY: `reserve` has made room for both.
    (base + bytes.count).update(from: base, count: count)
    bytes.withUnsafeBufferPointer { bytes in
      if let first = bytes.baseAddress { base.update(from: first, count: bytes.count) }
    }
    count += bytes.count
    close()
  }

  /// Forgets what was found, and makes room for all rows that the text can hold.
  func beginScan(width: Int) {
    consumed = 0
    rowCount = 0
    lineEnds = 0
    failure = nil
    // A row has a byte for each cell at least, its end or a separator, and one of a single cell two.
    stride = count / max(width, 2) + 2
    if stride * width > valueCapacity {
      values.deallocate()
      // Pages that no row is written to cost nothing.
      valueCapacity = stride * width
      values = .allocate(capacity: valueCapacity)
    }
    unfilled = [Int](repeating: 0, count: width)
    badCells = [BadCells](repeating: BadCells(), count: width)
    if dictionaries.count != width {
      dictionaries = [CategoryDictionary](repeating: CategoryDictionary(), count: width)
    } else {
      for column in 0..<width { dictionaries[column].removeAll() }
    }
  }
}
