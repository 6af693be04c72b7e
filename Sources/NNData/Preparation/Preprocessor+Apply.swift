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
          of: column, table: table, rows: chosen, fill: fill, scaling: scaling,
          hasIndicator: input.hasIndicator,
          into: &values, at: first, width: width)
        if fill == nil, missing > 0 { unfilled.append(ColumnCount(column: input.name, count: missing)) }
      case .oneHot(let categories, let fill):
        missing = writeCategories(
          of: column, rows: chosen, categories: categories, fill: fill, warnings: &warnings
        ) { row, place in
          let start = row * width + first
          if let place { values[start + place] = 1 }
        } indicate: { row in
          if input.hasIndicator { values[row * width + first + categories.count] = 1 }
        }
      case .ordinal(let categories, let fill, let scaling):
        missing = writeCategories(
          of: column, rows: chosen, categories: categories, fill: fill, warnings: &warnings
        ) { row, place in
          let code = Float(place ?? -1)
          values[row * width + first] = scaling?.apply(code) ?? code
        } indicate: { row in
          if input.hasIndicator { values[row * width + first + 1] = 1 }
        }
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
    of column: Column, table: Table, rows: [Int]?, fill: Float?, scaling: Scaling?, hasIndicator: Bool,
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
        if hasIndicator { values[index + 1] = 1 }
        value = fill ?? .nan
      }
      values[index] = scaling?.apply(value) ?? value
      index += width
    }
    return missing
  }

  /// Calls `write` for each row with the category's place, `indicate` for a missing cell; gives their number.
  private func writeCategories(
    of column: Column, rows: [Int]?, categories: [String], fill: String?,
    warnings: inout [PreparationWarning],
    write: (Int, Int?) -> Void, indicate: (Int) -> Void
  ) -> Int {
    guard case .categorical(let codes, let texts) = column.asCategorical().values else { return 0 }
    let lookup = CategoryLookup(categories)
    let places = texts.map { lookup.place(of: $0) }
    let fillPlace = fill.flatMap { lookup.place(of: $0) }
    var missing = 0
    var unseen = 0
    var firstUnseen: String?
    for row in 0..<(rows?.count ?? codes.count) {
      let code = Int(codes[rows?[row] ?? row])
      guard code >= 0, code < places.count else {
        missing += 1
        write(row, fillPlace)
        indicate(row)
        continue
      }
      if places[code] == nil {
        unseen += 1
        firstUnseen = firstUnseen ?? texts[code]
      }
      write(row, places[code])
    }
    if let firstUnseen {
      warnings.append(
        PreparationWarning(kind: .unseenCategory(first: firstUnseen), column: column.name, count: unseen))
    }
    return missing
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
