import Testing

@testable import NNEngine

@Suite("A continued fit")
struct ContinuedFitTests {
  private func network() throws -> Network {
    try Network(
      inputWidth: 4,
      layers: [
        Dense(units: 6, activation: ReLU()), Dropout(rate: 0.2), Dense(units: 6, activation: Tanh()),
        Dense(units: 2),
      ])
  }

  @Test("five epochs and five more are ten, bit for bit", arguments: InstructionSet.available)
  func fiveAndFive(set: InstructionSet) throws {
    let data = syntheticRegression(rows: 70, inputs: 4, outputs: 2)
    func options(_ epochs: Int) -> FitOptions {
      FitOptions(epochs: epochs, batchSize: 16, seed: 42, instructionSet: set)
    }
    var once = try Trainer(network: network(), loss: MeanAbsoluteError(), options: options(10))
    var state = TrainingState(optimizer: Adam())
    let outcome = try once.fit(training: data, validation: data, state: &state)
    #expect(outcome.records.count == 10)
    #expect(outcome.records[9]["loss"] ?? 1 < outcome.records[0]["loss"] ?? 0)

    var first = try Trainer(network: network(), loss: MeanAbsoluteError(), options: options(5))
    var halves = TrainingState(optimizer: Adam())
    _ = try first.fit(training: data, validation: data, state: &halves)
    var second = try Trainer(network: first.network, loss: MeanAbsoluteError(), options: options(5))
    let rest = try second.fit(training: data, validation: data, state: &halves)
    #expect(rest.records.map(\.epoch) == [6, 7, 8, 9, 10])
    #expect(second.network.digest == once.network.digest)
    #expect(rest.records[4].values.map(\.value) == outcome.records[9].values.map(\.value))
  }

  @Test(
    "so they are with every optimizer and all that surrounds it, cut where you like", arguments: [5, 8, 12])
  func everyOptimizer(steps: Int) throws {
    let data = syntheticRegression(rows: 37, inputs: 4, outputs: 2)
    func options(_ epochs: Int, _ limit: Int? = nil) -> FitOptions {
      FitOptions(epochs: epochs, batchSize: 8, seed: 3, stepLimit: limit)
    }
    for (index, optimizer) in (AnyOptimizers.plain + AnyOptimizers.surrounded).enumerated() {
      var once = try Trainer(network: network(), loss: MeanSquaredError(), options: options(4))
      var whole = TrainingState(optimizer: optimizer)
      _ = try once.fit(training: data, state: &whole)

      var first = try Trainer(network: network(), loss: MeanSquaredError(), options: options(4, steps))
      var parts = TrainingState(optimizer: optimizer)
      _ = try first.fit(training: data, state: &parts)
      #expect(parts.iterations == steps)
      var second = try Trainer(
        network: first.network, loss: MeanSquaredError(), options: options(4 - parts.epochsDone))
      _ = try second.fit(training: data, state: &parts)
      #expect(second.network.digest == once.network.digest, "\(index): \(optimizer.name)")
      #expect(parts.slots == whole.slots, "\(index): \(optimizer.name)")
    }
  }

  @Test("a fit stopped after some steps goes on where it stopped", arguments: [1, 3, 7, 12])
  func stepLimit(steps: Int) throws {
    let data = syntheticRegression(rows: 70, inputs: 4, outputs: 2)
    var once = try Trainer(
      network: network(), loss: MeanSquaredError(), options: FitOptions(epochs: 4, batchSize: 16, seed: 7))
    var state = TrainingState(optimizer: SGD(momentum: 0.9))
    let whole = try once.fit(training: data, state: &state)

    var first = try Trainer(
      network: network(), loss: MeanSquaredError(),
      options: FitOptions(epochs: 4, batchSize: 16, seed: 7, stepLimit: steps))
    var parts = TrainingState(optimizer: SGD(momentum: 0.9))
    let cut = try first.fit(training: data, state: &parts)
    #expect(cut.reason == .steps)
    #expect(parts.stepsDone == steps)
    var second = try Trainer(
      network: first.network, loss: MeanSquaredError(),
      options: FitOptions(epochs: 4 - parts.epochsDone, batchSize: 16, seed: 7))
    let rest = try second.fit(training: data, state: &parts)
    #expect(second.network.digest == once.network.digest)
    #expect(rest.records.last?["loss"] == whole.records.last?["loss"])
  }
}
