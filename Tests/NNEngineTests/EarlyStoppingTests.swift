import Testing

@testable import NNEngine

@Suite("Early stopping by Keras's rules")
struct EarlyStoppingTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var what: String
    var values: [Double]
    var patience = 0
    var minDelta = 0.0
    var mode = EarlyStopping.Mode.auto
    var baseline: Double?
    var startFromEpoch = 0
    /// The epoch after which it stops, from 1; nil for never.
    var stops: Int?
    /// The best epoch, from 1.
    var best: Int?
    var testDescription: String { what }
  }

  static let cases: [Case] = [
    Case(what: "patience 0 waits for one epoch without gain", values: [5, 4, 4, 3], stops: 3, best: 2),
    Case(what: "patience 1 is the same as 0", values: [5, 4, 4, 3], patience: 1, stops: 3, best: 2),
    Case(what: "patience 2 sees a later gain", values: [5, 4, 4, 3, 3, 3], patience: 2, stops: 6, best: 4),
    Case(what: "a falling value never stops", values: [5, 4, 3, 2], best: 4),
    Case(what: "an equal value is no gain", values: [1, 1, 1], patience: 2, stops: 3, best: 1),
    Case(
      what: "a gain of just min_delta is none", values: [5, 4.5, 4.5], patience: 1, minDelta: 0.5, stops: 2,
      best: 1),
    Case(what: "a gain above min_delta counts", values: [5, 4.4, 3.8], patience: 1, minDelta: 0.5, best: 3),
    Case(
      what: "a negative min_delta is taken as positive", values: [5, 4.5], patience: 1, minDelta: -0.5,
      stops: 2, best: 1),
    Case(what: "max rises", values: [1, 2, 3, 3], mode: .max, stops: 4, best: 3),
    Case(what: "max with min_delta", values: [1, 1.3, 2], minDelta: 0.5, mode: .max, stops: 2, best: 1),
    Case(
      what: "a gain that misses the baseline does not restart the waiting", values: [5, 4, 3, 2], patience: 2,
      baseline: 1, best: 4),
    Case(
      what: "the baseline missed, the first epoch without gain stops", values: [5, 4, 3, 3], patience: 2,
      baseline: 1,
      stops: 4, best: 3),
    Case(
      what: "the baseline beaten restarts it", values: [5, 0.5, 0.6, 0.7], patience: 2, baseline: 1, stops: 4,
      best: 2),
    Case(what: "early epochs are not looked at", values: [1, 9, 8, 8], startFromEpoch: 2, stops: 4, best: 3),
    Case(what: "the first epoch never stops", values: [.nan], best: 1),
    Case(what: "a first NaN is best for ever", values: [.nan, 1], stops: 2, best: 1),
    Case(what: "a later NaN is no gain", values: [2, .nan, 1], patience: 2, best: 3),
    Case(
      what: "compared as float32: a difference that float32 cannot see is no gain", values: [1, 1 - 1e-9],
      stops: 2,
      best: 1),
  ]

  @Test(arguments: cases)
  func table(_ one: Case) throws {
    let fit = try StandingFit()
    var callback = EarlyStopping(
      monitor: "val_loss", minDelta: one.minDelta, patience: one.patience, mode: one.mode,
      baseline: one.baseline,
      restoreBestWeights: true, startFromEpoch: one.startFromEpoch)
    var start = CallbackStart(values: [("loss", .minimize), ("val_loss", .minimize)])
    try callback.begin(&start)
    var stopped: Int?
    for (index, value) in one.values.enumerated() where stopped == nil {
      try fit.mark(index + 1)
      var record = EpochRecord(
        epoch: index + 1, values: [("loss", 0), ("val_loss", value)], learningRate: 0, seconds: 0)
      if callback.epochEnded(&record, fit) == .stop { stopped = index + 1 }
    }
    #expect(stopped == one.stops)
    let end = callback.end(.epochs, fit)
    #expect(end.bestEpoch == one.best)
    #expect(end.restored?.mark == one.best)
  }

  @Test("auto takes the metric's own direction")
  func direction() throws {
    var callback = EarlyStopping(monitor: "accuracy")
    var start = CallbackStart(values: [("loss", .minimize), ("accuracy", .maximize)])
    try callback.begin(&start)
    let fit = try StandingFit()
    var actions: [CallbackAction] = []
    for (index, value) in [0.5, 0.6, 0.6].enumerated() {
      var record = EpochRecord(epoch: index + 1, values: [("accuracy", value)], learningRate: 0, seconds: 0)
      actions.append(callback.epochEnded(&record, fit))
    }
    #expect(actions == [.proceed, .proceed, .stop])
    #expect(callback.end(.earlyStopping, fit).restored == nil)
  }

  @Test("auto needs a direction")
  func noDirection() throws {
    var start = CallbackStart(values: [("loss", .minimize), ("mean", nil)])
    var callback = EarlyStopping(monitor: "mean")
    #expect(throws: EngineError.noDirection(monitor: "mean")) { try callback.begin(&start) }
    callback.monitor.mode = .max
    #expect(throws: Never.self) { try callback.begin(&start) }
  }

  @Test("a monitor that the fit does not give is refused with those that it gives")
  func unknownMonitor() throws {
    let data = syntheticRegression(rows: 8, inputs: 2, outputs: 1)
    let network = try Network(inputWidth: 2, layers: [Dense(units: 1)])
    var trainer = try Trainer(
      network: network, loss: MeanSquaredError(), options: FitOptions(callbacks: [EarlyStopping()]))
    var state = TrainingState(optimizer: SGD())
    #expect(throws: EngineError.unknownMonitor(name: "val_loss", available: ["loss"])) {
      _ = try trainer.fit(training: data, state: &state)
    }
    #expect(state.stepsDone == 0)
  }

  @Test("a fit keeps the best epoch's weights, stopped early or not", arguments: [3, 200])
  func restoring(epochs: Int) throws {
    // A rate so large that the loss soon rises.
    let data = syntheticRegression(rows: 40, inputs: 3, outputs: 1)
    let network = try Network(inputWidth: 3, layers: [Dense(units: 8, activation: Tanh()), Dense(units: 1)])
    let stopping = EarlyStopping(monitor: "val_loss", patience: 4, restoreBestWeights: true)
    var trainer = try Trainer(
      network: network, loss: MeanSquaredError(),
      options: FitOptions(epochs: epochs, batchSize: 8, seed: 3, callbacks: [stopping]))
    var state = TrainingState(optimizer: Adam(learningRate: 0.3))
    let outcome = try trainer.fit(training: data, validation: data, state: &state)
    #expect(outcome.reason == (epochs == 3 ? .epochs : .earlyStopping))
    #expect(outcome.restored)
    let best = try #require(outcome.records.min { ($0["val_loss"] ?? 0) < ($1["val_loss"] ?? 0) })
    #expect(outcome.bestEpoch == best.epoch && outcome.keptEpoch == best.epoch)
    let again = try evaluate(trainer.network, on: data, loss: MeanSquaredError())
    #expect(again[0].value == best["val_loss"])
  }
}
