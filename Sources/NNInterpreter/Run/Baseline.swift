import NNEngine

/// What always giving the training rows' mean, or their commonest class, would reach on the rows that a fit watched (or, if
/// it watched none, trained on).
struct Baseline {
  let target: TargetPlan
  let training: any RowSource
  let validation: (any RowSource)?

  /// - Returns: nil where the comparison cannot be made; the fit itself went well.
  func compared(with network: Network, threads: Int?) -> RunEvent.Baseline? {
    let rows = validation ?? training
    let loss = Catalog.makeLoss(target.loss).loss
    let isClass = target.kind != .numeric
    let constant: [Float]
    var metrics: [any Metric] = []
    guard let means = try? means() else { return nil }
    if isClass {
      var compile = CompileOptions()
      compile.setMetrics([(Component(kind: .metric, name: "accuracy"), nil)], weighted: [])
      guard let accuracy = try? target.metrics(compile, outputs: network.outputWidth) else { return nil }
      metrics = accuracy
      constant = commonestClass(means, outputs: network.outputWidth)
    } else {
      constant = means.columns.map { Float($0) }
    }
    do {
      let dull = try Self.network(inputWidth: rows.shape.features, giving: constant)
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
    guard let means = try? means() else { return nil }
    var constant = means.columns.map { Float($0) }
    if target.kind != .numeric, target.form != .oneHot, outputs > 1 {
      let total = means.counts.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value }
      constant = (0..<outputs).map { Float((means.counts[Float($0)] ?? 0) / max(total, 1e-30)) }
    }
    if constant.count != outputs { constant = commonestClass(means, outputs: outputs) }
    return try? Self.network(inputWidth: training.shape.features, giving: constant)
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

  /// Weighted means of the training rows' targets, and what the rows of each first target count together.
  private struct Means {
    var columns: [Double]
    var counts: [Float: Double]
  }

  private func means() throws(EngineError) -> Means {
    let width = training.shape.targets
    var sums = [Double](repeating: 0, count: width)
    var counts: [Float: Double] = [:]
    var total = 0.0
    let count = training.rowCount
    let part = max(min(training.windowRows, count), 1)
    var start = 0
    while start < count {
      let rows = try training.rows([start..<min(start + part, count)])
      let targets = rows.targets
      for row in 0..<targets.rows {
        let weight = rows.weights.map { row < $0.count ? Double($0[row]) : 1 } ?? 1
        total += weight
        for column in 0..<width { sums[column] += weight * Double(targets.values[row * width + column]) }
        if target.kind != .numeric, target.form != .oneHot, width > 0 {
          counts[targets.values[row * width], default: 0] += weight
        }
      }
      start += part
    }
    return Means(columns: sums.map { total > 0 ? $0 / total : 0 }, counts: counts)
  }

  /// Outputs that name the training rows' commonest class.
  private func commonestClass(_ means: Means, outputs: Int) -> [Float] {
    if target.form == .oneHot {
      let shares = means.columns.map { Float($0) }
      let best = shares.indices.max { shares[$0] < shares[$1] } ?? 0
      return shares.indices.map { $0 == best ? 1 : 0 }
    }
    let best = means.counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? 0
    if outputs == 1 { return [best] }
    return (0..<outputs).map { Float($0) == best ? 1 : 0 }
  }
}
