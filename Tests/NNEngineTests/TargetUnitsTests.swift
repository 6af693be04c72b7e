import NNEngine
import Testing

/// Metrics of scaled targets count in the data's own units; weights and loss do not notice.
@Suite struct TargetUnitsTests {
  static let units = TargetUnits(scales: [7, 0.5], offsets: [-3, 100])

  static let plain: Dataset = {
    let rows = 45
    let features: [Float] = (0..<rows * 3).map { index in Float((index * 7919) % 101) / 101 - 0.5 }
    var targets: [Float] = []
    for row in 0..<rows {
      targets.append(features[row * 3] + features[row * 3 + 1])
      targets.append(features[row * 3 + 2] * features[row * 3])
    }
    return Dataset(
      features: Matrix(rows: rows, columns: 3, values: features),
      targets: Matrix(rows: rows, columns: 2, values: targets))
  }()

  private func train(units: TargetUnits?) throws -> (Network, FitOutcome) {
    var data = Self.plain
    data.units = units
    var network = try Network(
      inputWidth: 3, layers: [Dense(units: 8, activation: Tanh()), Dense(units: 2)])
    network.initializeWeights(seed: 5)
    var trainer = try Trainer(
      network: network, loss: MeanSquaredError(),
      options: FitOptions(
        epochs: 4, batchSize: 16, seed: 5,
        metrics: [MeanAbsoluteErrorMetric(), RootMeanSquaredErrorMetric(), R2Score()]))
    var state = TrainingState(optimizer: Adam(learningRate: 0.01))
    let outcome = try trainer.fit(training: data, validation: data, state: &state, observer: nil, stop: nil)
    return (trainer.network, outcome)
  }

  @Test func trainingIsTheSame() throws {
    let (plainNetwork, plainOutcome) = try train(units: nil)
    let (network, outcome) = try train(units: Self.units)
    #expect(network.digest == plainNetwork.digest)
    #expect(outcome.records.map { $0["loss"] } == plainOutcome.records.map { $0["loss"] })
    #expect(outcome.records.map { $0["val_loss"] } == plainOutcome.records.map { $0["val_loss"] })
  }

  @Test func metricsAreThoseOfUnscaledValues() throws {
    let (network, outcome) = try train(units: Self.units)
    let predictions = try network.predict(Self.plain.features)
    var absolute = 0.0
    var squared = 0.0
    for (index, value) in predictions.values.enumerated() {
      let error = Double(value - Self.plain.targets.values[index]) * Self.units.scales[index % 2]
      absolute += abs(error)
      squared += error * error
    }
    let count = Double(predictions.values.count)
    let last = try #require(outcome.records.last)
    let mae = try #require(last["val_mae"])
    let rmse = try #require(last["val_rmse"])
    #expect(abs(mae - absolute / count) < 1e-4 * mae)
    #expect(abs(rmse - (squared / count).squareRoot()) < 1e-4 * rmse)
    // What does not depend on units stays.
    let plain = try #require(try train(units: nil).1.records.last?["val_r2"])
    let r2 = try #require(last["val_r2"])
    #expect(abs(r2 - plain) < 1e-4)
  }

  @Test func unitsOfAnotherWidthAreRefused() throws {
    var data = Self.plain
    data.units = TargetUnits(scales: [1], offsets: [0])
    var network = try Network(inputWidth: 3, layers: [Dense(units: 2)])
    network.initializeWeights(seed: 1)
    let refused = data
    #expect(throws: EngineError.self) { try evaluate(network, on: refused, loss: MeanSquaredError()) }
  }
}
