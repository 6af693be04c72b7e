import NNData
import NNEngine
import Synchronization

/// What no run should be worse than: the training rows' mean or commonest class, and a linear model, measured on the rows that
/// the runs were measured on. Over folds their metrics are means, as the runs' are.
struct RunsBaselines {
  let runs: Runs
  let context: RunContext

  /// Rows that a linear model learns from, at most, and the steps that it takes.
  private static let mostRows = 1 << 15
  private static let steps = 2000

  /// - Parameter kept: what an earlier sweep found for a run's rows.
  func measured() -> [Runs.Baseline] {
    let places = representatives
    let found = Mutex<[Int: [Runs.Baseline]]>([:])
    let experiments = places.map { runs.rows[$0].experiment ?? (try? runs.rows[$0].experiment(context)) }
    let pool = RunPool(threads: max(1, min(context.options.threads ?? machineThreads, machineThreads)))
    pool.run(count: places.count, isAlone: false) { index, threads in
      guard let experiment = experiments[index] else { return }
      let own = Self.baselines(experiment, threads: threads)
      found.withLock { $0[index] = own }
    }
    let all = found.withLock { found in places.indices.compactMap { found[$0] } }
    guard let first = all.first, all.count == places.count else { return [] }
    return first.compactMap { baseline in
      var mean = baseline
      mean.metrics = baseline.metrics.map { metric in
        let values = all.compactMap { own in
          own.first { $0.name == baseline.name }?.metrics.first { $0.name == metric.name }?.value
        }
        return (metric.name, Difference.moments(values).mean)
      }
      return mean.metrics.isEmpty ? nil : mean
    }
  }

  /// A run for each set of rows.
  private var representatives: [Int] {
    var seen: [(training: Int?, fold: String)] = []
    return runs.rows.indices.filter { index in
      let run = runs.rows[index]
      guard run.status == .done || run.status == .halved else { return false }
      let fold = run.settings.filter { $0.name == "fold" || $0.name == "repeat" }.map(\.text)
        .joined(separator: " ")
      let key = (run.trainingRows, fold)
      if seen.contains(where: { $0 == key }) { return false }
      seen.append(key)
      return true
    }
  }

  /// Both, on one run's rows; none where they cannot be had.
  private static func baselines(_ experiment: Experiment, threads: Int) -> [Runs.Baseline] {
    guard let model = experiment.model, let trained = model.trained, let data = experiment.data,
      let table = data.table
    else { return [] }
    let target = trained.target
    func rows(_ rows: [Int]?) -> Dataset? {
      try? trained.preprocessor.dataset(
        table, rows: table.rows(rows, filledIn: target.roles.targets), target
      ).dataset
    }
    guard let training = rows(data.split?.training), training.features.rows > 0 else { return [] }
    var measured: [(prefix: String, rows: Dataset)] = []
    let validation = data.split?.validation ?? []
    if !validation.isEmpty, let rows = rows(validation) {
      measured.append(("val_", rows))
    } else {
      measured.append(("", training))
    }
    let test = data.split?.test ?? []
    if experiment.metrics.contains(where: { $0.name == "test_loss" }), !test.isEmpty, let rows = rows(test) {
      measured.append(("test_", rows))
    }
    var baselines: [Runs.Baseline] = []
    let isClass = target.kind != .numeric
    let candidates: [(String, Network?)] = [
      (
        isClass ? "commonest" : "mean",
        Baseline(target: target, training: training, validation: nil).network(like: trained.network)
      ),
      ("linear", linear(training, target, like: trained.network, threads: threads)),
    ]
    for (name, network) in candidates {
      guard let network, let metrics = try? target.metrics(model.compile, outputs: network.outputWidth) else {
        continue
      }
      var values: [(name: String, value: Double)] = []
      for (prefix, rows) in measured {
        let own = try? NNEngine.evaluate(
          network, on: rows, loss: Catalog.makeLoss(target.loss).loss, metrics: metrics, threads: threads)
        values += (own ?? []).map { (prefix + $0.name, $0.value) }
      }
      baselines.append(Runs.Baseline(name: name, metrics: values))
    }
    return baselines
  }

  /// One dense layer, trained on features (and, where the loss does not mind, targets) of mean 0 and deviation 1; the weights are
  /// then those for the numbers as they are.
  private static func linear(
    _ training: Dataset, _ target: TargetPlan, like network: Network, threads: Int
  ) -> Network? {
    let width = training.features.columns
    let outputs = network.outputWidth
    let product = Catalog.makeLoss(target.loss)
    let activation = Catalog.makeActivation(product.outputActivation)
    // Enough rows for as few weights, evenly over the table.
    let stride = max(1, training.features.rows / mostRows)
    let rows = Swift.stride(from: 0, to: training.features.rows, by: stride).map { $0 }
    let inputs = standardized(training.features, rows)
    let isScaled =
      target.kind == .numeric && product.outputActivation.name == "linear"
      && ["mse", "mean_squared_error", "mae", "mean_absolute_error"].contains(target.loss.name)
    let answers = isScaled ? standardized(training.targets, rows) : plain(training.targets, rows)
    let sample = Dataset(
      features: inputs.matrix, targets: answers.matrix,
      weights: training.weights.map { weights in rows.map { weights[$0] } })
    do {
      var made = try Network(inputWidth: width, layers: [Dense(units: outputs, activation: activation)])
      made.initializeWeights(seed: 0)
      let batch = 64
      let batches = max(1, (rows.count + batch - 1) / batch)
      var trainer = try Trainer(
        network: made, loss: product.loss,
        options: FitOptions(
          epochs: (steps + batches - 1) / batches, batchSize: batch, seed: 0, stepLimit: steps,
          threads: threads))
      var adam = Adam(learningRate: 0.05)
      adam.settings.schedule = CosineDecay(initialLearningRate: 0.05, decaySteps: steps)
      var state = TrainingState(optimizer: adam)
      _ = try trainer.fit(training: sample, state: &state)
      guard var kernel = trainer.network.parameters.first?.values,
        var bias = trainer.network.parameters.last?.values
      else { return nil }
      // y = s·(Σ w·(x − m)/d + b) + c
      for output in 0..<outputs {
        var shift = Double(bias[output])
        for input in 0..<width {
          let weight = Double(kernel[input * outputs + output]) / inputs.deviations[input]
          shift -= weight * inputs.means[input]
          kernel[input * outputs + output] = Float(weight * answers.deviations[output])
        }
        bias[output] = Float(shift * answers.deviations[output] + answers.means[output])
      }
      try made.setParameter(name: "layers.0.kernel", shape: [width, outputs], values: kernel)
      try made.setParameter(name: "layers.0.bias", shape: [outputs], values: bias)
      return kernel.allSatisfy(\.isFinite) && bias.allSatisfy(\.isFinite) ? made : nil
    } catch {
      return nil
    }
  }

  private struct Columns {
    var matrix: Matrix
    var means: [Double]
    var deviations: [Double]
  }

  private static func plain(_ matrix: Matrix, _ rows: [Int]) -> Columns {
    let columns = matrix.columns
    var values: [Float] = []
    values.reserveCapacity(rows.count * columns)
    for row in rows {
      for place in row * columns..<(row + 1) * columns { values.append(matrix.values[place]) }
    }
    // Class ids are one column, whatever comes out.
    let width = max(columns, 4096)
    return Columns(
      matrix: Matrix(rows: rows.count, columns: columns, values: values),
      means: [Double](repeating: 0, count: width), deviations: [Double](repeating: 1, count: width))
  }

  private static func standardized(_ matrix: Matrix, _ rows: [Int]) -> Columns {
    let columns = matrix.columns
    var means = [Double](repeating: 0, count: columns)
    var deviations = [Double](repeating: 1, count: columns)
    var scaled = [Float](repeating: 0, count: rows.count * columns)
    for column in 0..<columns {
      let values = rows.map { Double(matrix.values[$0 * columns + column]) }
      let (mean, variance) = Difference.moments(values)
      let deviation = variance.squareRoot()
      means[column] = mean
      deviations[column] = deviation > 0 && deviation.isFinite ? deviation : 1
      for place in values.indices {
        scaled[place * columns + column] = Float((values[place] - mean) / deviations[column])
      }
    }
    return Columns(
      matrix: Matrix(rows: rows.count, columns: columns, values: scaled), means: means, deviations: deviations
    )
  }
}
