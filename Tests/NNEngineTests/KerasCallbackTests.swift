import Testing

@testable import NNEngine

/// Random histories that the real Keras's callbacks went through, and ours after them.
@Suite("Callbacks against Keras, history by history")
struct KerasCallbackTests {
  static let names: [(name: String, direction: MetricDirection?)] = [
    ("loss", .minimize), ("mae", .minimize), ("accuracy", .maximize), ("val_loss", .minimize),
    ("val_mae", .minimize), ("val_accuracy", .maximize),
  ]

  private func mode(_ options: CallbackFixtures.Options) throws -> Monitor.Mode {
    try #require(Monitor.Mode(rawValue: options.mode))
  }

  private func record(_ epoch: Int, _ monitor: String, _ value: CallbackFixtures.Number?) -> EpochRecord {
    EpochRecord(
      epoch: epoch, values: value.map { [(name: monitor, value: Double($0.value))] } ?? [], learningRate: 0,
      seconds: 0)
  }

  @Test("early stopping stops, counts as best and puts back exactly Keras's epochs")
  func earlyStopping() throws {
    let histories = try CallbackFixtures.result.get().earlyStopping
    #expect(histories.count >= 100)
    for (number, one) in histories.enumerated() {
      let options = one.options
      var callback: any Callback = EarlyStopping(
        monitor: options.monitor, minDelta: options.minDelta, patience: options.patience,
        mode: try mode(options), baseline: options.baseline,
        restoreBestWeights: options.restoreBestWeights ?? false, startFromEpoch: options.startFromEpoch ?? 0)
      var start = CallbackStart(values: Self.names)
      try callback.begin(&start)
      let fit = try StandingFit()
      var stopped: Int?
      for (index, value) in one.values.enumerated() where stopped == nil {
        let epoch = one.firstEpoch + index
        try fit.mark(epoch)
        var logs = record(epoch, options.monitor, value)
        if callback.epochEnded(&logs, fit) == .stop { stopped = epoch }
        // What it remembers is all that it knows: another one, told of it, goes on alike.
        if number % 2 == 0 {
          let memory = callback.memory
          try callback.begin(&start)
          try callback.restore(memory, fit)
        }
      }
      #expect(stopped == one.stoppedEpoch, "history \(number)")
      let end = callback.end(.epochs, fit)
      let kept = (end.restored ?? fit.network).mark
      #expect(kept == one.keptEpoch, "history \(number)")
      if one.bestEpoch != nil { #expect(end.bestEpoch == one.bestEpoch, "history \(number)") }
    }
  }

  @Test("reduce_lr_on_plateau gives every epoch exactly Keras's learning rate")
  func plateau() throws {
    let histories = try CallbackFixtures.result.get().plateau
    #expect(histories.count >= 100)
    for (number, one) in histories.enumerated() {
      let options = one.options
      var callback: any Callback = ReduceLROnPlateau(
        monitor: options.monitor, factor: options.factor ?? 0.1, patience: options.patience,
        mode: try mode(options), minDelta: options.minDelta, cooldown: options.cooldown ?? 0,
        minRate: options.minLr ?? 0)
      var start = CallbackStart(values: Self.names)
      try callback.begin(&start)
      #expect(start.values.last?.name == "learning_rate")
      let fit = try StandingFit()
      fit.learningRate = one.rate
      var logged: [Float] = []
      var after: [Float] = []
      for (index, value) in one.values.enumerated() {
        var logs = record(index + 1, options.monitor, value)
        #expect(callback.epochEnded(&logs, fit) == .proceed)
        logged.append(Float(logs["learning_rate"] ?? .nan))
        after.append(Float(fit.learningRate))
        if number % 2 == 0 {
          let memory = callback.memory
          var again = CallbackStart(values: Self.names)
          try callback.begin(&again)
          try callback.restore(memory, fit)
        }
      }
      #expect(logged == one.logged.map(\.value), "history \(number)")
      #expect(after == one.after.map(\.value), "history \(number)")
    }
  }

  @Test("a memory without what it should hold is that of a callback that has seen nothing")
  func emptyMemory() throws {
    let fit = try StandingFit()
    let odd = ["wait": -1.0, "cooldown": 0.5, "best_epoch": .nan]
    for numbers in [[:], odd] {
      var stopping = EarlyStopping(restoreBestWeights: true)
      try stopping.restore(CallbackMemory(numbers: numbers), fit)
      #expect(stopping.memory == CallbackMemory(numbers: ["wait": 0]))
      var plateau = ReduceLROnPlateau()
      let fresh = plateau.memory
      try plateau.restore(CallbackMemory(numbers: numbers), fit)
      #expect(plateau.memory == fresh)
    }
    // The best epoch without its weights is no memory.
    var stopping = EarlyStopping(restoreBestWeights: true)
    #expect(throws: EngineError.self) {
      try stopping.restore(CallbackMemory(numbers: ["best_epoch": 3]), fit)
    }
  }

  @Test("the learning rate can be watched behind the plateau, and only with a mode")
  func watchingTheRate() throws {
    var plateau = ReduceLROnPlateau(monitor: "loss")
    var start = CallbackStart(values: [("loss", .minimize)])
    try plateau.begin(&start)
    var blind = EarlyStopping(monitor: "learning_rate")
    #expect(throws: EngineError.noDirection(monitor: "learning_rate")) { try blind.begin(&start) }
    var watching = EarlyStopping(monitor: "learning_rate", mode: .min)
    try watching.begin(&start)
    var before = EarlyStopping(monitor: "learning_rate", mode: .min)
    var fresh = CallbackStart(values: [("loss", .minimize)])
    #expect(throws: EngineError.unknownMonitor(name: "learning_rate", available: ["loss"])) {
      try before.begin(&fresh)
    }
  }
}
