import NNEngine

/// Learns a column of numbers from the training rows.
struct ColumnFitter {
  let column: Column
  let table: Table
  let rows: TrainingCells
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
    let numbers = try rows.cells(of: column).numbers(of: table)
    var sample = numbers.sample
    let missing = numbers.missing
    let impute = plan.impute(column.name)
    var fill: Float?
    if let impute { fill = try numericFill(impute, sample) }
    let scale = plan.scale(column.name)
    if let fill, let impute, missing > 0, let scale, impute.index < scale.index {
      sample = sample.appending(fill, count: missing)
    }
    let statistics = try sample.statistics()
    let scaling = try scaling(scale?.kind, of: sample, statistics)
    let isConstant = sample.count == 0 || statistics.minimum == statistics.maximum
    let input = InputColumn(
      name: column.name, encoding: .number(fill: fill, scaling: scaling),
      hasIndicator: impute?.indicator == true && fill != nil && missing > 0, hadMissing: missing > 0)
    // Shares from 0 to 1 are spread evenly.
    let deviation =
      scaling?.kind == .quantile
      ? (1.0 / 12).squareRoot() : statistics.standardDeviation / (scaling?.scale ?? 1)
    return FittedNumber(
      input: input, missing: missing, deviation: isConstant ? 0 : deviation, countsRows: numbers.countsRows)
  }

  private func scaling(
    _ kind: ScaleKind?, of sample: Sample, _ statistics: ColumnStatistics
  ) throws(DataError) -> Scaling? {
    guard let kind else { return nil }
    return try Scaling(kind, of: sample, statistics)
  }

  /// The scaling of a numeric target, where a step names it.
  func targetScaling() throws(DataError) -> Scaling? {
    let numbers = try rows.cells(of: column).numbers(of: table)
    guard numbers.missing == 0 else {
      throw .missingTargets(source: table.source, column: column.name, count: numbers.missing)
    }
    let kind = plan.scale(column.name, isTarget: true)?.kind
    guard let kind else { return nil }
    return try Scaling(kind, of: numbers.sample, numbers.sample.statistics())
  }

  private func numericFill(_ impute: StepPlan.Impute, _ sample: Sample) throws(DataError) -> Float? {
    if case .value(let text) = impute.kind {
      if let value = parseFloat(text) { return value }
      guard impute.isNamed else { return nil }
      throw .notANumber(text: text, column: column.name)
    }
    guard sample.count > 0 else {
      throw .noUsableValue(source: table.source, column: column.name, what: "\(impute.kind) to fill with")
    }
    switch impute.kind {
    case .mean: return Float(try sample.statistics().mean)
    case .median: return Float(try sample.quantiles([0.5])[0])
    case .mode, .value: return try sample.mode(of: column.name, limit: ColumnFacts.mostDistinct)
    }
  }
}
