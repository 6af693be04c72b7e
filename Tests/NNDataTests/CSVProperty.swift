@testable import NNData

// This file is in the tests and, by a link, in Fuzz/: what libFuzzer found once the tests try again.

/// What the reader promises of any bytes: an error or a table whose counts are those of its values, and the same
/// whatever the blocks and the threads.
///
/// The first two bytes choose the options, the others are the file.
/// - Returns: what is broken, if something is.
func brokenPromise(ofCSV input: [UInt8]) -> String? {
  guard input.count >= 2 else { return nil }
  let bytes = Array(input.dropFirst(2))
  var options = ReadOptions()
  options.header = [.auto, .present, .absent, .present][Int(input[0] & 3)]
  options.separator = [nil, 0x2C, 0x3B, 0x09, 0x7C, 0x20, 0x2C, 0x2C][Int(input[0] >> 2 & 7)]
  options.decimal = input[0] & 0x20 == 0 ? 0x2E : 0x2C
  options.thousands = [nil, 0x2C, 0x20, 0x27][Int(input[0] >> 6)]
  options.quote = [0x22, 0x22, 0x27, 0][Int(input[1] & 3)]
  options.skippedLines = [0, 0, 0, 2][Int(input[1] >> 2 & 3)]
  if input[1] & 0x10 != 0 { options.types = ["a": .numeric] }
  if input[1] & 0x20 != 0 { options.missing = ["", "-1", "x"] }

  let whole = outcome(bytes, options, threads: 1, blockSize: BlockReader.blockSize)
  if case .broken(let text) = whole { return text }
  // What is told from the first rows together needs them together.
  guard options.header != .auto, options.separator != nil else { return nil }
  for (threads, size) in [(1, 16), (2, 29), (3, 64)] {
    let parts = outcome(bytes, options, threads: threads, blockSize: size)
    switch (whole, parts) {
    case (_, .broken(let text)): return text
    // How a byte that is no text is called may depend on what was read before it, and what is a number on the first rows.
    case (.error, .error): break
    case (.table(let a), .table(let b)) where a == b: break
    default: return "\(threads) threads, blocks of \(size): \(whole) and \(parts)"
    }
  }
  return nil
}

private enum Outcome {
  case table([String])
  case error(DataError)
  case broken(String)
}

private func outcome(_ bytes: [UInt8], _ options: ReadOptions, threads: Int, blockSize: Int) -> Outcome {
  do throws(DataError) {
    let source = try unpacking(ByteSource(bytes: bytes, name: "t.csv"))
    let table = try TableReader(
      inputs: [InputFile(source)], options: options, threads: threads, blockSize: blockSize
    ).read()
    var texts: [String] = []
    for column in table.columns {
      guard column.count == table.rowCount else { return .broken("\(column.name) has \(column.count) rows") }
      var line = column.name + ":"
      var holes = 0
      for row in 0..<column.count {
        let text = column.text(row: row)
        if text == nil { holes += 1 }
        line += " " + (text ?? "-")
      }
      guard holes == column.missingCount + column.badCellCount,
        column.badCells.count == min(column.badCellCount, Column.keptBadCells)
      else { return .broken("\(column.name) has \(holes) holes, and counts \(column.missingCount)") }
      texts.append(line)
    }
    guard Set(table.columnNames).count == table.columns.count else { return .broken("a name stands twice") }
    // Texts that are shown must not trap.
    for notice in table.notices { _ = (notice.description, notice.advice) }
    return .table(texts)
  } catch {
    _ = error.description
    return .error(error)
  }
}
