import Testing

@testable import NNData

/// Whatever the bytes, a table or an error comes back, and the chunk that the file is read by does not matter.
@Suite("CSV, any bytes")
struct CSVFuzzTests {
  private func outcome(_ bytes: [UInt8], _ options: ReadOptions, chunk: Int) -> Result<[String], DataError> {
    Result { () throws(DataError) in
      let source = ByteSource(bytes: bytes, name: "t.csv")
      let table = try TableReader(
        inputs: [InputFile(source)], options: options, threads: chunk % 2 + 1, blockSize: chunk
      ).read()
      // Each column is as long as the table, and its counts are those of its values.
      for column in table.columns {
        #expect(column.count == table.rowCount)
        let texts = (0..<column.count).map { column.text(row: $0) }
        #expect(texts.count { $0 == nil } == column.missingCount + column.badCellCount)
        #expect(column.badCells.count == min(column.badCellCount, Column.keptBadCells))
      }
      return summary(table)
    }
  }

  private func check(_ bytes: [UInt8], separator: UInt8 = UInt8(ascii: ",")) {
    _ = outcome(bytes, ReadOptions(), chunk: BlockReader.blockSize)
    for header in [HeaderMode.present, .absent] {
      let options = ReadOptions(header: header, separator: separator)
      let whole = outcome(bytes, options, chunk: BlockReader.blockSize)
      for chunk in [16, 29] {
        // How a byte that is no text is called may depend on what was read before it.
        let part = outcome(bytes, options, chunk: chunk)
        switch (whole, part) {
        case (.success(let a), .success(let b)): #expect(a == b, "\(bytes)")
        case (.failure, .failure): break
        default: Issue.record("chunk \(chunk): \(whole) and \(part) of \(bytes)")
        }
      }
    }
  }

  @Test("random bytes out of those that matter", arguments: 0..<4)
  func alphabet(_ seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let alphabet = Array("\"\",,,\n\n\r;\t .-+e019ax\u{E9}".utf8) + [0xFF]
    for _ in 0..<400 {
      let count = Int.random(in: 0...60, using: &generator)
      check((0..<count).map { _ in alphabet.randomElement(using: &generator) ?? 0 })
    }
  }

  @Test("random bytes", arguments: 0..<2)
  func bytes(_ seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed) + 50)
    for _ in 0..<200 {
      let count = Int.random(in: 0...80, using: &generator)
      check((0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }
  }

  @Test("a good file with a few bytes changed", arguments: 0..<4)
  func mutations(_ seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed) + 70)
    let good = Array(
      "id,name,size\r\n1,\"a,\"\"b\"\"\",0.5\r\n2,\"line\nend\",-1e3\r\n3,,NA\r\n4,z,+7.25\r\n".utf8)
    for _ in 0..<200 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0...2, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.remove(at: place)
        default: bytes.insert(Array("\",\n\r;0".utf8).randomElement(using: &generator) ?? 0, at: place)
        }
      }
      check(bytes)
    }
  }
}
