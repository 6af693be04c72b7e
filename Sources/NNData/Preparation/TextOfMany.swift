/// A text feature of so many different values that a column for each would teach nothing but the rows themselves.
public struct TextOfMany: Sendable, Hashable {
  public var column: String
  /// Different values in the training rows, and the rows that have one.
  public var categories: Int
  public var rows: Int
  public var holdsDates: Bool

  /// The most categories that become columns without being asked.
  static let most = 1000
  /// From so many on, a column more than half of whose rows have a value of their own is one of names.
  static let mostNames = 50

  /// - Parameter rows: those that have a text.
  static func isMany(categories: Int, rows: Int) -> Bool {
    categories > most || categories > mostNames && categories * 2 > rows
  }
}

extension Preprocessor {
  /// The text features that no `encode` covers and that have too many values for it, by the training rows.
  ///
  /// - Throws: ``DataError`` where a step does not fit its columns.
  public static func textsOfMany(
    steps: [PreparationStep], table: Table, rows: [Int]? = nil, roles: Roles
  ) throws(DataError) -> [TextOfMany] {
    try textsOfMany(
      steps: steps, table: table, rows: .table(rows ?? Array(0..<table.rowCount)), roles: roles)
  }

  static func textsOfMany(
    steps: [PreparationStep], table: Table, rows: TrainingCells, roles: Roles
  ) throws(DataError) -> [TextOfMany] {
    var found: [TextOfMany] = []
    var plan: StepPlan?
    for name in roles.features {
      guard let column = table[name], case .categorical(_, let texts) = column.values,
        texts.count > TextOfMany.mostNames
      else { continue }
      let known: StepPlan
      if let plan { known = plan } else { known = try StepPlan(steps: steps, table: table, roles: roles) }
      plan = known
      let fitter = try CategoryFitter(column: column, table: table, rows: rows, plan: known)
      let (categories, filled) = (fitter.categoryCount, fitter.filledCount)
      guard TextOfMany.isMany(categories: categories, rows: filled),
        known.encode(name, hasDates: { fitter.hasDates }) == nil
      else { continue }
      found.append(
        TextOfMany(column: name, categories: categories, rows: filled, holdsDates: fitter.hasDates))
    }
    return found
  }
}
