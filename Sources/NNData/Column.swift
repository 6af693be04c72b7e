/// What a column holds.
public enum ColumnKind: String, Sendable, Hashable, Codable {
  case numeric, categorical
}

/// A cell of a numeric column that is neither a number nor missing.
public struct BadCell: Sendable, Hashable {
  /// The data row, from 1; the header does not count.
  public var row: Int
  /// The line of the file, from 1.
  public var line: Int
  public var column: String
  /// What stands there, as it stands there.
  public var text: String
  /// Its file, where the table is of several; rows and lines are of that file.
  public var source: String?

  public init(row: Int, line: Int, column: String, text: String, source: String? = nil) {
    self.row = row
    self.line = line
    self.column = column
    self.text = text
    self.source = source
  }
}

/// One named column of a ``Table``.
public struct Column: Sendable, Equatable {
  public enum Values: Sendable, Equatable {
    /// One number a row; NaN where the cell is missing or bad.
    case numeric([Float])
    /// One index into `categories` a row, -1 where the cell is missing. Categories are sorted: as numbers
    /// if all of them are, else by their bytes.
    case categorical(codes: [Int32], categories: [String])
  }

  public var name: String
  public var values: Values
  /// How many cells are missing; bad cells are not among them.
  public var missingCount: Int
  /// The first 100 bad cells, in the order of the rows.
  public var badCells: [BadCell]
  public var badCellCount: Int
  /// What is known of all rows, where only the first ones are at hand; counts of cells are of all rows, too.
  public var facts: ColumnFacts?

  /// How many bad cells a column keeps, however many there are.
  public static let keptBadCells = 100

  init(name: String, values: Values, missingCount: Int, badCells: [BadCell] = [], badCellCount: Int = 0) {
    self.name = name
    self.values = values
    self.missingCount = missingCount
    self.badCells = badCells
    self.badCellCount = badCellCount
  }

  /// A numeric column; NaN stands for a missing value.
  public init(name: String, numbers: [Float]) {
    self.init(
      name: name, values: .numeric(numbers), missingCount: numbers.reduce(0) { $0 + ($1.isNaN ? 1 : 0) })
  }

  /// A categorical column; `nil` stands for a missing value.
  public init(name: String, texts: [String?]) {
    var dictionary = CategoryDictionary()
    let codes = texts.map { text -> Int32 in text.flatMap { dictionary.code(for: $0) } ?? -1 }
    self.init(
      name: name, values: dictionary.values(codes: codes), missingCount: codes.count { $0 < 0 })
  }

  public var kind: ColumnKind {
    switch values {
    case .numeric: .numeric
    case .categorical: .categorical
    }
  }

  /// The number of rows.
  public var count: Int {
    switch values {
    case .numeric(let numbers): numbers.count
    case .categorical(let codes, _): codes.count
    }
  }

  /// Whether the column is numeric, and every filled cell a whole number. False where no cell is filled.
  public var isAllIntegers: Bool {
    if let facts { return facts.isAllIntegers }
    guard case .numeric(let numbers) = values else { return false }
    var filled = false
    for number in numbers where !number.isNaN {
      guard number.rounded(.towardZero) == number else { return false }
      filled = true
    }
    return filled
  }

  /// The number of different values among the filled cells, or `nil` where there are more than `limit`.
  public func distinctCount(limit: Int = .max) -> Int? {
    if facts != nil {
      return distinctOfAll.flatMap { $0 > limit ? nil : $0 }
    }
    switch values {
    case .numeric(let numbers):
      var seen: Set<Float> = []
      for number in numbers where !number.isNaN {
        seen.insert(number)
        if seen.count > limit { return nil }
      }
      return seen.count
    case .categorical(let codes, let categories):
      var seen = [Bool](repeating: false, count: categories.count)
      var count = 0
      for code in codes where code >= 0 && Int(code) < seen.count && !seen[Int(code)] {
        seen[Int(code)] = true
        count += 1
      }
      return count > limit ? nil : count
    }
  }

  /// The text of a cell: a category, a number as its shortest spelling, or `nil` where it is missing or
  /// there is no such row.
  public func text(row: Int) -> String? {
    guard row >= 0, row < count else { return nil }
    switch values {
    case .numeric(let numbers):
      return numbers[row].isNaN ? nil : shortestText(numbers[row])
    case .categorical(let codes, let categories):
      let code = Int(codes[row])
      return code >= 0 && code < categories.count ? categories[code] : nil
    }
  }

  /// A numeric column as classes, each number a category under its shortest spelling (`0`, `1`, `2.5`); a
  /// categorical one as it is.
  public func asCategorical() -> Column {
    guard case .numeric(let numbers) = values else { return self }
    // -0 and 0 are one class.
    let distinct =
      facts?.distinct ?? Set(numbers.lazy.filter { !$0.isNaN }.map { $0 == 0 ? 0 : $0 }).sorted()
    var codeOf: [Float: Int32] = [:]
    for (index, number) in distinct.enumerated() { codeOf[number] = Int32(clamping: index) }
    let codes = numbers.map { $0.isNaN ? -1 : codeOf[$0] ?? -1 }
    var result = Column(
      name: name, values: .categorical(codes: codes, categories: distinct.map(shortestText)),
      missingCount: missingCount, badCells: badCells, badCellCount: badCellCount)
    result.facts = facts
    return result
  }

  /// The different values that occur, as categories in their order.
  public var classes: [String] {
    guard case .categorical(let codes, let categories) = asCategorical().values else { return [] }
    if facts != nil { return categories }
    var occurs = [Bool](repeating: false, count: categories.count)
    for code in codes where code >= 0 && Int(code) < occurs.count { occurs[Int(code)] = true }
    return categories.indices.filter { occurs[$0] }.map { categories[$0] }
  }

  /// Whether its filled cells are the numbers 0 and 1 alone.
  public var isZerosAndOnes: Bool {
    guard case .numeric(let numbers) = values else { return false }
    if let facts { return facts.distinct.map { $0.allSatisfy { $0 == 0 || $0 == 1 } } ?? false }
    return numbers.allSatisfy { $0 == 0 || $0 == 1 || $0.isNaN }
  }

  private var distinctOfAll: Int? {
    if case .categorical(_, let categories) = values { return categories.count }
    return facts?.distinct?.count
  }

  /// The column at some rows, in their order; indices that the column does not have are left out. Bad cells
  /// stay as they are: they are errors of the file.
  public func rows(_ indices: [Int]) -> Column {
    var result = self
    switch values {
    case .numeric(let numbers):
      var missing = 0
      let chosen = indices.compactMap { index -> Float? in
        guard index >= 0, index < numbers.count else { return nil }
        if numbers[index].isNaN { missing += 1 }
        return numbers[index]
      }
      result.values = .numeric(chosen)
      result.missingCount = max(0, missing - badCellCount)
    case .categorical(let codes, let categories):
      var missing = 0
      let chosen = indices.compactMap { index -> Int32? in
        guard index >= 0, index < codes.count else { return nil }
        if codes[index] < 0 { missing += 1 }
        return codes[index]
      }
      result.values = .categorical(codes: chosen, categories: categories)
      result.missingCount = missing
    }
    return result
  }
}
