import NNEngine

extension Preprocessor {
  /// Learns the preparation of a table.
  ///
  /// Statistics follow the order of the steps: those of a `scale` that stands behind an `impute` count the filled cells
  /// in, those of one before it do not. Categorical features that no `encode` covers are one-hot.
  ///
  /// - Parameters:
  ///   - rows: the training rows; `nil` is all.
  ///   - roles: the columns; `scale` touches a target only if it names it.
  /// - Throws: ``DataError`` where columns or cells are missing or wrong, or a step does not fit its column.
  public static func fit(
    steps: [PreparationStep], table: Table, rows: [Int]? = nil, roles: Roles, targetKind: TargetKind
  ) throws(DataError) -> Preprocessor {
    let chosen = (rows ?? Array(0..<table.rowCount)).filter { $0 >= 0 && $0 < table.rowCount }
    let plan = try StepPlan(steps: steps, table: table, roles: roles)
    let features = try columns(named: roles.features, in: table)
    let targets = try columns(named: roles.targets, in: table)
    if let weight = roles.weight { _ = try columns(named: [weight], in: table) }

    var inputs: [InputColumn] = []
    var unfilled: [ColumnCount] = []
    var spreads: [(name: String, deviation: Double)] = []
    for column in features {
      let fitter = ColumnFitter(column: column, table: table, rows: chosen, plan: plan)
      switch column.kind {
      case .numeric:
        let fitted = try fitter.number()
        inputs.append(fitted.input)
        if fitted.missing > 0, case .number(nil, _) = fitted.input.encoding {
          unfilled.append(ColumnCount(column: column.name, count: fitted.missing))
        }
        if fitted.deviation > 0 { spreads.append((column.name, fitted.deviation)) }
      case .categorical:
        inputs.append(try fitter.category())
      }
    }
    guard unfilled.isEmpty else { throw .missingValues(source: table.source, columns: unfilled) }

    var outputs: [TargetColumn] = []
    var classes: [String]?
    switch targetKind {
    case .numeric:
      for column in targets {
        let fitter = ColumnFitter(column: column, table: table, rows: chosen, plan: plan)
        outputs.append(TargetColumn(name: column.name, scaling: try fitter.targetScaling()))
      }
    case .binary, .multiclass:
      outputs = targets.map { TargetColumn(name: $0.name) }
      classes = try findClasses(targets, table: table, kind: targetKind)
    }
    let fitted = Preprocessor(
      inputs: inputs, outputs: outputs, weight: roles.weight, targetKind: targetKind, classes: classes,
      scaleWarnings: scaleWarning(spreads).map { [$0] } ?? [])
    try fitted.checkSize(rows: chosen.count, of: table)
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
    guard case .categorical(let codes, let categories) = column.asCategorical().values else { return nil }
    var occurs = [Bool](repeating: false, count: categories.count)
    for code in codes where code >= 0 && Int(code) < occurs.count { occurs[Int(code)] = true }
    let classes = categories.indices.filter { occurs[$0] }.map { categories[$0] }
    guard classes.count >= 2 else {
      throw .tooFewClasses(source: table.source, column: column.name, found: classes.count)
    }
    if kind == .binary, classes.count != 2 {
      throw .notBinary(source: table.source, column: column.name, found: classes.count)
    }
    return classes
  }

  /// A warning where the largest standard deviation among the features, as the network sees them, is more than a
  /// hundred times the smallest.
  private static func scaleWarning(_ spreads: [(name: String, deviation: Double)]) -> String? {
    guard let largest = spreads.max(by: { $0.deviation < $1.deviation }),
      let smallest = spreads.min(by: { $0.deviation < $1.deviation }),
      largest.deviation > 100 * smallest.deviation
    else { return nil }
    return "the features are on very different scales: \(shown(largest.name)) has a standard deviation of "
      + "\(shortestText(roundedForText(largest.deviation))), \(shown(smallest.name)) of "
      + "\(shortestText(roundedForText(smallest.deviation)))"
  }

  /// Three significant digits.
  private static func roundedForText(_ value: Double) -> Float {
    var power = 1.0
    while value * power < 100, power < 1e30 { power *= 10 }
    while value * power >= 1000, power > 1e-30 { power /= 10 }
    return Float((value * power).rounded() / power)
  }
}

/// Which step covers which column, and which stands before which.
struct StepPlan {
  private let steps: [PreparationStep]

  /// - Throws: ``DataError`` where a step names a column that is not there, a target that it cannot touch, or one that
  ///   another step of its kind names, too.
  init(steps: [PreparationStep], table: Table, roles: Roles) throws(DataError) {
    self.steps = steps
    var seen: Set<String> = []
    for step in steps {
      guard let names = step.columns else {
        guard seen.insert(step.name).inserted else {
          throw .preparationMismatch("two \(step.name) steps are for every column; let one name its columns")
        }
        continue
      }
      for name in names {
        guard table[name] != nil else {
          throw .unknownColumn(source: table.source, column: name, available: table.columnNames)
        }
        var isAllowed = roles.features.contains(name)
        if case .scale = step { isAllowed = isAllowed || roles.targets.contains(name) }
        guard isAllowed else {
          throw .preparationMismatch("\(step.name) names column \(shown(name)), which is not a feature")
        }
        guard seen.insert(step.name + " " + name).inserted else {
          throw .repeatedStep(column: name, step: step.name)
        }
      }
    }
  }

  /// The place among the steps of the one that `matches` and covers the column: the one that names it, else one for
  /// every column.
  private func index(_ column: String, isTarget: Bool, where matches: (PreparationStep) -> Bool) -> Int? {
    let named = steps.indices.first { matches(steps[$0]) && steps[$0].columns?.contains(column) == true }
    if let named { return named }
    return isTarget ? nil : steps.indices.first { matches(steps[$0]) && steps[$0].columns == nil }
  }

  func scale(_ column: String, isTarget: Bool = false) -> (kind: ScaleKind, index: Int, isNamed: Bool)? {
    let index = index(column, isTarget: isTarget) { if case .scale = $0 { true } else { false } }
    guard let index, case .scale(let kind, let columns) = steps[index] else { return nil }
    return (kind, index, columns != nil)
  }

  func impute(_ column: String) -> (kind: ImputeKind, indicator: Bool, index: Int, isNamed: Bool)? {
    let index = index(column, isTarget: false) { if case .impute = $0 { true } else { false } }
    guard let index, case .impute(let kind, let indicator, let columns) = steps[index] else { return nil }
    return (kind, indicator, index, columns != nil)
  }

  func encode(_ column: String) -> (kind: EncodeKind, isNamed: Bool)? {
    let index = index(column, isTarget: false) { if case .encode = $0 { true } else { false } }
    guard let index, case .encode(let kind, let columns) = steps[index] else { return nil }
    return (kind, columns != nil)
  }
}
