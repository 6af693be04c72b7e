import NNEngine

extension Preprocessor {
  /// Learns the preparation of a table.
  ///
  /// Statistics follow the order of the steps: those of a `scale` that stands behind an `impute` count the filled cells
  /// in, those of one before it do not. Categorical features that no `encode` covers are one-hot; numbers are categories
  /// where an `encode` names them.
  ///
  /// - Parameters:
  ///   - rows: the training rows; `nil` is all.
  ///   - roles: the columns; `scale` touches a target only if it names it.
  /// - Throws: ``DataError`` where columns or cells are missing or wrong, or a step does not fit its column.
  public static func fit(
    steps: [PreparationStep], table: Table, rows: [Int]? = nil, roles: Roles, targetKind: TargetKind
  ) throws(DataError) -> Preprocessor {
    let chosen = (rows ?? Array(0..<table.rowCount)).filter { $0 >= 0 && $0 < table.rowCount }
    let fitted = try fit(
      steps: steps, table: table, rows: .table(chosen), roles: roles, targetKind: targetKind)
    try fitted.checkSize(rows: chosen.count, of: table)
    return fitted
  }

  static func fit(
    steps: [PreparationStep], table: Table, rows: TrainingCells, roles: Roles, targetKind: TargetKind,
    ranks: (any Ranks)? = nil
  ) throws(DataError) -> Preprocessor {
    let plan = try StepPlan(steps: steps, table: table, roles: roles)
    let features = try columns(named: roles.features, in: table)
    let targets = try columns(named: roles.targets, in: table)
    if let weight = roles.weight { _ = try columns(named: [weight], in: table) }

    var inputs: [InputColumn] = []
    var unfilled: [ColumnCount] = []
    var remarks = Remarks()
    let learned = try LearnedColumn.all(of: features, ranks: ranks) { (column) throws(DataError) in
      try LearnedColumn(column, table: table, rows: rows, plan: plan)
    }
    for column in learned {
      inputs.append(column.input)
      if column.unfilled > 0 {
        unfilled.append(ColumnCount(column: column.input.name, count: column.unfilled))
      }
      remarks.add(column)
    }
    guard unfilled.isEmpty else { throw .missingValues(source: table.source, columns: unfilled) }

    var outputs: [TargetColumn] = []
    var classes: [String]?
    switch targetKind {
    case .numeric:
      for column in targets {
        let fitter = ColumnFitter(column: column, table: table, rows: rows, plan: plan)
        outputs.append(TargetColumn(name: column.name, scaling: try fitter.targetScaling()))
      }
    case .binary, .multiclass:
      outputs = targets.map { TargetColumn(name: $0.name) }
      classes = try findClasses(targets, table: table, kind: targetKind)
    }
    var fitted = Preprocessor(
      inputs: inputs, outputs: outputs, weight: roles.weight, targetKind: targetKind, classes: classes,
      remarks: remarks.all(of: features.count))
    if plan.isBalanced {
      fitted.classWeights = Self.balancedWeights(try fitted.classCounts(of: table, rows: rows))
    }
    return fitted
  }

  /// The classes that occur in the table, in their order.
  private static func findClasses(
    _ targets: [Column], table: Table, kind: TargetKind
  ) throws(DataError) -> [String]? {
    guard targets.count == 1, let column = targets.first else {
      throw .preparationMismatch(
        "classes need one target column, and there are \(targets.count): "
          + listed(targets.map(\.name)))
    }
    guard column.badCellCount == 0 else { throw badCells(of: column, table: table) }
    let classes = column.classes
    guard classes.count >= 2 else {
      throw .tooFewClasses(source: table.source, column: column.name, found: classes.count)
    }
    if kind == .binary, classes.count != 2 {
      throw .notBinary(source: table.source, column: column.name, found: classes.count)
    }
    return classes
  }

  /// How many rows each class has.
  func classCounts(of table: Table, rows: TrainingCells) throws(DataError) -> [Int] {
    guard let classes, let column = try columns(named: targetNames, in: table).first else {
      throw .preparationMismatch(
        "balance needs a target of classes, and \(listed(targetNames)) holds numbers")
    }
    let cells = try rows.cells(of: column).categories(of: table)
    let lookup = CategoryLookup(classes)
    var counts = [Int](repeating: 0, count: classes.count)
    for (text, count) in zip(cells.texts, cells.counts) {
      if let place = lookup.place(of: text) { counts[place] += count }
    }
    return counts
  }

  /// rows / (classes there are · rows of the class), 1 for a class without rows.
  public static func balancedWeights(_ counts: [Int]) -> [Double] {
    let rows = counts.reduce(0, +)
    let present = counts.count { $0 > 0 }
    return counts.map { $0 == 0 ? 1 : Double(rows) / (Double(present) * Double($0)) }
  }
}

/// Gathers what is to be said of the features.
private struct Remarks {
  private var spreads: [PreparationRemark.Spread] = []
  private var constant: [String] = []
  private var others: [PreparationRemark] = []

  mutating func add(_ column: LearnedColumn) {
    if let deviation = column.deviation {
      if deviation > 0 { spreads.append(.init(column: column.input.name, deviation: deviation)) }
      if deviation == 0, !column.input.hasIndicator { constant.append(column.input.name) }
    }
    if column.countsRows { others.append(.rowNumbers(column.input.name)) }
    if case .constant(let names)? = column.remark {
      constant += names
    } else if let remark = column.remark {
      others.append(remark)
    }
  }

  func all(of features: Int) -> [PreparationRemark] {
    // A table of one feature may well be a series.
    let others = features > 1 ? others : others.filter { if case .rowNumbers = $0 { false } else { true } }
    return (constant.isEmpty ? [] : [.constant(constant)]) + others + (scales.map { [$0] } ?? [])
  }

  private var scales: PreparationRemark? {
    guard let largest = spreads.max(by: { $0.deviation < $1.deviation }),
      let smallest = spreads.min(by: { $0.deviation < $1.deviation }),
      largest.deviation > 100 * smallest.deviation
    else { return nil }
    return .scales(large: largest, small: smallest)
  }
}
