import NNEngine

extension Preprocessor {
  /// The features as a network takes them.
  ///
  /// - Parameters:
  ///   - table: raw columns under their names; others are not looked at.
  ///   - rows: which rows, in this order; `nil` is all.
  /// - Returns: [rows × ``featureWidth``], and what the training data did not show.
  /// - Throws: ``DataError`` where columns or their cells are missing or wrong.
  public func features(
    of table: Table, rows: [Int]? = nil
  ) throws(DataError) -> (matrix: Matrix, warnings: [PreparationWarning]) {
    let columns = try bind(inputs.map(\.name), in: table)
    let chosen = rows.map { $0.filter { $0 >= 0 && $0 < table.rowCount } }
    let count = chosen?.count ?? table.rowCount
    let width = featureWidth
    try checkSize(rows: count, of: table)
    var values = [Float](repeating: 0, count: count * width)
    var warnings: [PreparationWarning] = []
    var unfilled: [ColumnCount] = []
    var first = 0
    for (input, column) in zip(inputs, columns) {
      var missing = 0
      switch input.encoding {
      case .number(let fill, let scaling):
        missing = try writeNumbers(
          of: column, table: table, rows: chosen, fill: fill, scaling: scaling, into: &values, at: first,
          width: width)
        if fill == nil, missing > 0 { unfilled.append(ColumnCount(column: input.name, count: missing)) }
      case .oneHot(let categories, let rare, let fill):
        let lookup = CategoryLookup(categories + rare)
        let last = categories.count
        missing = writeTexts(
          of: column, rows: chosen, fill: fill, warnings: &warnings, unseen: .category
        ) { text in
          lookup.place(of: text).map { min($0, last) }
        } write: { row, place in
          let start = row * width + first
          switch place {
          case .known(let place): values[start + place] = 1
          case .unseen where !rare.isEmpty: values[start + last] = 1
          case .unseen, .missing: break
          }
        }
      case .ordinal(let categories, let fill, let scaling):
        let lookup = CategoryLookup(categories)
        missing = writeTexts(
          of: column, rows: chosen, fill: fill, warnings: &warnings, unseen: .category
        ) { text in
          lookup.place(of: text)
        } write: { row, place in
          var code: Float = -1
          if case .known(let place) = place { code = Float(place) }
          values[row * width + first] = scaling?.apply(code) ?? code
        }
      case .hash(let buckets, let fill):
        missing = writeTexts(
          of: column, rows: chosen, fill: fill, warnings: &warnings, unseen: .category
        ) { text in
          hashBucket(of: text, count: buckets)
        } write: { row, place in
          if case .known(let bucket) = place { values[row * width + first + bucket] = 1 }
        }
      case .date(let encoding, let fill):
        let reader = DateReader(isDayFirst: encoding.isDayFirst)
        let absent = encoding.values(of: nil)
        missing = writeTexts(
          of: column, rows: chosen, fill: fill, warnings: &warnings, unseen: .date
        ) { text in
          reader.read(text).map { encoding.values(of: $0) }
        } write: { row, place in
          var parts = absent
          if case .known(let known) = place { parts = known }
          for (offset, part) in parts.enumerated() { values[row * width + first + offset] = part }
        }
      }
      if input.hasIndicator, missing > 0 {
        indicate(missingOf: column, rows: chosen, into: &values, at: first + input.width - 1, width: width)
      }
      if missing > 0, !input.hadMissing {
        warnings.append(PreparationWarning(kind: .newlyMissing, column: input.name, count: missing))
      }
      first += input.width
    }
    guard unfilled.isEmpty else { throw .missingValues(source: table.source, columns: unfilled) }
    return (Matrix(rows: count, columns: width, values: values), warnings)
  }

  /// The targets in the form that a loss takes.
  ///
  /// - Throws: ``DataError`` where a column is not there, a target is missing, or a class is unknown.
  public func targets(
    of table: Table, rows: [Int]? = nil, form: TargetForm
  ) throws(DataError) -> Matrix {
    let columns = try bind(targetNames, in: table)
    let chosen = rows.map { $0.filter { $0 >= 0 && $0 < table.rowCount } } ?? Array(0..<table.rowCount)
    if let classes {
      guard let column = columns.first else {
        return Matrix(rows: chosen.count, columns: 0, values: [])
      }
      let ids = try classIDs(of: column, table: table, rows: chosen, classes: classes)
      guard form == .oneHot else {
        return Matrix(rows: ids.count, columns: 1, values: ids.map { Float($0) })
      }
      var values = [Float](repeating: 0, count: ids.count * classes.count)
      for (row, id) in ids.enumerated() { values[row * classes.count + id] = 1 }
      return Matrix(rows: ids.count, columns: classes.count, values: values)
    }
    var values = [Float](repeating: 0, count: chosen.count * columns.count)
    for (place, column) in columns.enumerated() {
      let numbers = try numbers(of: column, table: table)
      var missing = 0
      let scaling = outputs[place].scaling
      for (row, index) in chosen.enumerated() {
        let value = numbers[index]
        if value.isNaN { missing += 1 }
        values[row * columns.count + place] = scaling?.apply(value) ?? value
      }
      guard missing == 0 else {
        throw .missingTargets(source: table.source, column: column.name, count: missing)
      }
    }
    return Matrix(rows: chosen.count, columns: columns.count, values: values)
  }

  /// The weight of each row; `nil` where no column is one.
  public func weights(of table: Table, rows: [Int]? = nil) throws(DataError) -> [Float]? {
    guard let weight else { return nil }
    guard let column = try bind([weight], in: table).first else { return nil }
    let numbers = try numbers(of: column, table: table)
    let chosen = rows.map { $0.filter { $0 >= 0 && $0 < table.rowCount } } ?? Array(0..<table.rowCount)
    for row in chosen where !(numbers[row] >= 0 && numbers[row].isFinite) {
      throw .badWeight(source: table.source, column: weight, row: row + 1)
    }
    return chosen.map { numbers[$0] }
  }

  // MARK: Columns

  /// A matrix that the machine's memory cannot hold must be an error, not the end of the program. The usual cause is a
  /// column of names or numbers of things, each of which becomes a column.
  func checkSize(rows: Int, of table: Table) throws(DataError) {
    let (count, overflow) = rows.multipliedReportingOverflow(by: featureWidth)
    let limit = Int(clamping: physicalMemory() / 4)
    guard overflow || count > limit else { return }
    let widest = inputs.max { $0.width < $1.width }
    throw .tooManyFeatures(
      source: table.source, rows: rows, features: featureWidth, column: widest?.name ?? "",
      width: widest?.width ?? 0)
  }

  private func bind(_ names: [String], in table: Table) throws(DataError) -> [Column] {
    try columns(named: names, in: table)
  }

  /// Gives the number of missing cells.
  private func writeNumbers(
    of column: Column, table: Table, rows: [Int]?, fill: Float?, scaling: Scaling?,
    into values: inout [Float], at first: Int, width: Int
  ) throws(DataError) -> Int {
    let numbers = try numbers(of: column, table: table)
    let count = rows?.count ?? numbers.count
    var missing = 0
    var index = first
    for row in 0..<count {
      var value = numbers[rows?[row] ?? row]
      if value.isNaN {
        missing += 1
        value = fill ?? .nan
      }
      values[index] = scaling?.apply(value) ?? value
      index += width
    }
    return missing
  }

  /// What a cell of text comes to.
  private enum Place<Value> {
    case known(Value)
    case unseen
    case missing
  }

  private enum Unseen {
    case category, date
  }

  /// Calls `write` for each row with what `find` makes of its text; a missing cell has the fill's. Gives the number of
  /// missing cells.
  private func writeTexts<Value>(
    of column: Column, rows: [Int]?, fill: String?, warnings: inout [PreparationWarning], unseen kind: Unseen,
    find: (String) -> Value?, write: (Int, Place<Value>) -> Void
  ) -> Int {
    guard case .categorical(let codes, let texts) = column.asCategorical().values else { return 0 }
    let places = texts.map { find($0).map { Place.known($0) } ?? .unseen }
    let filled = fill.flatMap(find).map { Place.known($0) } ?? .missing
    var missing = 0
    var unseen = 0
    var firstUnseen: String?
    for row in 0..<(rows?.count ?? codes.count) {
      let code = Int(codes[rows?[row] ?? row])
      guard code >= 0, code < places.count else {
        missing += 1
        write(row, filled)
        continue
      }
      if case .unseen = places[code] {
        unseen += 1
        firstUnseen = firstUnseen ?? texts[code]
      }
      write(row, places[code])
    }
    if let first = firstUnseen {
      let kind: PreparationWarning.Kind =
        kind == .date ? .noDate(first: first) : .unseenCategory(first: first)
      warnings.append(PreparationWarning(kind: kind, column: column.name, count: unseen))
    }
    return missing
  }

  /// Writes 1 into the column of the indicator where a cell is missing.
  private func indicate(
    missingOf column: Column, rows: [Int]?, into values: inout [Float], at first: Int, width: Int
  ) {
    for row in 0..<(rows?.count ?? column.count) {
      let index = rows?[row] ?? row
      let isMissing =
        switch column.values {
        case .numeric(let numbers): numbers[index].isNaN
        case .categorical(let codes, _): codes[index] < 0
        }
      if isMissing { values[row * width + first] = 1 }
    }
  }

  private func classIDs(
    of column: Column, table: Table, rows: [Int], classes: [String]
  ) throws(DataError) -> [Int] {
    guard column.badCellCount == 0 else { throw badCells(of: column, table: table) }
    guard case .categorical(let codes, let texts) = column.asCategorical().values else { return [] }
    let lookup = CategoryLookup(classes)
    let places = texts.map { lookup.place(of: $0) }
    var missing = 0
    var ids: [Int] = []
    ids.reserveCapacity(rows.count)
    for row in rows {
      let code = Int(codes[row])
      guard code >= 0, code < places.count else {
        missing += 1
        continue
      }
      guard let place = places[code] else {
        throw .unknownClass(source: table.source, column: column.name, text: texts[code], classes: classes)
      }
      ids.append(place)
    }
    guard missing == 0 else {
      throw .missingTargets(source: table.source, column: column.name, count: missing)
    }
    return ids
  }
}

// MARK: What fitting and applying share

/// The columns of those names.
func columns(named names: [String], in table: Table) throws(DataError) -> [Column] {
  var places: [String: Int] = [:]
  for (index, column) in table.columns.enumerated() where places[column.name] == nil {
    places[column.name] = index
  }
  var found: [Column] = []
  var missing: [String] = []
  for name in names {
    if let place = places[name] { found.append(table.columns[place]) } else { missing.append(name) }
  }
  guard missing.isEmpty else {
    throw .missingColumns(source: table.source, names: missing, available: table.columnNames)
  }
  // A table's columns can be set one by one.
  for column in found where column.count != table.rowCount {
    throw .unequalColumns(
      source: table.source, column: column.name, found: column.count, expected: table.rowCount)
  }
  return found
}

/// The numbers of a column that must be numeric and without bad cells.
func numbers(of column: Column, table: Table) throws(DataError) -> [Float] {
  guard column.badCellCount == 0 else { throw badCells(of: column, table: table) }
  guard case .numeric(let numbers) = column.values else {
    throw .wrongKind(source: table.source, column: column.name, found: .categorical, expected: .numeric)
  }
  return numbers
}

func badCells(of column: Column, table: Table) -> DataError {
  .badCells(source: table.source, column: column.name, first: column.badCells, count: column.badCellCount)
}
