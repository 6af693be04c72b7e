import Testing

@testable import NNData

/// Reads a text as a file `t.csv`.
func read(
  _ text: String, header: HeaderMode = .auto, separator: UInt8? = nil,
  missing: [String] = ReadOptions.defaultMissing, types: [String: ColumnKind] = [:]
) throws(DataError) -> Table {
  try readTable(
    bytes: Array(text.utf8), name: "t.csv",
    options: ReadOptions(header: header, separator: separator, missing: missing, types: types))
}

/// The columns as text a test can hold against: `x: 1 2 -` for numbers, `s: 'a' 'b' -` for categories.
func summary(_ table: Table) -> [String] {
  table.columns.map { column in
    column.name + ":"
      + (0..<column.count).map { row -> String in
        guard let text = column.text(row: row) else { return " -" }
        return column.kind == .numeric ? " " + text : " '" + text + "'"
      }.joined()
  }
}

/// A generator whose numbers a failing test can be repeated with.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  // SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
