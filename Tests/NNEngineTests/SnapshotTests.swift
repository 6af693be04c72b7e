import Synchronization
import Testing

@testable import NNEngine

/// Collects a snapshot after every step and every epoch.
private struct Photographer: Callback {
  final class Album: Sendable {
    let snapshots = Mutex<[FitSnapshot]>([])
  }

  let album: Album
  let isLast = true
  let stepInterval: Int? = 1

  mutating func stepEnded(_ fit: any FitUnderWay) -> CallbackAction { take(fit) }
  mutating func epochEnded(_ logs: inout EpochRecord, _ fit: any FitUnderWay) -> CallbackAction { take(fit) }
  mutating func end(_ reason: StopReason, _ fit: any FitUnderWay) -> CallbackEnd {
    _ = take(fit)
    return CallbackEnd()
  }

  private func take(_ fit: any FitUnderWay) -> CallbackAction {
    let snapshot = fit.snapshot()
    album.snapshots.withLock { $0.append(snapshot) }
    return .proceed
  }
}

@Suite("A fit that goes on from a snapshot")
struct SnapshotTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var what: String
    var options: FitOptions
    var rate = 0.05
    var usesAdam = true
    var firstEpochs = 0
    /// Surroundings of the optimizer.
    var settings: @Sendable (inout OptimizerSettings) -> Void = { _ in }
    var testDescription: String { what }
  }

  static let cases: [Case] = [
    Case(what: "whole epochs", options: FitOptions(epochs: 4, batchSize: 16, seed: 5)),
    Case(
      what: "early stopping that puts back, and a plateau",
      options: FitOptions(
        epochs: 12, batchSize: 16, seed: 5,
        callbacks: [
          EarlyStopping(patience: 2, restoreBestWeights: true, startFromEpoch: 1),
          ReduceLROnPlateau(factor: 0.5, patience: 1, minDelta: 0.01),
        ]), rate: 0.3),
    Case(
      what: "epochs of three steps of five",
      options: FitOptions(epochs: 7, batchSize: 16, seed: 5, stepsPerEpoch: 3)),
    Case(what: "a limit of steps", options: FitOptions(epochs: 9, batchSize: 16, seed: 5, stepLimit: 13)),
    Case(
      what: "validation every other epoch",
      options: FitOptions(
        epochs: 5, batchSize: 16, seed: 5, callbacks: [EarlyStopping(restoreBestWeights: true)],
        validationFrequency: .every(2))),
    Case(
      what: "a loss that stops being finite",
      options: FitOptions(epochs: 20, batchSize: 16, seed: 5), rate: 0.2, usesAdam: false),
    Case(
      what: "a continued fit", options: FitOptions(epochs: 3, batchSize: 16, seed: 5), firstEpochs: 2),
    Case(
      what: "averages, accumulated gradients and a schedule, continued",
      options: FitOptions(epochs: 3, batchSize: 16, seed: 5), firstEpochs: 1
    ) {
      $0.averaging = WeightAveraging(momentum: 0.8, overwriteFrequency: 4)
      $0.accumulationSteps = 2
      $0.clipping = .globalNorm(0.5)
      $0.schedule = CosineDecay(initialLearningRate: 0.05, decaySteps: 15)
    },
    Case(
      what: "a loss that stops being finite, with averages",
      options: FitOptions(epochs: 20, batchSize: 16, seed: 5), usesAdam: false
    ) {
      $0.averaging = WeightAveraging(momentum: 0.8)
      $0.schedule = PiecewiseConstantDecay(boundaries: [11], values: [0.01, 1e30])
    },
  ]

  private func make() throws -> Network {
    try Network(
      inputWidth: 3,
      layers: [
        Dense(units: 6, activation: ReLU()), BatchNormalization(), Dropout(rate: 0.3), Dense(units: 1),
      ])
  }

  @Test("ends as if it had never been left, from wherever", arguments: cases)
  func everyMoment(one: Case) throws {
    let data = syntheticRegression(rows: 70, inputs: 3, outputs: 1)
    let validation = syntheticRegression(rows: 20, inputs: 3, outputs: 1, seed: 9)
    let album = Photographer.Album()
    var begun = try make()
    var beginning = TrainingState(
      optimizer: one.usesAdam ? Adam(learningRate: one.rate) : SGD(learningRate: one.rate, momentum: 0.9))
    one.settings(&beginning.optimizer.settings)
    if one.firstEpochs > 0 {
      var first = try Trainer(
        network: begun, loss: MeanSquaredError(),
        options: FitOptions(epochs: one.firstEpochs, batchSize: 16, seed: 5))
      _ = try first.fit(training: data, state: &beginning)
      begun = first.network
    }
    func fit(from snapshot: FitSnapshot?) throws -> (FitOutcome, Network, TrainingState) {
      var options = one.options
      options.metrics = [LossMetric(MeanAbsoluteError())]
      options.callbacks.insert(Photographer(album: album), at: 0)
      var trainer = try Trainer(network: begun, loss: MeanSquaredError(), options: options)
      var state = beginning
      let outcome = try trainer.fit(
        training: data, validation: validation, state: &state, resuming: snapshot)
      return (outcome, trainer.network, state)
    }
    func same(_ one: (FitOutcome, Network, TrainingState), _ other: (FitOutcome, Network, TrainingState))
      -> Bool
    {
      let values = { (outcome: FitOutcome) in outcome.records.map { $0.values.map(\.value.bitPattern) } }
      return one.1.digest == other.1.digest && values(one.0) == values(other.0)
        && one.0.records.map(\.learningRate) == other.0.records.map(\.learningRate)
        && one.0.reason == other.0.reason && one.0.bestEpoch == other.0.bestEpoch
        && one.0.keptEpoch == other.0.keptEpoch && one.2.slots == other.2.slots
        && one.2.stepsDone == other.2.stepsDone && one.2.epochsDone == other.2.epochsDone
        && one.2.iterations == other.2.iterations && one.2.openPass == other.2.openPass
        && one.2.passesDone == other.2.passesDone
        && one.2.optimizer.learningRate == other.2.optimizer.learningRate
    }
    let whole = try fit(from: nil)
    var snapshots = album.snapshots.withLock { $0 }
    #expect(snapshots.count > 12, "\(whole.0.reason)")
    if one.what.hasPrefix("a loss") {
      guard case .nonFinite = whole.0.reason else {
        Issue.record("it ended with \(whole.0.reason)")
        return
      }
      // The last one lies behind the end, and has no optimizer's memory.
      snapshots.removeLast()
    }
    for (index, snapshot) in snapshots.enumerated() {
      #expect(same(try fit(from: snapshot), whole), "from moment \(index) of \(snapshots.count)")
    }
  }

  @Test("the last snapshot of an interrupted fit is where the next one goes on")
  func interrupted() throws {
    let data = syntheticRegression(rows: 70, inputs: 3, outputs: 1)
    let options = FitOptions(epochs: 3, batchSize: 16, seed: 5)
    var once = try Trainer(network: make(), loss: MeanSquaredError(), options: options)
    var state = TrainingState(optimizer: Adam())
    _ = try once.fit(training: data, state: &state)

    let album = Photographer.Album()
    let stop = StopSignal()
    var cut = options
    cut.callbacks = [Photographer(album: album), Stopping(after: 7, stop: stop)]
    var first = try Trainer(network: make(), loss: MeanSquaredError(), options: cut)
    var parts = TrainingState(optimizer: Adam())
    #expect(try first.fit(training: data, state: &parts, stop: stop).reason == .interrupted)
    let last = try #require(album.snapshots.withLock { $0.last })
    #expect(last.state.openPass?.step == 2)
    var second = try Trainer(network: make(), loss: MeanSquaredError(), options: cut)
    var again = TrainingState(optimizer: Adam())
    let outcome = try second.fit(training: data, state: &again, resuming: last)
    #expect(outcome.reason == .epochs)
    #expect(second.network.digest == once.network.digest)
    #expect(again.stepsDone == state.stepsDone)
  }

  private struct Stopping: Callback {
    let after: Int
    let stop: StopSignal
    var stepInterval: Int? { after }
    mutating func stepEnded(_ fit: any FitUnderWay) -> CallbackAction {
      if fit.epoch == 2 { stop.request() }
      return .proceed
    }
    init(after: Int, stop: StopSignal) {
      self.after = after
      self.stop = stop
    }
  }

  @Test("a snapshot of another fit is refused")
  func refused() throws {
    let data = syntheticRegression(rows: 10, inputs: 3, outputs: 1)
    var other = try Network(inputWidth: 3, layers: [Dense(units: 1)])
    other.initializeWeights(seed: 1)
    var own = try make()
    own.initializeWeights(seed: 1)
    let state = TrainingState(optimizer: Adam())
    for (snapshot, error) in [
      (FitSnapshot(network: other, state: state), EngineError.snapshotDiffers("another network")),
      (
        FitSnapshot(network: own, state: state, memories: [CallbackMemory()]),
        .snapshotDiffers("other callbacks")
      ),
      (FitSnapshot(network: own, state: state, steps: 3), .snapshotDiffers("other steps")),
      (FitSnapshot(network: try make(), state: state), .snapshotDiffers("another network")),
    ] {
      var trainer = try Trainer(network: make(), loss: MeanSquaredError(), options: FitOptions(epochs: 2))
      var begun = state
      #expect(throws: error) {
        _ = try trainer.fit(training: data, state: &begun, resuming: snapshot)
      }
    }
  }
}
