#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that a stored table was read from.
struct StoredSource: Sendable, Equatable {
  var path: String
  var stamp: [Int]
  /// Of its bytes; 0 where it is not known yet.
  var hash: UInt64 = 0

  /// - Throws: ``DataError`` where there is no such file, or it is a pipe, which cannot be read twice.
  init(_ path: String) throws(DataError) {
    self.path = path
    guard let stamp = FileStamp(path: path) else {
      guard pathExists(path) else { throw .fileMissing(path: path) }
      _ = try ByteSource(path: path)
      throw .unreadable(path: path, reason: "it is no file that can be read again")
    }
    self.stamp = [stamp.size, stamp.seconds, stamp.nanoseconds]
  }

  fileprivate init(path: String, stamp: [Int], hash: UInt64) {
    self.path = path
    self.stamp = stamp
    self.hash = hash
  }
}

/// What stands at the end of a file of columns: which files they are of, how those were read, and what is known of each column.
struct StoredHeader: Sendable, Equatable {
  var sources: [StoredSource]
  /// The reading options, as one text.
  var options: String
  var rowCount: Int
  var columns: [StoredColumn]

  /// The largest that is read: names and categories, not cells.
  private static let largest = 256 << 20

  // MARK: The file

  /// The header as it is written behind the cells, which end at a place.
  func bytes(at place: Int) -> [UInt8] {
    let text = Array(json.text().utf8)
    let numbers = [UInt64(place), UInt64(text.count)]
    return text + numbers.flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
      + StoredTable.magic
  }

  /// The header of a file of columns, and the open file; nil if there is none, or none of this version, or a damaged one.
  static func read(_ path: String) -> (header: StoredHeader, file: StoredFile)? {
    guard let file = StoredFile(path), let header = try? read(file) else { return nil }
    return (header, file)
  }

  private static func read(_ file: StoredFile) throws -> StoredHeader? {
    let tail = 16 + StoredTable.magic.count
    guard file.size >= StoredTable.magic.count + tail else { return nil }
    let first = try file.bytes(at: 0, count: StoredTable.magic.count)
    let last = try file.bytes(at: file.size - tail, count: tail)
    func number(_ place: Int) -> Int? {
      Int(exactly: (0..<8).reduce(UInt64(0)) { $0 | UInt64(last[place + $1]) << UInt64(8 * $1) })
    }
    guard first == StoredTable.magic, Array(last[16...]) == StoredTable.magic, let place = number(0),
      let count = number(8), count <= largest, place >= first.count, place <= file.size - tail - count,
      place + count == file.size - tail
    else { return nil }
    let text = String(decoding: try file.bytes(at: place, count: count), as: UTF8.self)
    let header = try StoredHeader(json: JSONValue(parsing: text))
    // Every cell must lie before the header.
    for column in header.columns {
      let (cells, overflow) = header.rowCount.multipliedReportingOverflow(by: column.place.columns)
      guard !overflow, cells <= (place - StoredTable.magic.count) / 4,
        column.place.offset >= StoredTable.magic.count, column.place.offset <= place - 4 * cells
      else { return nil }
    }
    return header
  }

  // MARK: Whether it is the right one

  /// Whether it is of these files as they are now, read with these options. Where a file has another time, its bytes decide.
  func isOf(
    _ files: [StoredSource], _ options: ReadOptions, shouldStop: (@Sendable () -> Bool)?
  ) throws(DataError) -> Bool {
    guard self.options == Self.text(of: options), sources.map(\.path) == files.map(\.path) else {
      return false
    }
    for (kept, file) in zip(sources, files) where kept.stamp != file.stamp {
      guard kept.stamp.first == file.stamp.first,
        try ContentHash.ofFile(file.path, shouldStop: shouldStop) == kept.hash
      else { return false }
    }
    return true
  }

  static func text(of options: ReadOptions) -> String {
    func kinds(_ kinds: [String: ColumnKind]) -> JSONValue {
      .object(
        kinds.sorted { bytewiseLess($0.key, $1.key) }.map {
          JSONValue.Member($0.key, .string($0.value.rawValue))
        })
    }
    return JSONValue.object([
      "header": .string(options.header.rawValue), "separator": options.separator.map { .integer(Int($0)) },
      "decimal": .integer(Int(options.decimal)), "thousands": options.thousands.map { .integer(Int($0)) },
      "quote": .integer(Int(options.quote)), "skip": .integer(options.skippedLines),
      "missing": .strings(options.missing), "types": kinds(options.types), "hints": kinds(options.hints),
    ]).text()
  }

}

extension StoredHeader {
  fileprivate var json: JSONValue {
    .object([
      "rows": .integer(rowCount), "block": .integer(StoredTable.blockRows), "options": .string(options),
      "sources": .array(
        sources.map {
          .object([
            "path": .string($0.path), "stamp": .array($0.stamp.map { .integer($0) }),
            "hash": .integer($0.hash),
          ])
        }),
      "columns": .array(columns.map(\.json)),
    ])
  }

  fileprivate init(json: JSONValue) throws(JSONError) {
    let rowCount = try json.need("rows", "", "a count of rows") {
      $0.int.flatMap { (1...(1 << 48)).contains($0) ? $0 : nil }
    }
    _ = try json.need("block", "", "\(StoredTable.blockRows)") {
      $0.int == StoredTable.blockRows ? $0.int : nil
    }
    let options = try json.need("options", "", "a string", \.string)
    var sources: [StoredSource] = []
    for source in try json.need("sources", "", "an array", \.array) {
      sources.append(
        StoredSource(
          path: try source.need("path", "sources", "a string", \.string),
          stamp: try source.need("stamp", "sources", "an array of numbers") { $0.array?.compactMap(\.int) },
          hash: try source.need("hash", "sources", "a number", \.uint64)))
    }
    var columns: [StoredColumn] = []
    for column in try json.need("columns", "", "an array", \.array) {
      columns.append(try StoredColumn(json: column, path: "columns", rowCount: rowCount))
    }
    self.init(sources: sources, options: options, rowCount: rowCount, columns: columns)
  }
}

/// A file that is read at any place, from any thread.
final class StoredFile: Sendable {
  let path: String
  let size: Int
  private let descriptor: Int32

  /// nil if there is no such file.
  init?(_ path: String) {
    guard !path.utf8.contains(0) else { return nil }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      _ = close(descriptor)
      return nil
    }
    self.path = path
    self.descriptor = descriptor
    size = Int(status.st_size)
  }

  deinit { _ = close(descriptor) }

  func read(at place: Int, into buffer: UnsafeMutableRawBufferPointer) throws(DataError) {
    try readAll(buffer, at: place, of: descriptor, path: path)
  }

  func bytes(at place: Int, count: Int) throws(DataError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var failure: DataError?
    bytes.withUnsafeMutableBytes { buffer in
      do throws(DataError) { try read(at: place, into: buffer) } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }
}
