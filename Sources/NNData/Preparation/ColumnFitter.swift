import NNEngine

/// Learns one column from the training rows.
struct ColumnFitter {
  let column: Column
  let table: Table
  let rows: [Int]
  let plan: StepPlan

  /// A numeric feature, the number of its missing cells, and the standard deviation of what the network sees.
  func number() throws(DataError) -> (input: InputColumn, missing: Int, deviation: Double) {
    if let encode = plan.encode(column.name), encode.isNamed { throw wrongKind(expected: .categorical) }
    let all = try numbers(of: column, table: table)
    let filled = rows.lazy.map { all[$0] }.filter { !$0.isNaN }
    var sample = Array(filled)
    let missing = rows.count - sample.count
    let impute = plan.impute(column.name)
    var fill: Float?
    if let impute { fill = try numericFill(impute, sample) }
    let scale = plan.scale(column.name)
    if let fill, let impute, missing > 0, let scale, impute.index < scale.index {
      sample.append(contentsOf: repeatElement(fill, count: missing))
    }
    let scaling = scale.map { learnScaling($0.kind, of: sample) }
    let statistics = ColumnStatistics(sample)
    let isConstant = sample.isEmpty || statistics.minimum == statistics.maximum
    let input = InputColumn(
      name: column.name, encoding: .number(fill: fill, scaling: scaling),
      hasIndicator: impute?.indicator == true && fill != nil && missing > 0, hadMissing: missing > 0)
    return (
      input, missing, isConstant ? 0 : statistics.standardDeviation / (scaling?.scale ?? 1)
    )
  }

  /// A categorical feature; its categories are those of the training rows.
  func category() throws(DataError) -> InputColumn {
    guard case .categorical(let codes, let texts) = column.values else {
      throw wrongKind(expected: .categorical)
    }
    var counts = [Int](repeating: 0, count: texts.count)
    var missing = 0
    for row in rows {
      let code = Int(codes[row])
      if code >= 0, code < counts.count { counts[code] += 1 } else { missing += 1 }
    }
    var categories = texts.indices.filter { counts[$0] > 0 }.map { texts[$0] }
    let impute = plan.impute(column.name)
    var fill: String?
    if let impute { fill = try categoricalFill(impute, counts: counts, texts: texts) }
    if let fill, missing > 0, CategoryLookup(categories).place(of: fill) == nil {
      categories = sortedCategories(categories + [fill])
    }
    let encode = plan.encode(column.name)?.kind ?? .onehot
    let scale = plan.scale(column.name).flatMap { $0.isNamed ? $0.kind : nil }
    let encoding: InputColumn.Encoding
    switch encode {
    case .onehot:
      guard scale == nil else { throw wrongKind(expected: .numeric) }
      encoding = .oneHot(categories: categories, fill: fill)
    case .ordinal:
      let lookup = CategoryLookup(categories)
      let places = texts.map { lookup.place(of: $0) }
      let fillPlace = fill.flatMap { lookup.place(of: $0) } ?? -1
      let sample = rows.map { row -> Float in
        let code = Int(codes[row])
        return Float(code >= 0 && code < places.count ? places[code] ?? -1 : fillPlace)
      }
      encoding = .ordinal(
        categories: categories, fill: fill, scaling: scale.map { learnScaling($0, of: sample) })
    }
    return InputColumn(
      name: column.name, encoding: encoding,
      hasIndicator: impute?.indicator == true && fill != nil && missing > 0, hadMissing: missing > 0)
  }

  /// The scaling of a numeric target, where a step names it.
  func targetScaling() throws(DataError) -> Scaling? {
    let all = try numbers(of: column, table: table)
    let sample = rows.map { all[$0] }
    let missing = sample.reduce(0) { $0 + ($1.isNaN ? 1 : 0) }
    guard missing == 0 else {
      throw .missingTargets(source: table.source, column: column.name, count: missing)
    }
    return plan.scale(column.name, isTarget: true).map { learnScaling($0.kind, of: sample) }
  }

  // MARK: Filling

  private typealias Impute = (kind: ImputeKind, indicator: Bool, index: Int, isNamed: Bool)

  private func numericFill(_ impute: Impute, _ sample: [Float]) throws(DataError) -> Float? {
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

  private func categoricalFill(_ impute: Impute, counts: [Int], texts: [String]) throws(DataError) -> String?
  {
    switch impute.kind {
    case .mean, .median:
      guard !impute.isNamed else { throw wrongKind(expected: .numeric) }
      return nil
    case .value(let text):
      // A number that is for every column is for the numeric ones.
      return impute.isNamed || parseFloat(text) == nil ? text : nil
    case .mode:
      guard let most = counts.max(), most > 0, let place = counts.firstIndex(of: most) else {
        throw .noUsableValue(source: table.source, column: column.name, what: "mode to fill with")
      }
      return texts[place]
    }
  }

  private func wrongKind(expected: ColumnKind) -> DataError {
    .wrongKind(source: table.source, column: column.name, found: column.kind, expected: expected)
  }

  // MARK: Scaling

  private func learnScaling(_ kind: ScaleKind, of sample: [Float]) -> Scaling {
    guard !sample.isEmpty else { return Scaling(kind: kind, offset: 0, scale: 1) }
    let statistics = ColumnStatistics(sample)
    let low = Double(statistics.minimum)
    let high = Double(statistics.maximum)
    // Sums of equal numbers are rounded, so that the deviation of a constant column is not always 0.
    let isConstant = low == high
    switch kind {
    case .standard:
      let deviation = isConstant ? 0 : statistics.standardDeviation
      return Scaling(kind: kind, offset: isConstant ? low : statistics.mean, scale: usable(deviation))
    case .minmax:
      return Scaling(kind: kind, offset: low, scale: usable(high - low))
    case .robust:
      let sorted = sample.sorted()
      let range = quantile(0.75, of: sorted) - quantile(0.25, of: sorted)
      return Scaling(kind: kind, offset: quantile(0.5, of: sorted), scale: usable(range))
    }
  }

  private func usable(_ scale: Double) -> Double { scale > 0 && scale.isFinite ? scale : 1 }

  /// By linear interpolation between the two nearest (the default of NumPy's `quantile`).
  private func quantile(_ share: Double, of sorted: [Float]) -> Double {
    guard let last = sorted.indices.last else { return 0 }
    let position = share * Double(last)
    let lower = min(Int(position), last)
    let upper = min(lower + 1, last)
    let fraction = position - Double(lower)
    let low = Double(sorted[lower])
    return low + (Double(sorted[upper]) - low) * fraction
  }
}
