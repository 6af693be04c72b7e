/// Which step covers which column, and which stands before which.
struct StepPlan {
  typealias Impute = (kind: ImputeKind, indicator: Bool, index: Int, isNamed: Bool)

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
        if case .scale(.quantile, _) = step, roles.targets.contains(name) {
          throw .preparationMismatch(
            "scale quantile is for features: what it makes of the target \(shown(name)) cannot be undone exactly"
          )
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

  func impute(_ column: String) -> Impute? {
    let index = index(column, isTarget: false) { if case .impute = $0 { true } else { false } }
    guard let index, case .impute(let kind, let indicator, let columns) = steps[index] else { return nil }
    return (kind, indicator, index, columns != nil)
  }

  /// - Parameter hasDates: whether the column is one for an `encode date` that names none.
  func encode(_ column: String, hasDates: () -> Bool) -> (kind: Encode, isNamed: Bool)? {
    var forDates: Encode?
    var forEvery: Encode?
    for case .encode(let kind, let columns) in steps {
      if let columns {
        if columns.contains(column) { return (kind, true) }
      } else if case .date = kind {
        forDates = kind
      } else {
        forEvery = kind
      }
    }
    if let forDates, hasDates() { return (forDates, false) }
    return forEvery.map { ($0, false) }
  }

  /// Whether an `encode` names the column, so that even numbers are categories.
  func namesEncoding(of column: String) -> Bool {
    steps.contains { if case .encode(_, let columns?) = $0 { columns.contains(column) } else { false } }
  }

  var isBalanced: Bool { steps.contains(.balance) }
}
