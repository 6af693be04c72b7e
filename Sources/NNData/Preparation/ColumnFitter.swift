import NNEngine

/// Learns a column of numbers from the training rows.
struct ColumnFitter {
  let column: Column
  let table: Table
  let rows: [Int]
  let plan: StepPlan

  /// A numeric feature as learned.
  struct FittedNumber {
    var input: InputColumn
    /// The number of its missing cells.
    var missing: Int
    /// The standard deviation of what the network sees; 0 for a constant one.
    var deviation: Double
    /// Whole numbers, each one more than that of the row before.
    var countsRows: Bool
  }

  func number() throws(DataError) -> FittedNumber {
    let all = try numbers(of: column, table: table)
    var sample: [Float] = []
    sample.reserveCapacity(rows.count)
    for row in rows where !all[row].isNaN { sample.append(all[row]) }
    let missing = rows.count - sample.count
    let countsRows = missing == 0 && sample.count >= 10 && Self.goesUpByOne(rows, all)
    let impute = plan.impute(column.name)
    var fill: Float?
    if let impute { fill = try numericFill(impute, sample) }
    let scale = plan.scale(column.name)
    if let fill, let impute, missing > 0, let scale, impute.index < scale.index {
      sample.append(contentsOf: repeatElement(fill, count: missing))
    }
    let scaling = scale.map { Scaling($0.kind, of: sample) }
    let statistics = ColumnStatistics(sample)
    let isConstant = sample.isEmpty || statistics.minimum == statistics.maximum
    let input = InputColumn(
      name: column.name, encoding: .number(fill: fill, scaling: scaling),
      hasIndicator: impute?.indicator == true && fill != nil && missing > 0, hadMissing: missing > 0)
    // Shares from 0 to 1 are spread evenly.
    let deviation =
      scaling?.kind == .quantile
      ? (1.0 / 12).squareRoot() : statistics.standardDeviation / (scaling?.scale ?? 1)
    return FittedNumber(
      input: input, missing: missing, deviation: isConstant ? 0 : deviation, countsRows: countsRows)
  }

  /// Whether the numbers count the table's rows, of which some may be left out.
  private static func goesUpByOne(_ rows: [Int], _ numbers: [Float]) -> Bool {
    guard let first = rows.first, numbers[first].rounded(.towardZero) == numbers[first] else { return false }
    // Beyond 2^24 a float cannot go up by one.
    let start = Double(numbers[first]) - Double(first)
    return rows.allSatisfy { Double(numbers[$0]) - Double($0) == start }
  }

  /// The scaling of a numeric target, where a step names it.
  func targetScaling() throws(DataError) -> Scaling? {
    let all = try numbers(of: column, table: table)
    let sample = rows.map { all[$0] }
    let missing = sample.reduce(0) { $0 + ($1.isNaN ? 1 : 0) }
    guard missing == 0 else {
      throw .missingTargets(source: table.source, column: column.name, count: missing)
    }
    return plan.scale(column.name, isTarget: true).map { Scaling($0.kind, of: sample) }
  }

  private func numericFill(_ impute: StepPlan.Impute, _ sample: [Float]) throws(DataError) -> Float? {
    if case .value(let text) = impute.kind {
      if let value = parseFloat(text) { return value }
      guard impute.isNamed else { return nil }
      throw .notANumber(text: text, column: column.name)
    }
    guard !sample.isEmpty else {
      throw .noUsableValue(source: table.source, column: column.name, what: "\(impute.kind) to fill with")
    }
    switch impute.kind {
    case .mean: return Float(ColumnStatistics(sample).mean)
    case .median: return Float(quantile(0.5, of: sample.sorted()))
    case .mode, .value:
      var counts: [Float: Int] = [:]
      for value in sample { counts[value == 0 ? 0 : value, default: 0] += 1 }
      return counts.max { $0.value != $1.value ? $0.value < $1.value : $0.key > $1.key }?.key
    }
  }
}
