/// A column of a ``StoredTable``: where its cells lie, and what is known of them.
struct StoredColumn: Sendable, Equatable {
  var name: String
  var kind: ColumnKind
  var missingCount: Int
  var badCells: [BadCell]
  var badCellCount: Int
  /// A categorical column's, in their order.
  var categories: [String]
  var facts: ColumnFacts
  var place: Place

  /// Where a column's cells are: a segment of the file has a run of blocks, in each of which one column's cells of the
  /// block's rows stand behind the other's.
  struct Place: Sendable, Equatable {
    /// The segment's first byte.
    var offset: Int
    /// The segment's columns.
    var columns: Int
    /// This one's place among them.
    var index: Int
  }
}

extension StoredColumn {
  /// The column with the first rows' cells.
  func excerpt(_ bits: [UInt32]) -> Column {
    let values: Column.Values =
      kind == .numeric
      ? .numeric(bits.map { Float(bitPattern: $0) })
      : .categorical(codes: bits.map { Int32(bitPattern: $0) }, categories: categories)
    var column = Column(
      name: name, values: values, missingCount: missingCount, badCells: badCells,
      badCellCount: badCellCount)
    column.facts = facts
    return column
  }

  var json: JSONValue {
    .object([
      "name": .string(name), "kind": .string(kind.rawValue), "missing": .integer(missingCount),
      "bad": badCellCount == 0 ? nil : .integer(badCellCount),
      "bad_cells": badCells.isEmpty ? nil : .array(badCells.map(\.json)),
      "categories": kind == .categorical ? .strings(categories) : nil,
      "integers": facts.isAllIntegers ? .bool(true) : nil,
      "distinct": facts.distinct.map { .array($0.map { .float($0) }) },
      "place": .array([place.offset, place.columns, place.index].map { .integer($0) }),
    ])
  }

  init(json: JSONValue, path: String, rowCount: Int) throws(JSONError) {
    func count(_ name: String) throws(JSONError) -> Int? {
      try json.take(name, path, "a count of rows") { $0.int.flatMap { 0...rowCount ~= $0 ? $0 : nil } }
    }
    name = try json.need("name", path, "a string", \.string)
    kind = try json.need("kind", path, "numeric or categorical") {
      $0.string.flatMap { ColumnKind(rawValue: $0) }
    }
    missingCount = try count("missing") ?? 0
    badCellCount = try count("bad") ?? 0
    badCells = []
    for cell in try json.take("bad_cells", path, "an array", \.array) ?? [] {
      badCells.append(try BadCell(json: cell, column: name, path: path))
    }
    categories = try json.take("categories", path, "an array of strings", \.strings) ?? []
    let distinct = try json.take("distinct", path, "an array of numbers") { value -> [Float]? in
      guard let array = value.array else { return nil }
      let numbers = array.compactMap(\.float)
      return numbers.count == array.count ? numbers : nil
    }
    facts = ColumnFacts(
      rowCount: rowCount, isAllIntegers: try json.take("integers", path, "true or false", \.bool) ?? false,
      distinct: distinct)
    place = try json.need("place", path, "three counts") { value in
      let numbers = (value.array ?? []).compactMap(\.int)
      guard numbers.count == 3, numbers.allSatisfy({ $0 >= 0 }), numbers[2] < numbers[1] else { return nil }
      return Place(offset: numbers[0], columns: numbers[1], index: numbers[2])
    }
  }
}

extension BadCell {
  fileprivate var json: JSONValue {
    .object([
      "row": .integer(row), "line": .integer(line), "text": .string(text),
      "source": source.map { .string($0) },
    ])
  }

  fileprivate init(json: JSONValue, column: String, path: String) throws(JSONError) {
    self.init(
      row: try json.need("row", path, "a number", \.int),
      line: try json.need("line", path, "a number", \.int),
      column: column, text: try json.need("text", path, "a string", \.string),
      source: try json.take("source", path, "a string", \.string))
  }
}
