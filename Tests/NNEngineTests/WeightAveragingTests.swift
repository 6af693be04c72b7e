import Testing

@testable import NNEngine

@Suite("Averages of weights")
struct WeightAveragingTests {
  private let data = syntheticRegression(rows: 32, inputs: 3, outputs: 1)

  private func network() throws -> Network {
    try Network(inputWidth: 3, layers: [Dense(units: 5, activation: Tanh()), Dense(units: 1)])
  }

  private func averaged(_ optimizer: any Optimizer = SGD(learningRate: 0.1)) -> any Optimizer {
    var optimizer = optimizer
    optimizer.settings.averaging = WeightAveraging(momentum: 0.9)
    return optimizer
  }

  private func fit(
    _ network: Network, _ state: inout TrainingState, epochs: Int, callbacks: [any Callback] = []
  ) throws -> (Network, FitOutcome) {
    var trainer = try Trainer(
      network: network, loss: MeanSquaredError(),
      options: FitOptions(epochs: epochs, batchSize: 8, seed: 1, callbacks: callbacks))
    let outcome = try trainer.fit(training: data, validation: data, state: &state)
    return (trainer.network, outcome)
  }

  @Test("are what a fit keeps; its losses are those of the trained weights, as in Keras")
  func kept() throws {
    var plainState = TrainingState(optimizer: SGD(learningRate: 0.1))
    let (plain, plainOutcome) = try fit(network(), &plainState, epochs: 3)
    var state = TrainingState(optimizer: averaged())
    let (kept, outcome) = try fit(network(), &state, epochs: 3)
    for (a, b) in zip(plainOutcome.records, outcome.records) {
      #expect(a.values.map(\.value) == b.values.map(\.value))
    }
    for parameter in kept.parameters {
      #expect(state.slots["optimizer.average.\(parameter.name)"] == parameter.values)
    }
    for parameter in plain.parameters {
      #expect(state.slots["optimizer.trained.\(parameter.name)"] == parameter.values)
    }
    #expect(kept.digest != plain.digest)
  }

  @Test("a fit without a step keeps the weights as they are")
  func noStep() throws {
    var start = try network()
    start.initializeWeights(seed: 5)
    var state = TrainingState(optimizer: averaged())
    #expect(try fit(start, &state, epochs: 0).0.digest == start.digest)
  }

  @Test("weights that early stopping puts back are kept, and trained on from")
  func restored() throws {
    let stopping = EarlyStopping(monitor: "loss", patience: 1, mode: .max, restoreBestWeights: true)
    var state = TrainingState(optimizer: averaged())
    let (best, outcome) = try fit(network(), &state, epochs: 5, callbacks: [stopping])
    #expect(outcome.restored && outcome.keptEpoch == 1)
    // The first epoch's weights, not averages of them.
    var plainState = TrainingState(optimizer: SGD(learningRate: 0.1))
    let (first, _) = try fit(network(), &plainState, epochs: 1)
    #expect(best.digest == first.digest)
    // One step on from them with the same memory as without the trained weights at hand.
    var forgotten = state
    forgotten.slots = state.slots.filter { !$0.key.hasPrefix("optimizer.trained.") }
    #expect(try fit(best, &state, epochs: 1).0.digest == fit(best, &forgotten, epochs: 1).0.digest)
  }

  @Test("a slot of another shape is refused, not read")
  func shape() throws {
    var state = TrainingState(optimizer: averaged())
    let (kept, _) = try fit(network(), &state, epochs: 1)
    state.slots["optimizer.trained.layers.0.kernel"] = [1, 2]
    let broken = state
    #expect(throws: EngineError.self) {
      var copy = broken
      return try fit(kept, &copy, epochs: 1)
    }
  }

  @Test("where the loss stops being finite, the averages of the last whole epoch are kept")
  func notFinite() throws {
    var sgd = averaged()
    sgd.settings.schedule = PiecewiseConstantDecay(boundaries: [7], values: [0.01, 1e30])
    var state = TrainingState(optimizer: sgd)
    let (kept, outcome) = try fit(network(), &state, epochs: 9)
    guard case .nonFinite = outcome.reason else {
      Issue.record("it ended by \(outcome.reason)")
      return
    }
    var shorter = TrainingState(optimizer: sgd)
    let (whole, _) = try fit(network(), &shorter, epochs: 2)
    #expect(kept.digest == whole.digest)
    #expect(state.slots.isEmpty && state.iterations == 0)
  }
}
