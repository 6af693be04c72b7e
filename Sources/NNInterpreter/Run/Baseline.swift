import NNEngine

/// What always giving the training rows' mean, or their commonest class, would reach on the rows that a fit watched (or, if
/// it watched none, trained on).
struct Baseline {
  let target: TargetPlan
  let training: Dataset
  let validation: Dataset?

  /// - Returns: nil where the comparison cannot be made; the fit itself went well.
  func compared(with network: Network, threads: Int?) -> RunEvent.Baseline? {
    let rows = validation ?? training
    let loss = Catalog.makeLoss(target.loss).loss
    let isClass = target.kind != .numeric
    let constant: [Float]
    var metrics: [any Metric] = []
    if isClass {
      var compile = CompileOptions()
      compile.setMetrics([(Component(kind: .metric, name: "accuracy"), nil)], weighted: [])
      guard let accuracy = try? target.metrics(compile, outputs: network.outputWidth) else { return nil }
      metrics = accuracy
      constant = commonestClass(outputs: network.outputWidth)
    } else {
      constant = columnMeans(training.targets)
    }
    do {
      let dull = try Self.network(inputWidth: rows.features.columns, giving: constant)
      let measure = isClass ? "accuracy" : "loss"
      let own = try evaluate(network, on: rows, loss: loss, metrics: metrics, threads: threads)
      let other = try evaluate(dull, on: rows, loss: loss, metrics: metrics, threads: threads)
      guard let ownValue = own.first(where: { $0.name == measure })?.value,
        let otherValue = other.first(where: { $0.name == measure })?.value
      else { return nil }
      return RunEvent.Baseline(
        rows: validation == nil ? "training" : "validation",
        predictor: isClass ? "always the commonest class" : "predicting the mean", measure: measure,
        model: ownValue, value: otherValue)
    } catch {
      return nil
    }
  }

  /// A network that says the same of every row: the training rows' mean, or each class as likely as it is among them, which no
  /// other constant beats by the loss.
  func network(like network: Network) -> Network? {
    let outputs = network.outputWidth
    var constant = target.kind == .numeric ? columnMeans(training.targets) : shares(outputs: outputs)
    if constant.count != outputs { constant = commonestClass(outputs: outputs) }
    return try? Self.network(inputWidth: training.features.columns, giving: constant)
  }

  private static func network(inputWidth: Int, giving constant: [Float]) throws(EngineError) -> Network {
    var dull = try Network(
      inputWidth: inputWidth, layers: [Dense(units: constant.count, activation: Linear())])
    dull.initializeWeights(seed: 0)
    try dull.setParameter(
      name: "layers.0.kernel", shape: [inputWidth, constant.count],
      values: [Float](repeating: 0, count: inputWidth * constant.count))
    try dull.setParameter(name: "layers.0.bias", shape: [constant.count], values: constant)
    return dull
  }

  /// Each class's share of the training rows, by weight.
  private func shares(outputs: Int) -> [Float] {
    if target.form == .oneHot || outputs == 1 { return columnMeans(training.targets) }
    var sums = [Double](repeating: 0, count: outputs)
    var total = 0.0
    for (row, value) in training.targets.values.enumerated() {
      guard let place = Int(exactly: value), sums.indices.contains(place) else { continue }
      sums[place] += weight(row)
      total += weight(row)
    }
    return sums.map { Float(total > 0 ? $0 / total : 0) }
  }

  /// Outputs that name the training rows' commonest class.
  private func commonestClass(outputs: Int) -> [Float] {
    let means = columnMeans(training.targets)
    if target.form == .oneHot {
      let best = means.indices.max { means[$0] < means[$1] } ?? 0
      return means.indices.map { $0 == best ? 1 : 0 }
    }
    var counts: [Float: Double] = [:]
    for (row, value) in training.targets.values.enumerated() { counts[value, default: 0] += weight(row) }
    let best = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? 0
    if outputs == 1 { return [best] }
    return (0..<outputs).map { Float($0) == best ? 1 : 0 }
  }

  private func columnMeans(_ matrix: Matrix) -> [Float] {
    guard matrix.rows > 0, matrix.columns > 0 else { return [] }
    var sums = [Double](repeating: 0, count: matrix.columns)
    var total = 0.0
    for row in 0..<matrix.rows {
      total += weight(row)
      for column in 0..<matrix.columns {
        sums[column] += weight(row) * Double(matrix.values[row * matrix.columns + column])
      }
    }
    return sums.map { Float(total > 0 ? $0 / total : 0) }
  }

  /// What a training row counts.
  private func weight(_ row: Int) -> Double {
    guard let weights = training.weights, row < weights.count else { return 1 }
    return Double(weights[row])
  }
}
