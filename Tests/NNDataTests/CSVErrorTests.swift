import Testing

@testable import NNData

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

@Suite("CSV, errors")
struct CSVErrorTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var bytes: [UInt8]
    var expected: DataError
    var options = ReadOptions()
    var testDescription: String { name }

    init(_ name: String, _ text: String, _ expected: DataError, _ options: ReadOptions = ReadOptions()) {
      self.init(name, bytes: Array(text.utf8), expected, options)
    }

    init(_ name: String, bytes: [UInt8], _ expected: DataError, _ options: ReadOptions = ReadOptions()) {
      self.name = name
      self.bytes = bytes
      self.expected = expected
      self.options = options
    }
  }

  static let cases: [Case] = [
    Case("empty", "", .empty(source: "t.csv")),
    Case("only a byte order mark", "\u{FEFF}", .empty(source: "t.csv")),
    Case("only blank lines", "\n \r\n\n", .empty(source: "t.csv")),
    Case("header only", "a,b\n", .noRows(source: "t.csv")),
    Case("header and blank lines", "a,b\n\n  \n", .noRows(source: "t.csv")),
    Case("a cell too few", "a,b\n1,2\n\n3\n", .raggedRow(source: "t.csv", line: 4, found: 1, expected: 2)),
    Case(
      "a cell too many", "a,b\n1,2\n3,4,5,6\n", .raggedRow(source: "t.csv", line: 3, found: 4, expected: 2)),
    Case("text too many", "a,b\nx,y\nx,y,\n", .raggedRow(source: "t.csv", line: 3, found: 3, expected: 2)),
    Case(
      "ragged behind a quoted line end", "a,b\n\"x\ny\",1\n2\n",
      .raggedRow(source: "t.csv", line: 4, found: 1, expected: 2)),
    Case("quote never closed", "a,b\n1,\"x\n2,y\n", .unclosedQuote(source: "t.csv", line: 2)),
    Case("quote never closed in the header", "a,\"b\n1,2\n", .unclosedQuote(source: "t.csv", line: 1)),
    Case("text behind a quote", "a,b\n1,\"x\"y\n", .textAfterQuote(source: "t.csv", line: 2, column: "b")),
    Case(
      "NUL", bytes: Array("a,b\n1,2\n3,".utf8) + [0] + Array("\n".utf8), .binary(source: "t.csv", line: 3)),
    Case(
      "not UTF-8", bytes: Array("a,b\n1,x\n2,".utf8) + [0xE9] + Array("\n".utf8),
      .invalidUTF8(source: "t.csv", line: 3, column: "b")),
    Case(
      "not UTF-8 in the header", bytes: [0x61, 0x2C, 0xE9] + Array("\n1,2\n".utf8),
      .invalidUTF8(source: "t.csv", line: 1, column: "column2")),
    Case(
      "a type for no column", "a,b\n1,2\n",
      .unknownColumn(source: "t.csv", column: "c", available: ["a", "b"]),
      ReadOptions(types: ["c": .numeric])),
    Case("a separator that cannot be", "a,b\n", .badSeparator(0x0A), ReadOptions(separator: 0x0A)),
    Case(
      "UTF-16", bytes: [0xFF, 0xFE, 0x61, 0, 0x0A, 0],
      .otherFormat(source: "t.csv", what: "UTF-16 text", advice: "save it as CSV in UTF-8")),
    Case(
      "Excel", bytes: Array("PK\u{3}\u{4}".utf8) + [0, 0],
      .otherFormat(
        source: "t.csv", what: "a zip archive or an Excel workbook", advice: "save it as CSV in UTF-8")),
  ]

  @Test("each names what and where", arguments: cases)
  func error(_ example: Case) {
    #expect(throws: example.expected) {
      _ = try readTable(bytes: example.bytes, name: "t.csv", options: example.options)
    }
  }

  @Test("the same with small chunks", arguments: cases)
  func chunks(_ example: Case) {
    for chunk in [16, 21] {
      var options = example.options
      options.header = .present
      #expect(throws: example.expected, "chunk of \(chunk) bytes") {
        let source = ByteSource(bytes: example.bytes, name: "t.csv")
        _ = try TableReader(inputs: [InputFile(source)], options: options, threads: 2, blockSize: chunk)
          .read()
      }
    }
  }

  @Test("an endless cell is refused, quoted or not")
  func endless() {
    let limit = CellScanner.fieldLimit
    #expect(throws: DataError.fieldTooLong(source: "t.csv", line: 2, limit: limit, quotedFrom: nil)) {
      _ = try read("a,b\n1," + String(repeating: "x", count: limit + 1))
    }
    #expect(throws: DataError.fieldTooLong(source: "t.csv", line: 2, limit: limit, quotedFrom: 2)) {
      _ = try read("a,b\n1,\"" + String(repeating: "x\n", count: limit))
    }
    #expect(throws: DataError.fieldTooLong(source: "t.csv", line: 1, limit: limit, quotedFrom: nil)) {
      _ = try read(String(repeating: "x", count: 3 * limit))
    }
  }

  @Test("a ragged row is counted to its end, however long")
  func longRaggedRow() {
    let cells = 3_000
    let row = String(repeating: String(repeating: "x", count: 1_000) + ",", count: cells - 1) + "y"
    #expect(throws: DataError.raggedRow(source: "t.csv", line: 3, found: cells, expected: 2)) {
      _ = try read("a,b\n1,2\n" + row + "\n")
    }
  }

  @Test("an endless row is refused, the first and a later one, by whatever threads")
  func endlessRow() {
    let limit = InputWindow.recordLimit
    let row = [UInt8](repeating: UInt8(ascii: ","), count: limit + 1000)
    let options = ReadOptions(separator: UInt8(ascii: ","))
    #expect(throws: DataError.recordTooLong(source: "t.csv", line: 1, limit: limit)) {
      _ = try readTable(bytes: row, name: "t.csv", options: options)
    }
    #expect(throws: DataError.recordTooLong(source: "t.csv", line: 3, limit: limit)) {
      _ = try readTable(
        bytes: Array("a,b\n1,2\n".utf8) + row + row, name: "t.csv", options: options, threads: 3)
    }
  }

  @Test("a cell at the limit is read")
  func longCell() throws {
    let text = String(repeating: "x", count: CellScanner.fieldLimit)
    #expect(try read("a,b\n1,\(text)\n2,y\n")["b"]?.text(row: 0) == text)
  }

  @Test("paths")
  func paths() throws {
    #expect(throws: DataError.fileMissing(path: "/nowhere/x.csv")) {
      _ = try readTable(path: "/nowhere/x.csv")
    }
    #expect(throws: DataError.isDirectory(path: "/tmp")) { _ = try readTable(path: "/tmp") }
    #expect(throws: DataError.fileMissing(path: "a\0b")) { _ = try readTable(path: "a\0b") }
  }

  @Test("a file and a pipe read alike, with a second pass")
  func fileAndPipe() throws {
    let text = "x,s\n" + (0..<3000).map { "\($0),1\n" }.joined() + (0..<900).map { "\($0),w\n" }.joined()
    let expected = summary(try read(text))
    try withTemporaryFolder { folder in
      let path = folder + "/t.csv"
      try AtomicFileText.write(text, to: path)
      #expect(summary(try readTable(path: path)) == expected)
    }
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    let writing = ends[1]
    // A pipe holds 64 KiB, so that the text fits.
    #expect(text.utf8.count < 60_000)
    try writeAll(Array(text.utf8), to: writing, path: "pipe")
    close(writing)
    #expect(summary(try readTable(path: "/dev/fd/\(ends[0])")) == expected)
    close(ends[0])
  }

  @Test("texts escape what could deceive")
  func texts() {
    let error = DataError.badCells(
      source: "a\u{1B}[31m.csv", column: "x",
      first: [BadCell(row: 3, line: 5, column: "x", text: "1\u{202E}\n")], count: 2)
    #expect(
      error.description
        == "a\\u{1b}[31m.csv, row 3 (line 5), column x: \"1\\u{202e}\\n\" is not a number, nor are 1 more of its cells"
    )
  }
}

enum AtomicFileText {
  static func write(_ text: String, to path: String) throws {
    let file = try AtomicFile(path: path)
    try file.write(Array(text.utf8))
    try file.commit()
  }
}

/// A folder that is gone afterwards.
func withTemporaryFolder(_ body: (String) throws -> Void) throws {
  var template = Array("/tmp/nn-test-XXXXXX".utf8CString)
  let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
  defer {
    if let directory = opendir(folder) {
      while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { unlink(folder + "/" + name) }
      }
      closedir(directory)
    }
    rmdir(folder)
  }
  try body(folder)
}
