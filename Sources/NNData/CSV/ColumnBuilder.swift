/// How a column is read in one pass over the file.
enum ColumnPlan: Sendable {
  case numeric, categorical
  /// Settled by an earlier pass.
  case skip
}

/// Gathers one column's values over a pass, block by block.
final class ColumnBuilder {
  let name: String
  let plan: ColumnPlan
  private(set) var numbers: [Float] = []
  private(set) var codes: [Int32] = []
  private var dictionary = CategoryDictionary()
  /// The number of missing cells; in a numeric column, of those that are no number, bad ones included.
  private(set) var unfilled = 0
  private var bad = Block.BadCells()

  init(name: String, plan: ColumnPlan) {
    self.name = name
    self.plan = plan
  }

  /// Makes room, so that a column of the expected length is never copied. Pages not written to cost nothing.
  func reserve(_ rows: Int) {
    switch plan {
    case .numeric: numbers.reserveCapacity(rows)
    case .categorical: codes.reserveCapacity(rows)
    case .skip: break
    }
  }

  /// Takes over what a block holds of the column.
  ///
  /// - Parameters:
  ///   - row: the rows of the file before the block.
  ///   - line: the line that the block starts on.
  /// - Returns: false where there are too many categories.
  func append(_ block: Block, column: Int, row: Int, line: Int, source: String?) -> Bool {
    let count = block.rowCount
    // SAFETY: `stride` values stand for each column, and rows are fewer; Float, Int32 and UInt32 have one size and
    // alignment, and every bit pattern is a value of each.
    let values = UnsafeBufferPointer(start: block.values + column * block.stride, count: count)
    unfilled += block.unfilled[column]
    switch plan {
    case .numeric:
      makeRoom(in: &numbers, for: count)
      values.withMemoryRebound(to: Float.self) { numbers.append(contentsOf: $0) }
      note(block.badCells[column], row: row, line: line, source: source)
    case .categorical:
      guard let map = merge(block.dictionaries[column]) else { return false }
      makeRoom(in: &codes, for: count)
      map.withUnsafeBufferPointer { map in
        for value in values {
          let code = Int32(bitPattern: value)
          codes.append(code < 0 ? -1 : map[Int(code)])
        }
      }
    case .skip: break
    }
    return true
  }

  /// The column's own number for each entry of a block's dictionary.
  private func merge(_ other: CategoryDictionary) -> [Int32]? {
    var map: [Int32] = []
    map.reserveCapacity(other.count)
    var isNew = false
    for entry in 0..<other.count {
      guard let code = other.withBytes(entry, { dictionary.code(for: $0, isNew: &isNew) }) else { return nil }
      map.append(code)
    }
    return map
  }

  private func note(_ cells: Block.BadCells, row: Int, line: Int, source: String?) {
    guard cells.count > 0 else { return }
    bad.count += cells.count
    bad.truths += cells.truths
    for var cell in cells.first where bad.first.count < Column.keptBadCells {
      cell.row += row
      cell.line += line
      cell.source = source
      bad.first.append(cell)
    }
  }

  /// The rest of a file is seldom much longer than was estimated, so a quarter is added, not the whole again.
  private func makeRoom<Element>(in array: inout [Element], for count: Int) {
    guard array.count + count > array.capacity else { return }
    array.reserveCapacity(array.count + max(count, array.count / 4))
  }

  // MARK: The end of a pass

  enum Verdict {
    case settled(Column)
    /// The pass took it for the other kind.
    case readAgain(as: ColumnPlan)
  }

  /// The column, if this pass read it as what it is: numeric if at least 95 % of its filled cells are numbers.
  ///
  /// - Parameter isFixed: whether the kind was given, not guessed.
  func finish(isFixed: Bool, style: NumberStyle) -> Verdict {
    switch plan {
    case .skip:
      return .readAgain(as: .skip)
    case .numeric:
      if settlesTruths(onlyZerosAndOnes: { numbers.allSatisfy { $0.isNaN || $0 == 0 || $0 == 1 } }) {
        for row in numbers.indices { numbers[row] = CellBits.settled(numbers[row], readsTruths: true) }
      } else if bad.count > 0 {
        for row in numbers.indices { numbers[row] = CellBits.settled(numbers[row], readsTruths: false) }
      }
      if !isFixed, isMostlyText(rows: numbers.count) { return .readAgain(as: .categorical) }
      let column = numeric(numbers)
      numbers = []
      return .settled(column)
    case .categorical:
      let entries =
        isFixed ? .texts : numbersOfEntries(style, counts: { counts(codes) }, rows: codes.count)
      switch entries {
      case .texts: break
      case .readAgain: return .readAgain(as: .numeric)
      case .numbers(let values, let empties):
        let numbers = codes.map { $0 >= 0 ? values[Int($0)] ?? .nan : .nan }
        return .settled(Column(name: name, values: .numeric(numbers), missingCount: unfilled + empties))
      }
      let column = Column(name: name, values: dictionary.values(codes: codes), missingCount: unfilled)
      codes = []
      dictionary = CategoryDictionary()
      return .settled(column)
    }
  }

  private func counts(_ codes: [Int32]) -> [Int] {
    var counts = [Int](repeating: 0, count: dictionary.count)
    for code in codes where code >= 0 { counts[Int(code)] += 1 }
    return counts
  }

  func numeric(_ numbers: [Float]) -> Column {
    Column(
      name: name, values: .numeric(numbers), missingCount: unfilled - bad.count, badCells: bad.first,
      badCellCount: bad.count)
  }

  /// Whether words for yes and no are 1 and 0, as all filled cells are these or 1 and 0; then they are no bad cells any more.
  func settlesTruths(onlyZerosAndOnes: () -> Bool) -> Bool {
    guard bad.count > 0, bad.truths == bad.count, onlyZerosAndOnes() else { return false }
    unfilled -= bad.count
    bad = Block.BadCells()
    return true
  }

  /// Whether a column guessed to be numeric is not.
  func isMostlyText(rows: Int) -> Bool {
    bad.count * 20 > rows - (unfilled - bad.count)
  }

  /// What the entries of a column guessed to be categorical are.
  enum Entries {
    case texts
    /// Numbers but for some bad cells, which must be found.
    case readAgain
    /// The number of each entry; the empty one, which has none, so many times.
    case numbers([Float?], empties: Int)
  }

  /// - Parameters:
  ///   - counts: how often each entry stands in the column.
  ///   - rows: the column's length.
  func numbersOfEntries(
    _ style: NumberStyle, counts: () -> [Int], rows: Int
  ) -> Entries {
    let values = (0..<dictionary.count).map { dictionary.withBytes($0) { style.number(in: $0) } }
    // An empty cell is no number and no bad one, even where it does not count as missing.
    let empty = (0..<dictionary.count).first { dictionary.withBytes($0) { $0.isEmpty } } ?? -1
    var empties = 0
    var bad = 0
    for (entry, count) in counts().enumerated() where values[entry] == nil {
      if entry == empty { empties += count } else { bad += count }
    }
    let filled = rows - unfilled - empties
    guard bad * 20 <= filled, filled > 0 || unfilled == rows else { return .texts }
    return bad == 0 ? .numbers(values, empties: empties) : .readAgain
  }

  // MARK: A column that is not kept here

  /// Hands the first values over, a float's bits or a code each.
  func drain(_ count: Int, into values: UnsafeMutablePointer<UInt32>) {
    switch plan {
    case .numeric:
      for index in 0..<count { values[index] = numbers[index].bitPattern }
      numbers.removeFirst(count)
    case .categorical:
      for index in 0..<count { values[index] = UInt32(bitPattern: codes[index]) }
      codes.removeFirst(count)
    case .skip: break
    }
  }

  var held: Int { plan == .numeric ? numbers.count : codes.count }

  /// The new code of each entry, and the categories in their order.
  func sortedCategories() -> (newCodes: [Int32], categories: [String]) {
    let order = dictionary.order()
    var newCodes = [Int32](repeating: -1, count: dictionary.count)
    for (new, old) in order.enumerated() { newCodes[old] = Int32(truncatingIfNeeded: new) }
    return (newCodes, order.map { dictionary.text(of: $0) })
  }
}
