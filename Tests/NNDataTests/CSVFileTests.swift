import CZlib
import Foundation
import Testing

@testable import NNData

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What `gzip` makes of some bytes.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
  var stream = z_stream()
  // 15 bits of window, 16 for the gzip format.
  deflateInit2_(
    &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
    Int32(MemoryLayout<z_stream>.size))
  defer { deflateEnd(&stream) }
  var packed = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 64)
  var bytes = bytes
  let count = packed.count
  bytes.withUnsafeMutableBufferPointer { input in
    packed.withUnsafeMutableBufferPointer { output in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(input.count)
      stream.next_out = output.baseAddress
      stream.avail_out = UInt32(count)
      _ = deflate(&stream, Z_FINISH)
    }
  }
  return Array(packed.prefix(count - Int(stream.avail_out)))
}

@Suite("CSV, packed with gzip")
struct GzipTests {
  private let text = "x,s\n" + (0..<5000).map { "\($0),w\($0 % 7)\n" }.joined()

  private func read(_ bytes: [UInt8]) throws(DataError) -> Table {
    try readTable(bytes: bytes, name: "t.csv.gz")
  }

  @Test("read like the text itself")
  func packed() throws {
    let plain = try readTable(bytes: Array(text.utf8), name: "t.csv")
    #expect(summary(try read(gzip(Array(text.utf8)))) == summary(plain))
  }

  @Test("members that follow one another are one text, empty ones too; zeros behind them do not count")
  func members() throws {
    let bytes = Array(text.utf8)
    let parts = [bytes[..<7], bytes[7..<7], bytes[7..<9000], bytes[9000...]].flatMap { gzip(Array($0)) }
    let plain = try readTable(bytes: bytes, name: "t.csv")
    #expect(summary(try read(parts)) == summary(plain))
    #expect(summary(try read(parts + [UInt8](repeating: 0, count: 700))) == summary(plain))
  }

  @Test("one that was cut off is refused, wherever the cut is")
  func truncated() {
    let packed = gzip(Array(text.utf8))
    for count in stride(from: 2, to: packed.count, by: 97) + [packed.count - 1] {
      #expect(
        throws: DataError.damagedArchive(
          source: "t.csv.gz", reason: "its gzip data end too early, as where a download was cut off")
      ) { _ = try read(Array(packed.prefix(count))) }
    }
  }

  @Test("damage is refused: in the data, in the checksum, behind the end")
  func damaged() {
    let packed = gzip(Array(text.utf8))
    var flipped = packed
    flipped[packed.count - 6] ^= 1
    for bytes in [flipped, packed + [1, 2, 3], [0x1F, 0x8B, 7, 0, 0, 0, 0, 0, 0, 3]] {
      #expect(throws: DataError.damagedArchive(source: "t.csv.gz", reason: "its gzip data are damaged")) {
        _ = try read(bytes)
      }
    }
  }

  @Test("a second pass unpacks anew")
  func twoPasses() throws {
    let late = "x\n" + (0..<2000).map { "\($0)\n" }.joined() + (0..<900).map { "w\($0)\n" }.joined()
    try withTemporaryFolder { folder in
      let path = folder + "/t.csv.gz"
      let file = try AtomicFile(path: path)
      try file.write(gzip(Array(late.utf8)))
      try file.commit()
      let table = try readTable(path: path)
      #expect(table["x"]?.kind == .categorical && table.rowCount == 2900)
    }
  }

  @Test("a small file that unpacks to an endless line takes little memory")
  func bomb() {
    // 64 MiB of x in 64 KiB.
    let packed = gzip([UInt8](repeating: UInt8(ascii: "x"), count: 64 << 20))
    #expect(
      throws: DataError.fieldTooLong(
        source: "t.csv.gz", line: 1, limit: CellScanner.fieldLimit, quotedFrom: nil)
    ) { _ = try read(packed) }
  }
}

@Suite("CSV, several files")
struct SeveralFilesTests {
  /// Files of these texts, by their names.
  private func withFiles(_ texts: [(String, String)], _ body: ([String], String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      for (name, text) in texts { try AtomicFileText.write(text, to: folder + "/" + name) }
      try body(texts.map { folder + "/" + $0.0 }, folder)
    }
  }

  @Test("rows stand one below the other; columns are bound by name")
  func together() throws {
    try withFiles([("a.csv", "x,s\n1,u\n2,v\n"), ("b.csv", "s,x\nw,3\n"), ("c.csv", "s,x\r\nu,4")]) {
      paths, _ in
      let table = try readTable(paths: paths, name: "*.csv")
      #expect(summary(table) == ["x: 1 2 3 4", "s: 'u' 'v' 'w' 'u'"])
      #expect(table.source == "*.csv")
    }
  }

  @Test("types are those of all files together")
  func types() throws {
    let numbers = (0..<400).map { "\($0)\n" }.joined()
    let words = (0..<200).map { "w\($0)\n" }.joined()
    try withFiles([("a.csv", "x\n" + numbers), ("b.csv", "x\n" + words)]) { paths, _ in
      let table = try readTable(paths: paths, name: "*.csv")
      #expect(table["x"]?.kind == .categorical)
      #expect(table.rowCount == 600)
      #expect(table["x"]?.text(row: 399) == "399" && table["x"]?.text(row: 400) == "w0")
    }
  }

  @Test("a file with other columns is named, with what is different")
  func differences() throws {
    try withFiles([("a.csv", "x,y\n1,2\n"), ("b.csv", "x,z\n1,2\n")]) { paths, _ in
      #expect(
        throws: DataError.otherColumns(source: paths[1], first: paths[0], missing: ["y"], extra: ["z"])
      ) { _ = try readTable(paths: paths, name: "*.csv") }
    }
    try withFiles([("a.csv", "1,2\n"), ("b.csv", "1,2,3\n")]) { paths, _ in
      #expect(
        throws: DataError.otherColumns(source: paths[1], first: paths[0], missing: [], extra: ["column3"])
      ) { _ = try readTable(paths: paths, name: "*.csv") }
    }
  }

  @Test("bad cells have the file, and its own rows and lines")
  func badCells() throws {
    try withFiles([("a.csv", "x\n1\n2\n"), ("b.csv", "x\n3\n\noops\n")]) { paths, _ in
      let table = try readTable(paths: paths, name: "*.csv", options: ReadOptions(types: ["x": .numeric]))
      #expect(
        table["x"]?.badCells == [BadCell(row: 2, line: 4, column: "x", text: "oops", source: paths[1])])
    }
    try withFiles([("a.csv", "x,y\n1,2\n"), ("b.csv", "x,y\n3\n")]) { paths, _ in
      #expect(throws: DataError.raggedRow(source: paths[1], line: 2, found: 1, expected: 2)) {
        _ = try readTable(paths: paths, name: "*.csv")
      }
    }
  }

  @Test("patterns stand for files in the order of their bytes")
  func patterns() throws {
    try withFiles([("b.csv", "1"), ("B.csv", "1"), ("a10.csv", "1"), ("a9.csv", "1"), ("a.txt", "1")]) {
      _, folder in
      #expect(
        filesMatching(folder + "/*.csv") == ["B.csv", "a10.csv", "a9.csv", "b.csv"].map { folder + "/" + $0 })
      #expect(filesMatching(folder + "/a?.csv") == [folder + "/a9.csv"])
      #expect(filesMatching(folder + "/x*").isEmpty)
    }
    #expect(isPattern("a*.csv") && isPattern("a?.csv") && isPattern("[ab].csv") && !isPattern("a.csv"))
    #expect(isMatch("runs/a.csv", "runs/*.csv") && !isMatch("runs/x/a.csv", "runs/*.csv"))
  }
}

@Suite("CSV, on several threads")
struct ParallelScanTests {
  /// A text of every kind of row, with quoted line ends and quotes that are none.
  private func text(rows: Int, seed: UInt64) -> [UInt8] {
    var generator = SeededGenerator(seed: seed)
    var text = "id,x,s,t\n"
    for row in 0..<rows {
      let s =
        switch Int.random(in: 0..<12, using: &generator) {
        case 0: "\"a\nb, \"\"\(row % 5)\"\"\r\nc\""
        case 1: "5\" pipe"
        case 2: "NA"
        default: "w\(Int.random(in: 0..<300, using: &generator))"
        }
      let t = Int.random(in: 0..<40, using: &generator) == 0 ? "oops\(row)" : "\(row % 97)"
      text += "\(row),\(Float.random(in: -1e3...1e3, using: &generator)),\(s),\(t)\n"
    }
    return Array(text.utf8)
  }

  @Test("the table is the same, whatever the threads and the blocks", arguments: 0..<3)
  func invariance(_ seed: Int) throws {
    let bytes = text(rows: 3000, seed: UInt64(seed))
    func table(_ threads: Int, _ size: Int) throws -> Table {
      // The first rows tell the layout; these are told of the same ones.
      let options = ReadOptions(header: .present, separator: UInt8(ascii: ","), types: ["t": .numeric])
      let source = ByteSource(bytes: bytes, name: "t.csv")
      return try TableReader(
        inputs: [InputFile(source)], options: options, threads: threads, blockSize: size
      ).read()
    }
    let expected = try table(1, 1 << 20)
    #expect(expected.rowCount == 3000)
    #expect(expected["t"]?.badCellCount ?? 0 > 40)
    for (threads, size) in [(1, 1000), (2, 1000), (2, 4096), (3, 333), (4, 60_000)] {
      let found = try table(threads, size)
      for (a, b) in zip(found.columns, expected.columns) {
        #expect(
          a.badCells == b.badCells && a.missingCount == b.missingCount, "\(threads) threads, \(size) bytes")
        #expect(
          summary(Table(source: "", trusted: [a], rowCount: a.count))
            == summary(Table(source: "", trusted: [b], rowCount: b.count)))
      }
    }
  }

  @Test("of several mistakes the first in the file is told")
  func firstMistake() throws {
    var lines = (0..<20_000).map { "\($0),1" }
    lines[17_000] = "1,2,3"
    lines[9_000] = "1"
    lines[13_000] = "\"x\"y,2"
    for (threads, size) in [(1, 1 << 19), (2, 4096), (4, 999)] {
      #expect(throws: DataError.raggedRow(source: "t.csv", line: 9002, found: 1, expected: 2)) {
        let source = ByteSource(bytes: Array(("a,b\n" + lines.joined(separator: "\n")).utf8), name: "t.csv")
        _ = try TableReader(
          inputs: [InputFile(source)], options: ReadOptions(), threads: threads, blockSize: size
        )
        .read()
      }
    }
  }
}

@Suite("CSV, standard input and pipes")
struct StreamTests {
  @Test("a stream longer than what is kept in memory is read twice, from memory and from the disk")
  func spooled() throws {
    let count = ByteSource.keptInMemory + 3_000_000
    // A file is no stream; what a pipe gives is written by a thread of its own.
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let (reading, writing) = (ends[0], ends[1])
    let thread = Thread {
      var written = 0
      while written < count {
        let part = [UInt8](
          (written..<min(written + 65_536, count)).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) })
        try? writeAll(part, to: writing, path: "pipe")
        written += part.count
      }
      close(writing)
    }
    thread.start()
    let source = try ByteSource(path: "/dev/fd/\(reading)")
    defer { close(reading) }
    var buffer = [UInt8](repeating: 0, count: 100_000)
    func readAll() throws -> (count: Int, sum: UInt64) {
      var total = 0
      var sum: UInt64 = 0
      while true {
        var read = 0
        try buffer.withUnsafeMutableBytes { read = try source.read(into: $0) }
        if read == 0 { return (total, sum) }
        for byte in buffer[..<read] { sum = sum &* 31 &+ UInt64(byte) }
        total += read
      }
    }
    let first = try readAll()
    #expect(first.count == count)
    try source.rewind()
    let second = try readAll()
    #expect(second.count == count && second.sum == first.sum)
  }
}
