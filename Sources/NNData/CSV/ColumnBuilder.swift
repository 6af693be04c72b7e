/// How a column is read in one pass over the file.
enum ColumnPlan: Sendable {
  case numeric, categorical
  /// Settled by an earlier pass.
  case skip
}

/// Gathers one column's values over a pass. Values arrive in blocks of rows, as the bits of a float32 or a code.
final class ColumnBuilder {
  let name: String
  let plan: ColumnPlan
  private(set) var numbers: [Float] = []
  private(set) var codes: [Int32] = []
  var dictionary = CategoryDictionary()
  /// The number of missing cells; in a numeric column, of those that are no number, bad ones included.
  private(set) var unfilled = 0
  private(set) var badCells: [BadCell] = []
  private(set) var badCellCount = 0

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

  func append(_ block: UnsafeBufferPointer<UInt32>) {
    switch plan {
    case .numeric:
      makeRoom(in: &numbers, for: block.count)
      // SAFETY: Float and UInt32 have one size and alignment, and every bit pattern is a Float.
      block.withMemoryRebound(to: Float.self) { floats in
        var missing = 0
        for value in floats { missing &+= value.isNaN ? 1 : 0 }
        unfilled += missing
        numbers.append(contentsOf: floats)
      }
    case .categorical:
      makeRoom(in: &codes, for: block.count)
      // SAFETY: as above, for Int32.
      block.withMemoryRebound(to: Int32.self) { block in
        var missing = 0
        for code in block { missing &+= code < 0 ? 1 : 0 }
        unfilled += missing
        codes.append(contentsOf: block)
      }
    case .skip: break
    }
  }

  func note(_ cell: BadCell) {
    badCellCount += 1
    if badCells.count < Column.keptBadCells { badCells.append(cell) }
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
  func finish(isFixed: Bool) -> Verdict {
    switch plan {
    case .skip:
      return .readAgain(as: .skip)
    case .numeric:
      let missing = unfilled - badCellCount
      let filled = numbers.count - missing
      if !isFixed, badCellCount * 20 > filled { return .readAgain(as: .categorical) }
      let column = Column(
        name: name, values: .numeric(numbers), missingCount: missing, badCells: badCells,
        badCellCount: badCellCount)
      numbers = []
      return .settled(column)
    case .categorical:
      if !isFixed, let verdict = asNumbers() { return verdict }
      let column = Column(
        name: name, values: dictionary.values(codes: codes),
        missingCount: unfilled)
      codes = []
      dictionary = CategoryDictionary()
      return .settled(column)
    }
  }

  /// A column guessed to be categorical that is numeric, if it is.
  private func asNumbers() -> Verdict? {
    let values = (0..<dictionary.count).map { dictionary.withBytes($0) { parseCell($0) } }
    let filled = codes.count - unfilled
    var bad = 0
    for code in codes where code >= 0 && values[Int(code)] == nil { bad += 1 }
    guard bad * 20 <= filled else { return nil }
    // Where bad cells stand in the file is not known here.
    guard bad == 0 else { return .readAgain(as: .numeric) }
    let numbers = codes.map { $0 >= 0 ? values[Int($0)] ?? .nan : .nan }
    return .settled(Column(name: name, values: .numeric(numbers), missingCount: unfilled))
  }
}
