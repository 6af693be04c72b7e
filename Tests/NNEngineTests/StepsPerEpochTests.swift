import Testing

@testable import NNEngine

@Suite("Epochs of a number of steps")
struct StepsPerEpochTests {
  private func network() throws -> Network {
    try Network(
      inputWidth: 4, layers: [Dense(units: 6, activation: ReLU()), Dropout(rate: 0.2), Dense(units: 2)])
  }
  // 70 rows in batches of 16 are five steps.
  private let data = syntheticRegression(rows: 70, inputs: 4, outputs: 2)

  private func options(_ epochs: Int, _ steps: Int?, limit: Int? = nil) -> FitOptions {
    FitOptions(epochs: epochs, batchSize: 16, seed: 42, stepLimit: limit, stepsPerEpoch: steps)
  }

  private func train(
    _ network: inout Network, _ state: inout TrainingState, _ options: FitOptions
  ) throws -> FitOutcome {
    var trainer = try Trainer(network: network, loss: MeanAbsoluteError(), options: options)
    let outcome = try trainer.fit(training: data, validation: data, state: &state)
    network = trainer.network
    return outcome
  }

  @Test(
    "steps are the same as in epochs of all rows; only where an epoch ends is otherwise",
    arguments: [1, 2, 3, 5, 8])
  func sameSteps(steps: Int) throws {
    var plain = try network()
    var plainState = TrainingState(optimizer: Adam())
    _ = try train(&plain, &plainState, options(4, nil))
    // An epoch that comes to the end of the rows is shorter.
    let epochs = 4 * ((5 + min(steps, 5) - 1) / min(steps, 5))
    var other = try network()
    var state = TrainingState(optimizer: Adam())
    let outcome = try train(&other, &state, options(epochs, steps))
    #expect(other.digest == plain.digest)
    #expect(state.stepsDone == 20 && state.passesDone == 4 && state.epochsDone == epochs)
    #expect(state.openPass == nil)
    #expect(outcome.records.count == epochs)
  }

  @Test("fits that follow each other are one, wherever they are parted", arguments: [1, 2, 4, 5, 6, 9])
  func continued(parted: Int) throws {
    var once = try network()
    var whole = TrainingState(optimizer: Adam())
    let outcome = try train(&once, &whole, options(9, 3))

    var parts = try network()
    var state = TrainingState(optimizer: Adam())
    var records = try train(&parts, &state, options(parted, 3)).records
    if parted < 9 { records += try train(&parts, &state, options(9 - parted, 3)).records }
    #expect(parts.digest == once.digest)
    #expect(records.map { $0.values.map(\.value) } == outcome.records.map { $0.values.map(\.value) })
  }

  @Test("a limit of steps leaves an epoch, and the next fit finishes it", arguments: [1, 4, 7, 8, 14])
  func limited(limit: Int) throws {
    var once = try network()
    var whole = TrainingState(optimizer: Adam())
    let outcome = try train(&once, &whole, options(9, 3))

    var parts = try network()
    var state = TrainingState(optimizer: Adam())
    let cut = try train(&parts, &state, options(9, 3, limit: limit))
    #expect(cut.reason == .steps && state.stepsDone == limit)
    let rest = try train(&parts, &state, options(9 - state.epochsDone, 3))
    #expect(parts.digest == once.digest)
    #expect(rest.records.last?["loss"] == outcome.records.last?["loss"])
  }

  @Test("whole passes begin anew where the rows were left in the middle of one")
  func changed() throws {
    var network = try network()
    var state = TrainingState(optimizer: Adam())
    _ = try train(&network, &state, options(1, 2))
    #expect(state.openPass?.step == 2 && state.passesDone == 0)
    let outcome = try train(&network, &state, options(1, nil))
    #expect(state.passesDone == 2 && state.openPass == nil)
    #expect(outcome.records.count == 1 && state.stepsDone == 7)
  }

  @Test("places past the rows are passed over", arguments: [5, 6, 1 << 40])
  func damaged(step: Int) throws {
    var network = try network()
    var state = TrainingState(
      optimizer: Adam(),
      openPass: TrainingState.OpenPass(
        step: step, epochStart: step, rows: 70, batchSize: 16, seed: 42, shuffle: true, sums: []))
    let outcome = try train(&network, &state, options(2, nil))
    #expect(outcome.records.count == 2 && state.stepsDone == 10)
  }

  @Test("a place before the first row is no place")
  func negative() throws {
    var network = try network()
    var state = TrainingState(
      optimizer: Adam(),
      openPass: TrainingState.OpenPass(
        step: -1, epochStart: -1, rows: 70, batchSize: 16, seed: 42, shuffle: true, sums: []))
    #expect(throws: EngineError.self) { _ = try train(&network, &state, options(2, nil)) }
  }
}
