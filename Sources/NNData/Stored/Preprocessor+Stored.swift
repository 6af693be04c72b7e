import NNEngine

extension Preprocessor {
  /// Learns the preparation of a stored table, to the bits of what is learned of the same rows in memory.
  ///
  /// - Parameter ranks: those that learn the same, each a share of the features.
  /// - Throws: ``DataError`` as ``fit(steps:table:rows:roles:targetKind:)`` does, and where the table cannot be read.
  public static func fit(
    steps: [PreparationStep], stored rows: StoredRows, roles: Roles, targetKind: TargetKind,
    ranks: (any Ranks)? = nil
  ) throws(DataError) -> Preprocessor {
    try fit(
      steps: steps, table: rows.table.excerpt, rows: .stored(rows), roles: roles, targetKind: targetKind,
      ranks: ranks)
  }

  /// The text features of a stored table that no `encode` covers and that have too many values for it.
  public static func textsOfMany(
    steps: [PreparationStep], stored rows: StoredRows, roles: Roles
  ) throws(DataError) -> [TextOfMany] {
    try textsOfMany(steps: steps, table: rows.table.excerpt, rows: .stored(rows), roles: roles)
  }

  /// How many of the rows each class has, where the target is one.
  public func classCounts(of rows: StoredRows) throws(DataError) -> [Int] {
    try classCounts(of: rows.table.excerpt, rows: .stored(rows))
  }
}
