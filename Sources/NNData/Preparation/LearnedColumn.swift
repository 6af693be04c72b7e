import NNEngine

/// What is learned of a feature, with what is to be said of it.
struct LearnedColumn {
  var input: InputColumn
  /// Missing cells of numbers, which nothing fills.
  var unfilled = 0
  /// The standard deviation of numbers as the network sees them; 0 for a constant one.
  var deviation: Double?
  /// Whole numbers, each one more than that of the row before.
  var countsRows = false
  var remark: PreparationRemark?

  init(_ column: Column, table: Table, rows: TrainingCells, plan: StepPlan) throws(DataError) {
    if column.kind == .numeric, !plan.namesEncoding(of: column.name) {
      let fitted = try ColumnFitter(column: column, table: table, rows: rows, plan: plan).number()
      input = fitted.input
      if case .number(nil, _) = fitted.input.encoding { unfilled = fitted.missing }
      deviation = fitted.deviation
      countsRows = fitted.countsRows
    } else {
      (input, remark) = try CategoryFitter(column: column, table: table, rows: rows, plan: plan).fitted()
    }
  }

  /// Learns each column on one of the ranks, if there are several, which then tell each other: the same as if one had learned them
  /// all, and no rank reads more than its share of a stored table.
  static func all(
    of columns: [Column], ranks: (any Ranks)?, _ learn: (Column) throws(DataError) -> LearnedColumn
  ) throws(DataError) -> [LearnedColumn] {
    if let ranks, ranks.count > 1 {
      var own: [JSONValue] = []
      var hasFailed = false
      for place in stride(from: ranks.rank, to: columns.count, by: ranks.count) where !hasFailed {
        do throws(DataError) { own.append(try learn(columns[place]).json) } catch { hasFailed = true }
      }
      let shares = ranks.gather(hasFailed ? [] : Array(JSONValue.array(own).text().utf8)).map { bytes in
        (try? JSONValue(parsing: String(decoding: bytes, as: UTF8.self)))?.array
      }
      let learned = columns.indices.compactMap { place -> LearnedColumn? in
        guard let share = shares[place % ranks.count], place / ranks.count < share.count else { return nil }
        return try? LearnedColumn(json: share[place / ranks.count])
      }
      if learned.count == columns.count { return learned }
    }
    // What is wrong with a column all find for themselves, the first one first.
    var learned: [LearnedColumn] = []
    for column in columns { learned.append(try learn(column)) }
    return learned
  }

  private var json: JSONValue {
    .object([
      "input": input.json, "unfilled": .integer(unfilled), "deviation": deviation.map { .double($0) },
      "counts_rows": .bool(countsRows), "constant": remark == .constant([input.name]) ? .bool(true) : nil,
      "day_or_month": remark == .dayOrMonth(input.name) ? .bool(true) : nil,
    ])
  }

  private init(json: JSONValue) throws(JSONError) {
    input = try InputColumn(json: try json.need("input", "", "a feature", \.self), path: "input")
    unfilled = try json.need("unfilled", "", "a whole number", \.int)
    deviation = try json.take("deviation", "", "a number", \.double)
    countsRows = try json.need("counts_rows", "", "true or false", \.bool)
    if json["constant"] != nil { remark = .constant([input.name]) }
    if json["day_or_month"] != nil { remark = .dayOrMonth(input.name) }
  }
}
