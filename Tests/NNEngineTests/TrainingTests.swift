import Testing

@testable import NNEngine

@Suite("Training")
struct TrainingTests {
  private func network() throws -> Network {
    try Network(
      inputWidth: 4,
      layers: [Dense(units: 6, activation: ReLU()), Dense(units: 6, activation: ReLU()), Dense(units: 2)])
  }

  private func fit(
    _ network: Network, _ data: Dataset, _ options: FitOptions, loss: any Loss = MeanSquaredError(),
    optimizer: any Optimizer = SGD(), validation: Dataset? = nil
  ) throws -> (outcome: FitOutcome, network: Network, state: TrainingState) {
    var trainer = try Trainer(network: network, loss: loss, options: options)
    var state = TrainingState(optimizer: optimizer)
    let outcome = try trainer.fit(training: data, validation: validation, state: &state)
    return (outcome, trainer.network, state)
  }

  @Test("the epoch's loss is the mean over batches, weighted by rows, of the losses before each step")
  func epochLoss() throws {
    let data = syntheticRegression(rows: 10, inputs: 4, outputs: 2)
    var start = try network()
    start.initializeWeights(seed: 1)
    let (outcome, _, state) = try fit(start, data, FitOptions(batchSize: 4, shuffle: false, seed: 1))
    #expect(state.stepsDone == 3)
    // The same by hand: evaluate each batch with the weights before it.
    var total = 0.0
    for steps in 0..<3 {
      let rows = steps == 2 ? 2 : 4
      let part = Dataset(
        features: Matrix(
          rows: rows, columns: 4, values: Array(data.features.values[(steps * 16)..<(steps * 16 + rows * 4)])),
        targets: Matrix(
          rows: rows, columns: 2, values: Array(data.targets.values[(steps * 8)..<(steps * 8 + rows * 2)])))
      let before = try fit(start, data, FitOptions(batchSize: 4, shuffle: false, seed: 1, stepLimit: steps))
        .network
      total += try evaluate(before, on: part, loss: MeanSquaredError())[0].value * Double(rows)
    }
    #expect(abs((outcome.records[0]["loss"] ?? 0) - total / 10) < 1e-6)
  }

  @Test("epochs: 0 only makes the weights")
  func noEpochs() throws {
    let data = syntheticRegression(rows: 10, inputs: 4, outputs: 2)
    let (outcome, made, state) = try fit(network(), data, FitOptions(epochs: 0, seed: 9))
    var expected = try network()
    expected.initializeWeights(seed: 9)
    #expect(made.hasWeights && made.digest == expected.digest)
    #expect(
      outcome.records.isEmpty && outcome.reason == .epochs && state.epochsDone == 0 && outcome.keptEpoch == 0)
  }

  @Test("shuffling changes the way and not the rows")
  func shuffling() throws {
    let data = syntheticRegression(rows: 50, inputs: 4, outputs: 2)
    let shuffled = try fit(network(), data, FitOptions(epochs: 2, batchSize: 8, seed: 1))
    let straight = try fit(network(), data, FitOptions(epochs: 2, batchSize: 8, shuffle: false, seed: 1))
    #expect(shuffled.network.digest != straight.network.digest)
    // With all rows in one batch the order only changes rounding.
    let one = try fit(network(), data, FitOptions(batchSize: 50, seed: 1))
    let other = try fit(network(), data, FitOptions(batchSize: 64, shuffle: false, seed: 1))
    let difference = abs((one.outcome.records[0]["loss"] ?? 0) - (other.outcome.records[0]["loss"] ?? 1))
    #expect(difference < 1e-6)
  }

  @Test("dropout is drawn by step, row and unit: the same again, others in another step, right on average")
  func dropout() throws {
    let width = 100
    let network = try Network(inputWidth: width, layers: [Dropout(rate: 0.3), Dense(units: 1)])
    let plan = NetworkPlan(
      network, rows: 64, executor: Executor(kernels: try InstructionSet.resolve(nil), threads: 1),
      slotNames: [], seed: 5)
    plan.input.base.update(repeating: 1, count: 64 * plan.input.stride)
    func masked(_ step: UInt64) -> [Float] {
      plan.forward(rows: 64, step: step)
      let view = plan.chain.layers[0].output
      return (0..<64).flatMap { row in (0..<width).map { view.base[row * view.stride + $0] } }
    }
    let first = masked(1)
    #expect(first == masked(1))
    #expect(first != masked(2))
    let scale = Float(1 / (1 - 0.3))
    #expect(first.allSatisfy { $0 == 0 || $0 == scale })
    let kept = Double(first.filter { $0 != 0 }.count) / Double(first.count)
    #expect(abs(kept - 0.7) < 0.02)
    let rows = stride(from: 0, to: first.count, by: width).map { Array(first[$0..<($0 + width)]) }
    #expect(Set(rows).count == 64, "each row has its own mask")
    for set in InstructionSet.available {
      let twin = NetworkPlan(
        network, rows: 64, executor: Executor(kernels: try InstructionSet.resolve(set), threads: 1),
        slotNames: [], seed: 5)
      twin.input.base.update(repeating: 1, count: 64 * twin.input.stride)
      twin.forward(rows: 64, step: 1)
      let view = twin.chain.layers[0].output
      #expect((0..<64).flatMap { row in (0..<width).map { view.base[row * view.stride + $0] } } == first)
    }
  }

  @Test("dropout does nothing outside of training")
  func dropoutOff() throws {
    var with = try Network(inputWidth: 3, layers: [Dropout(rate: 0.5), Dense(units: 2), Dropout(rate: 0.9)])
    with.initializeWeights(seed: 1)
    var without = try Network(inputWidth: 3, layers: [Dense(units: 2)])
    for (from, to) in zip(with.parameters, without.parameters) {
      try without.setParameter(name: to.name, shape: to.shape, values: from.values)
    }
    let x = syntheticMatrix(rows: 5, columns: 3, seed: 1)
    #expect(try with.predict(x) == without.predict(x))
  }

  @Test("a loss that is not finite ends the fit with its place, and the last whole epoch's weights stay")
  func notFinite() throws {
    let data = syntheticRegression(rows: 40, inputs: 4, outputs: 2)
    var start = try network()
    start.initializeWeights(seed: 1)
    let (outcome, kept, state) = try fit(
      start, data, FitOptions(epochs: 50, batchSize: 8, seed: 1), optimizer: SGD(learningRate: 1e6))
    guard case .nonFinite(let epoch, let step, _) = outcome.reason else {
      Issue.record("ended with \(outcome.reason)")
      return
    }
    #expect(epoch == state.epochsDone + 1 && step >= 1 && step <= 5)
    #expect(kept.parameters.allSatisfy { $0.values.allSatisfy(\.isFinite) })
    #expect(outcome.keptEpoch == state.epochsDone)
    if state.epochsDone == 0 { #expect(kept.digest == start.digest) }
  }

  @Test("the first layer whose output is not finite is named", arguments: [0, 2, 3])
  func firstLayer(index: Int) throws {
    var network = try Network(
      inputWidth: 4,
      layers: [Dense(units: 3), Dropout(rate: 0.1), Dense(units: 3, activation: ReLU()), Dense(units: 2)])
    network.initializeWeights(seed: 1)
    if let wild = network.parameters.first(where: { $0.layer == index }) {
      try network.setParameter(
        name: wild.name, shape: wild.shape, values: [Float](repeating: .infinity, count: wild.values.count))
    }
    let data = syntheticRegression(rows: 10, inputs: 4, outputs: 2)
    let (outcome, _, state) = try fit(network, data, FitOptions(batchSize: 4, seed: 1))
    #expect(outcome.reason == .nonFinite(epoch: 1, step: 1, layer: index))
    #expect(state.stepsDone == 0 && outcome.records.isEmpty)
  }

  @Test("a stop ends the fit before its next step")
  func stop() throws {
    let data = syntheticRegression(rows: 40, inputs: 4, outputs: 2)
    let signal = StopSignal()
    signal.request()
    var trainer = try Trainer(network: network(), loss: MeanSquaredError(), options: FitOptions(epochs: 3))
    var state = TrainingState(optimizer: SGD())
    let outcome = try trainer.fit(training: data, state: &state, stop: signal)
    #expect(outcome.reason == .interrupted && state.stepsDone == 0 && outcome.records.isEmpty)
  }

  @Test("a budget ends the fit, and its steps repeat it exactly")
  func budget() throws {
    let data = syntheticRegression(rows: 400, inputs: 4, outputs: 2)
    let timed = try fit(
      network(), data, FitOptions(epochs: 1_000_000, batchSize: 8, seed: 1, budgetSeconds: 0.03))
    #expect(timed.outcome.reason == .budget)
    #expect(timed.state.stepsDone > 0 && timed.outcome.seconds < 3)
    let again = try fit(
      network(), data, FitOptions(epochs: 1_000_000, batchSize: 8, seed: 1, stepLimit: timed.state.stepsDone))
    #expect(again.network.digest == timed.network.digest)
    let none = try fit(network(), data, FitOptions(seed: 1, budgetSeconds: 0))
    #expect(none.outcome.reason == .budget && none.state.stepsDone == 0)
  }

  @Test("records hold loss, metrics, then the same for validation")
  func records() throws {
    let data = syntheticRegression(rows: 20, inputs: 4, outputs: 2)
    let (outcome, fitted, _) = try fit(
      network(), data, FitOptions(epochs: 2, seed: 1, metrics: [MeanAbsoluteErrorMetric(), R2Score()]),
      validation: data)
    #expect(outcome.records.map(\.epoch) == [1, 2])
    #expect(outcome.records[1].values.map(\.name) == ["loss", "mae", "r2", "val_loss", "val_mae", "val_r2"])
    let again = try evaluate(
      fitted, on: data, loss: MeanSquaredError(), metrics: [MeanAbsoluteErrorMetric(), R2Score()])
    #expect(again.map(\.value) == outcome.records[1].values[3...].map(\.value))
    #expect(outcome.records.allSatisfy { $0.seconds >= 0 && $0.learningRate == 0.01 })
  }

  @Test("networks without weights run")
  func weightless() throws {
    let data = syntheticRegression(rows: 20, inputs: 2, outputs: 2)
    for layers in [
      [Dropout(rate: 0.5)], [ActivationLayer(Linear())], [ActivationLayer(Softmax())],
      [Dropout(rate: 0.1), ActivationLayer(Tanh()), Dropout(rate: 0)],
    ] as [[any Layer]] {
      let network = try Network(inputWidth: 2, layers: layers)
      #expect(network.parameterCount == 0 && network.hasWeights)
      let (outcome, fitted, _) = try fit(network, data, FitOptions(epochs: 2, seed: 1), validation: data)
      #expect(outcome.records.count == 2)
      #expect(try fitted.predict(data.features).rows == 20)
    }
  }

  @Test("an observer sees every epoch, and steps at most twenty times a second")
  func observer() throws {
    final class Watcher: TrainingObserver {
      var epochs: [Int] = []
      var steps: [(epoch: Int, step: Int, of: Int, loss: Double)] = []
      func epochEnded(_ record: EpochRecord) { epochs.append(record.epoch) }
      func stepEnded(epoch: Int, step: Int, stepsPerEpoch: Int, runningLoss: Double) {
        steps.append((epoch, step, stepsPerEpoch, runningLoss))
      }
    }
    let watcher = Watcher()
    let data = syntheticRegression(rows: 100, inputs: 4, outputs: 2)
    var trainer = try Trainer(
      network: network(), loss: MeanSquaredError(),
      options: FitOptions(epochs: 1_000_000, batchSize: 8, seed: 1, budgetSeconds: 0.3))
    var state = TrainingState(optimizer: SGD())
    let outcome = try trainer.fit(training: data, state: &state, observer: watcher)
    #expect(watcher.epochs == outcome.records.map(\.epoch))
    #expect(!watcher.steps.isEmpty && Double(watcher.steps.count) <= 20 * outcome.seconds + 1)
    #expect(watcher.steps.allSatisfy { $0.of == 13 && (1...13).contains($0.step) && $0.loss.isFinite })
  }

  @Test("rows of an ignored class count neither in the loss nor in its mean")
  func ignoredClass() throws {
    let data = syntheticClasses(rows: 12, inputs: 3, classes: 3)
    var network = try Network(inputWidth: 3, layers: [Dense(units: 3)])
    network.initializeWeights(seed: 1)
    let keep = (0..<12).filter { data.targets.values[$0] != 1 }
    let kept = Dataset(
      features: Matrix(
        rows: keep.count, columns: 3,
        values: keep.flatMap { Array(data.features.values[($0 * 3)..<($0 * 3 + 3)]) }),
      targets: Matrix(rows: keep.count, columns: 1, values: keep.map { data.targets.values[$0] }))
    let ignoring = SparseCategoricalCrossentropy(fromLogits: true, ignoreClass: 1)
    let all = try evaluate(network, on: data, loss: ignoring, metrics: [LossMetric(ignoring)])
    let some = try evaluate(network, on: kept, loss: SparseCategoricalCrossentropy(fromLogits: true))
    #expect(abs(all[0].value - some[0].value) < 1e-6)
    // As a metric it is divided by all rows, as in Keras.
    #expect(abs(all[1].value - some[0].value * Double(keep.count) / 12) < 1e-6)
  }
}
