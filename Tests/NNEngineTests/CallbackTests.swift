import Synchronization
import Testing

@testable import NNEngine

@Suite("Callbacks in a fit")
struct CallbackTests {
  /// Writes down each call.
  private struct Scribe: Callback {
    final class Page: Sendable {
      let lines = Mutex<[String]>([])
    }

    let name: String
    let page: Page
    var stepInterval: Int?
    var isLast = false
    var atEpoch: @Sendable (Int, any FitUnderWay) -> CallbackAction = { _, _ in .proceed }
    var atStep: @Sendable (any FitUnderWay) -> CallbackAction = { _ in .proceed }

    init(_ name: String, _ page: Page, stepInterval: Int? = nil, isLast: Bool = false) {
      self.name = name
      self.page = page
      self.stepInterval = stepInterval
      self.isLast = isLast
    }

    private func note(_ text: String) { page.lines.withLock { $0.append("\(name) \(text)") } }

    mutating func begin(_ start: inout CallbackStart) throws(EngineError) {
      note("begins with \(start.values.map(\.name).joined(separator: " "))")
    }
    mutating func stepEnded(_ fit: any FitUnderWay) -> CallbackAction {
      note("step \(fit.epoch).\(fit.stepInEpoch) of \(fit.records.count)")
      return atStep(fit)
    }
    mutating func epochEnded(_ logs: inout EpochRecord, _ fit: any FitUnderWay) -> CallbackAction {
      note("epoch \(logs.epoch) \(fit.records.last?.epoch == logs.epoch)")
      return atEpoch(logs.epoch, fit)
    }
    var failure: String?
    mutating func end(_ reason: StopReason, _ fit: any FitUnderWay) -> CallbackEnd {
      note("ends for \(reason)")
      return CallbackEnd(failure: failure)
    }
  }

  private func fit(
    _ options: FitOptions, optimizer: any Optimizer = SGD(learningRate: 0.1), validation: Bool = false
  ) throws -> (FitOutcome, TrainingState, Network) {
    let data = syntheticRegression(rows: 40, inputs: 3, outputs: 1)
    let network = try Network(inputWidth: 3, layers: [Dense(units: 4, activation: Tanh()), Dense(units: 1)])
    var trainer = try Trainer(network: network, loss: MeanSquaredError(), options: options)
    var state = TrainingState(optimizer: optimizer)
    let outcome = try trainer.fit(training: data, validation: validation ? data : nil, state: &state)
    return (outcome, state, trainer.network)
  }

  @Test("one that fails at the end of a fit is its reason, told to those behind it; the first to fail counts")
  func failingAtTheEnd() throws {
    let page = Scribe.Page()
    let sound = Scribe("sound", page)
    var broken = Scribe("broken", page)
    broken.failure = "the disk is full"
    var late = Scribe("late", page)
    late.failure = "nobody listens"
    let (outcome, state, network) = try fit(FitOptions(epochs: 2, callbacks: [sound, broken, late, sound]))
    #expect(outcome.reason == .callbackFailed(callback: 1, reason: "the disk is full"))
    #expect(state.epochsDone == 2 && network.hasWeights)
    #expect(
      page.lines.withLock { $0.suffix(4) } == [
        "sound ends for epochs", "broken ends for epochs",
        "late ends for \(outcome.reason)", "sound ends for \(outcome.reason)",
      ])
  }

  @Test(
    "they are asked in their order, those that come last after the others, and between steps only if they want"
  )
  func order() throws {
    let page = Scribe.Page()
    let callbacks: [any Callback] = [
      Scribe("last", page, stepInterval: 2, isLast: true), Scribe("one", page),
      Scribe("two", page, stepInterval: 3),
    ]
    let (outcome, _, _) = try fit(FitOptions(epochs: 2, batchSize: 16, callbacks: callbacks))
    #expect(outcome.reason == .epochs)
    #expect(
      page.lines.withLock { $0 } == [
        "last begins with loss", "one begins with loss", "two begins with loss",
        "last step 1.2 of 0", "two step 1.3 of 0",
        "one epoch 1 true", "two epoch 1 true", "last epoch 1 true",
        "last step 2.1 of 1", "two step 2.3 of 1", "last step 2.3 of 1",
        "one epoch 2 true", "two epoch 2 true", "last epoch 2 true",
        "one ends for epochs", "two ends for epochs", "last ends for epochs",
      ])
  }

  @Test("looking between steps changes nothing")
  func looking() throws {
    let page = Scribe.Page()
    let plain = try fit(FitOptions(epochs: 3, batchSize: 16, seed: 4), optimizer: Adam())
    var scribe = Scribe("a", page, stepInterval: 1)
    scribe.atStep = { fit in
      _ = fit.snapshot()
      return fit.runningValues.first?.value.isFinite == true ? .proceed : .stop
    }
    let watched = try fit(
      FitOptions(epochs: 3, batchSize: 16, seed: 4, callbacks: [scribe]), optimizer: Adam())
    #expect(watched.2.digest == plain.2.digest)
    // A beginning, nine steps, three epochs and an end.
    let count = page.lines.withLock { $0.count }
    #expect(count == 14)
  }

  @Test("a rate that a schedule gives is seen, and setting it ends the fit with what was trained")
  func scheduledRate() throws {
    let page = Scribe.Page()
    let seen = Mutex<[Double]>([])
    var scribe = Scribe("a", page)
    scribe.atEpoch = { epoch, fit in
      let rate = fit.learningRate
      seen.withLock { $0.append(rate) }
      if epoch == 2 { fit.learningRate = 0.025 }
      return .proceed
    }
    var sgd = SGD()
    sgd.settings.schedule = PiecewiseConstantDecay(boundaries: [2, 5], values: [0.5, 0.25, 0.125])
    // Three steps an epoch.
    let (outcome, state, _) = try fit(
      FitOptions(epochs: 4, batchSize: 16, seed: 4, callbacks: [scribe]), optimizer: sgd)
    guard case .callbackFailed(callback: 0, let reason) = outcome.reason else {
      Issue.record("it ended for \(outcome.reason)")
      return
    }
    #expect(reason.contains("schedule") && state.epochsDone == 2)
    #expect(seen.withLock { $0 } == [0.25, 0.125])
    #expect(throws: EngineError.self) {
      try fit(
        FitOptions(epochs: 1, callbacks: [ReduceLROnPlateau(monitor: "loss")]), optimizer: sgd)
    }
  }

  @Test("a rate that is set holds from the next step on, is told, and is the next fit's")
  func learningRate() throws {
    let page = Scribe.Page()
    var scribe = Scribe("a", page)
    scribe.atEpoch = { epoch, fit in
      if epoch == 2 { fit.learningRate = 0.025 }
      return .proceed
    }
    let (outcome, state, network) = try fit(
      FitOptions(epochs: 4, batchSize: 16, seed: 4, callbacks: [scribe]))
    #expect(outcome.records.map(\.learningRate) == [0.1, 0.1, 0.025, 0.025])
    #expect(state.optimizer.learningRate == 0.025)

    let data = syntheticRegression(rows: 40, inputs: 3, outputs: 1)
    var parts = TrainingState(optimizer: SGD(learningRate: 0.1))
    var trainer = try Trainer(
      network: Network(inputWidth: 3, layers: [Dense(units: 4, activation: Tanh()), Dense(units: 1)]),
      loss: MeanSquaredError(), options: FitOptions(epochs: 2, batchSize: 16, seed: 4))
    _ = try trainer.fit(training: data, state: &parts)
    parts.optimizer.learningRate = 0.025
    _ = try trainer.fit(training: data, state: &parts)
    #expect(trainer.network.digest == network.digest)
  }

  @Test("stopping between steps leaves an epoch for the next fit to finish")
  func stoppingInAnEpoch() throws {
    let page = Scribe.Page()
    var scribe = Scribe("a", page, stepInterval: 4)
    scribe.atStep = { _ in .stop }
    let (outcome, state, _) = try fit(FitOptions(epochs: 4, batchSize: 16, callbacks: [scribe]))
    #expect(outcome.reason == .earlyStopping)
    #expect(outcome.stepInEpoch == 1)
    #expect(state.stepsDone == 4 && state.epochsDone == 1)
    #expect(outcome.records.map(\.isPartial) == [false, true])
  }

  @Test("one that fails ends the fit with what was trained", arguments: [true, false])
  func failing(betweenSteps: Bool) throws {
    let page = Scribe.Page()
    var scribe = Scribe("a", page, stepInterval: betweenSteps ? 5 : nil)
    scribe.atStep = { _ in .fail("the disk is full") }
    scribe.atEpoch = { epoch, _ in !betweenSteps && epoch == 2 ? .fail("the disk is full") : .proceed }
    let (outcome, state, network) = try fit(
      FitOptions(epochs: 9, batchSize: 16, callbacks: [Scribe("other", page), scribe]))
    #expect(outcome.reason == .callbackFailed(callback: 1, reason: "the disk is full"))
    #expect(state.epochsDone == (betweenSteps ? 1 : 2))
    #expect(network.hasWeights)
    #expect(page.lines.withLock { $0.suffix(2).allSatisfy { $0.contains("callbackFailed") } })
  }

  @Test("a closure is a callback")
  func closure() throws {
    let seen = Mutex<[Int]>([])
    let (outcome, _, _) = try fit(
      FitOptions(
        epochs: 9, batchSize: 16,
        callbacks: [
          EpochCallback { logs, fit in
            seen.withLock { $0.append(logs.epoch) }
            return logs.epoch == 3 && fit.learningRate == 0.1 ? .stop : .proceed
          }
        ]))
    #expect(outcome.reason == .earlyStopping)
    #expect(seen.withLock { $0 } == [1, 2, 3])
  }

  @Test("validation happens after the epochs that are asked for, and is not promised where it never does")
  func validationFrequency() throws {
    let every = try fit(
      FitOptions(epochs: 6, batchSize: 16, validationFrequency: .every(3)), validation: true)
    #expect(every.0.records.map { $0["val_loss"] != nil } == [false, false, true, false, false, true])
    #expect(every.0.bestEpoch == 6)
    let listed = try fit(
      FitOptions(epochs: 3, batchSize: 16, validationFrequency: .epochs([1, 9])), validation: true)
    #expect(listed.0.records.map { $0["val_loss"] != nil } == [true, false, false])
    let waiting = try fit(
      FitOptions(epochs: 2, callbacks: [EarlyStopping()], validationFrequency: .every(3)), validation: true)
    #expect(waiting.0.reason == .epochs && waiting.0.records.count == 2)
    #expect(ValidationFrequency.every(3).includesAny(from: 4, through: 5) == false)
    #expect(ValidationFrequency.every(3).includesAny(from: 4, through: 6))
    #expect(ValidationFrequency.every(0).includesAny(from: 1, through: 6) == false)
    #expect(ValidationFrequency.every(3).includesAny(from: 6, through: 6))
    #expect(ValidationFrequency.every(3).includesAny(from: 7, through: 6) == false)
    for (first, last, isAny) in [
      (1, 4, false), (4, 5, true), (5, 9, true), (9, 12, true), (10, 12, false), (9, 5, false),
    ] {
      #expect(ValidationFrequency.epochs([5, 9]).includesAny(from: first, through: last) == isAny)
    }
  }
}
