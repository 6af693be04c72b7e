import NNEngine

@testable import NNInterpreter

/// How nn's single functions compare with Keras's at the awkward points.
struct PointOutcome: Sendable {
  var items: Set<Item>
  var count = 0
  var worst = 0.0
  var complaints: [String] = []

  /// - Parameter kind: of the things that are judged; others only help.
  private init(_ text: String, kind: ComponentKind) {
    items = ItemReader.items(of: text).filter { $0.kind == kind.rawValue }
  }

  private mutating func note(
    _ expected: Float, _ value: Float, floor: Double = 1e-2, _ what: @autoclosure () -> String
  ) {
    let distance = Distance.numbers(Double(expected), Double(value), floor: floor)
    count += 1
    worst = max(worst, distance)
    if !(distance <= Distance.tolerance) {
      complaints.append("\(what()) is \(value), in Keras \(expected)")
    }
  }

  /// Runs `body` with the compiled model of a text.
  private static func run(
    _ kind: ComponentKind, _ text: String,
    _ body: (inout PointOutcome, ModelPlan, CompileOptions) throws -> Void
  ) -> PointOutcome {
    var outcome = PointOutcome(text, kind: kind)
    do {
      var session = LanguageSession()
      _ = try session.run(text)
      let (plan, options) = try session.compiled()
      try body(&outcome, plan, options)
    } catch let complaint as Complaint {
      outcome.complaints.append("\(text.split(separator: "\n")): \(complaint.text)")
    } catch {
      outcome.complaints.append("\(text.split(separator: "\n")): \(error)")
    }
    return outcome
  }

  // MARK: Activations

  static func activation(_ fixture: PointsFile.Activation, points: [Float]) -> PointOutcome {
    let function = fixture.function
    let plain = "model < activation \(function) >\ncompile loss=mean_squared_error"
    var outcome = run(.activation, plain) { outcome, plan, _ in
      let network = try plan.network(inputWidth: 1, output: nil)
      // `predict` refuses what is not finite.
      for (point, expected) in zip(points, fixture.values.values) where point.isFinite {
        let value = try network.predict(Matrix(rows: 1, columns: 1, values: [point])).values
        outcome.note(expected, value.first ?? .nan, "\(function) at \(point)")
      }
    }
    let text = """
      model < dense units=1 activation=\(function) >
      compile loss=mean_absolute_error optimizer=sgd(learning_rate=1)
      """
    let gradients = run(.activation, text) { outcome, plan, options in
      // TensorFlow takes denormals for zero, which matters where a gradient jumps there.
      for (index, point) in points.enumerated() where point.isFinite && !point.isSubnormal {
        let value = fixture.values.values[index]
        let expected = fixture.gradients.values[index]
        guard value.isFinite, expected.isFinite else { continue }
        // Towards a target far below, the gradient of the mean absolute error is 1.
        let gradient = try Self.gradient(plan, options, at: [point], targets: [value < 0 ? -3e38 : -1])
        // From the output y, as y·(1 − y), one bit of y is 1e-7 of the largest gradient.
        outcome.note(expected, gradient.first ?? .nan, floor: 0.1, "gradient of \(function) at \(point)")
      }
    }
    outcome.add(gradients)
    return outcome
  }

  static func rowActivation(_ fixture: PointsFile.RowActivation, rows: FixtureTensor) -> PointOutcome {
    let function = fixture.function
    let text = """
      model < dense units=\(rows.columns) activation=\(function) >
      compile loss=mean_squared_error optimizer=sgd(learning_rate=1)
      """
    return run(.activation, text) { outcome, plan, options in
      var network = try plan.network(inputWidth: 1, output: nil)
      for row in 0..<rows.rows {
        let inputs = rows.row(row)
        try Self.set(&network, inputs)
        let values = try network.predict(Matrix(rows: 1, columns: 1, values: [1])).values
        for (expected, value) in zip(fixture.values.row(row), values) {
          outcome.note(expected, value, "\(function) of \(inputs)")
        }
        guard fixture.values.row(row).allSatisfy({ abs($0) < 1e18 }) else { continue }
        let gradients = try Self.gradient(plan, options, at: inputs, targets: fixture.targets.values)
        for (expected, value) in zip(fixture.gradients.row(row), gradients) where expected.isFinite {
          outcome.note(expected, value, floor: 0.1, "gradient of \(function) of \(inputs)")
        }
      }
    }
  }

  // MARK: Losses and metrics

  static func loss(_ fixture: PointsFile.Loss) -> PointOutcome {
    let text = """
      model < dense units=\(fixture.outputs.columns) >
      compile loss=\(fixture.loss) optimizer=sgd(learning_rate=1)
      """
    return run(.loss, text) { outcome, plan, options in
      var network = try plan.network(inputWidth: 1, output: nil)
      let loss = try options.engineLoss()
      for row in 0..<fixture.outputs.rows {
        let outputs = fixture.outputs.row(row)
        let targets = fixture.targets.row(row)
        try Self.set(&network, outputs)
        let data = Dataset(
          features: Matrix(rows: 1, columns: 1, values: [1]),
          targets: Matrix(rows: 1, columns: targets.count, values: targets))
        let value = try evaluate(network, on: data, loss: loss).first?.value ?? .nan
        let place = "\(fixture.loss) of \(outputs) for \(targets)"
        outcome.note(fixture.values[row].value, Float(value), place)
        guard value.isFinite else { continue }
        let gradients = try Self.gradient(plan, options, at: outputs, targets: targets)
        for (expected, value) in zip(fixture.gradients.row(row), gradients) where expected.isFinite {
          outcome.note(expected, value, floor: 0.1, "gradient of \(place)")
        }
      }
    }
  }

  static func metric(_ fixture: PointsFile.Metric) -> PointOutcome {
    let text = "model < activation linear >\ncompile loss=\(fixture.loss) metrics=[\(fixture.metric)]"
    return run(.metric, text) { outcome, plan, options in
      let network = try plan.network(inputWidth: fixture.outputs.columns, output: nil)
      let data = Dataset(
        features: Matrix(
          rows: fixture.outputs.rows, columns: fixture.outputs.columns, values: fixture.outputs.values),
        targets: Matrix(
          rows: fixture.targets.rows, columns: fixture.targets.columns, values: fixture.targets.values))
      let values = try evaluate(
        network, on: data, loss: try options.engineLoss(),
        metrics: try options.engineMetrics(targetColumns: fixture.targets.columns))
      outcome.note(
        fixture.value.value, Float(values.last?.value ?? .nan), floor: 1e-3,
        "\(fixture.metric) of \(fixture.outputs.values) for \(fixture.targets.values)")
    }
  }

  // MARK: Helpers

  /// The kernel of a layer with one input is what it gives for 1.
  private static func set(_ network: inout Network, _ outputs: [Float]) throws(EngineError) {
    try network.setParameter(name: "layers.0.kernel", shape: [1, outputs.count], values: outputs)
    try network.setParameter(
      name: "layers.0.bias", shape: [outputs.count], values: [Float](repeating: 0, count: outputs.count))
  }

  /// One step of gradient descent at rate 1: the bias, which was 0, is the negative gradient.
  private static func gradient(
    _ plan: ModelPlan, _ options: CompileOptions, at outputs: [Float], targets: [Float]
  ) throws -> [Float] {
    var network = try plan.network(inputWidth: 1, output: nil)
    try set(&network, outputs)
    var trainer = try Trainer(
      network: network, loss: try options.engineLoss(),
      options: FitOptions(epochs: 1, batchSize: 1, shuffle: false, seed: 0, threads: 1))
    var state = TrainingState(optimizer: options.makeOptimizer())
    let data = Dataset(
      features: Matrix(rows: 1, columns: 1, values: [1]),
      targets: Matrix(rows: 1, columns: targets.count, values: targets))
    _ = try trainer.fit(training: data, validation: nil, state: &state, observer: nil, stop: nil)
    return trainer.network.parameters.last?.values.map { -$0 } ?? []
  }

  private mutating func add(_ other: PointOutcome) {
    items.formUnion(other.items)
    count += other.count
    worst = max(worst, other.worst)
    complaints += other.complaints
  }
}

extension CompileOptions {
  fileprivate func engineLoss() throws(Complaint) -> any Loss {
    guard let loss else { throw Complaint(text: "there is no loss") }
    return Catalog.makeLoss(loss).loss
  }

  fileprivate func engineMetrics(targetColumns: Int) throws(Complaint) -> [any Metric] {
    guard let loss else { throw Complaint(text: "there is no loss") }
    let target = Catalog.makeLoss(loss).target
    return metrics.compactMap { choice in
      choice.entry?.make(
        MetricSite(
          arguments: choice.component.arguments, target: target, name: choice.name,
          targetColumns: targetColumns))
    }
  }
}
