import Foundation
import NNData
import NNDiagnostics
import NNEngine
import NNSyntax
import Support
import Synchronization
import Testing

@testable import NNInterpreter

/// What a run keeps, and what it never loses.
@Suite struct RunTests {
  /// Collects events, and can do something at one.
  final class Recorder: RunObserver {
    let events = Mutex<[RunEvent]>([])
    let react: @Sendable (RunEvent) -> Void

    init(react: @escaping @Sendable (RunEvent) -> Void = { _ in }) { self.react = react }

    func observe(_ event: RunEvent) {
      events.withLock { $0.append(event) }
      react(event)
    }
  }

  static let options: RunOptions = {
    var options = RunOptions()
    let rows = (0..<60).map { row in
      "\(Double(row % 7) / 7),\(Double(row % 5) / 5),\(row % 7 > 3 ? "yes" : "no")"
    }
    let text = "a,b,answer\n" + rows.joined(separator: "\n") + "\n"
    if let table = try? readTable(bytes: Array(text.utf8), name: "t.csv") { options.tables = ["t": table] }
    return options
  }()

  private func run(
    _ interpreter: inout Interpreter, _ script: String, stop: StopSignal = StopSignal(),
    observer: (any RunObserver)? = nil
  ) -> Interpreter.Result {
    interpreter.run(
      SourceFile(name: "test", text: script), options: Self.options, stop: stop, observer: observer)
  }

  @Test func oneRunGoesOnWhereTheLastStopped() {
    var whole = Interpreter()
    #expect(
      run(&whole, "data table:t | model < dense 4 relu; output > | fit epochs=6 seed=3").status == .done)
    var stepwise = Interpreter()
    for line in ["data table:t", "model < dense 4 relu; output >", "fit epochs=2 seed=3", "fit epochs=4"] {
      #expect(run(&stepwise, line).status == .done)
    }
    #expect(whole.experiment.digest != nil)
    #expect(whole.experiment.digest == stepwise.experiment.digest)
    #expect(stepwise.experiment.history?.count == 6)
  }

  @Test func preparationBeforeTheFirstFitIsNotTooLateForTheSecond() {
    var interpreter = Interpreter()
    let recorder = Recorder()
    for line in [
      "data table:t", "scale standard", "model < dense 4 relu; output >", "fit seed=3", "fit", "evaluate",
    ] {
      #expect(run(&interpreter, line, observer: recorder).status == .done)
    }
    func warnings() -> [String] {
      recorder.events.withLock { events in
        events.compactMap { if case .warning(let diagnostic) = $0 { diagnostic.code } else { nil } }
      }
    }
    #expect(warnings() == [])
    _ = run(&interpreter, "impute mean", observer: recorder)
    _ = run(&interpreter, "fit", observer: recorder)
    #expect(warnings() == ["W0301"])
  }

  @Test func aModelWithAnotherByteIsToldOf() throws {
    let folder = try Folder()
    let path = folder.url.appendingPathComponent("m.safetensors").path
    var interpreter = Interpreter()
    let script = "data table:t target=answer | model < output > | fit seed=1 | save '\(path)' optimizer=false"
    #expect(run(&interpreter, script).status == .done)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    bytes[bytes.count - 2] ^= 1
    try bytes.write(to: URL(fileURLWithPath: path))
    let result = Interpreter().check(SourceFile(name: "test", text: "model '\(path)' | summary"))
    #expect(result.status == .done)
    #expect(result.diagnostics.map(\.code) == ["W0404"])
  }

  @Test func placesOfAnEarlierSourceAreFoundThere() {
    for (described, compiled) in [
      ("dense 4; dense 2", "loss=categorical_focal_crossentropy(alpha=[0.1, 0.2, 0.3])"),
      ("dense 4; dense 1 softmax", "loss=binary_crossentropy"),
      ("residual < dense 8 >; output", "opt=adam"),
      ("dense 4; output", "metrics=[precision(class_id=7)]"),
    ] {
      var interpreter = Interpreter()
      #expect(run(&interpreter, "data table:t").status == .done)
      #expect(run(&interpreter, "model < \(described) >").status == .done)
      #expect(run(&interpreter, "compile \(compiled)").status == .done)
      let recorder = Recorder()
      let result = run(&interpreter, "fit", observer: recorder)
      let told =
        result.diagnostics
        + recorder.events.withLock { events in
          events.compactMap { if case .warning(let diagnostic) = $0 { diagnostic } else { nil } }
        }
      #expect(!told.isEmpty, "\(described), \(compiled)")
      for diagnostic in told {
        let text = diagnostic.span.flatMap { diagnostic.source?.text($0) } ?? ""
        #expect(
          !text.isEmpty && "model < \(described) >|compile \(compiled)|fit".contains(text),
          "\(diagnostic.code) of \(described), \(compiled): \(text)")
      }
    }
  }

  @Test func threadsDoNotChangeAnything() {
    var digests: Set<String> = []
    for threads in [1, 2, 3] {
      var options = Self.options
      options.threads = threads
      var interpreter = Interpreter()
      _ = interpreter.run(
        SourceFile(
          name: "test",
          text:
            "data table:t | model < dense 64 relu; dropout 0.2; dense 32 tanh; output > | fit epochs=3 seed=5"
        ),
        options: options)
      digests.insert(interpreter.experiment.digest ?? "none")
    }
    #expect(digests.count == 1 && !digests.contains("none"), "\(digests)")
  }

  @Test func anInterruptedScriptStillSaves() throws {
    let folder = try Folder()
    let path = folder.url.appendingPathComponent("kept.safetensors").path
    let stop = StopSignal()
    let recorder = Recorder { event in
      if case .epoch(let epoch) = event, epoch.record.epoch == 3 { stop.request() }
    }
    var interpreter = Interpreter()
    let result = run(
      &interpreter,
      "data table:t | model < dense 4 relu; output > | fit epochs=100000 seed=3\nprint never\nsave '\(path)'\nprint never",
      stop: stop, observer: recorder)
    #expect(result.status == .interrupted)
    #expect(interpreter.experiment.history?.count ?? 0 >= 3)
    let texts = recorder.events.withLock { events in
      events.compactMap { event -> String? in
        if case .output(_, let text) = event { text } else { nil }
      }
    }
    #expect(texts.isEmpty, "a stage behind the interruption ran: \(texts)")
    var other = Interpreter()
    #expect(run(&other, "model '\(path)'").status == .done)
    #expect(other.experiment.digest == interpreter.experiment.digest)
  }

  @Test func aFailureKeepsWhatWasTrainedBefore() {
    var interpreter = Interpreter()
    let result = run(
      &interpreter, "data table:t | model < dense 4 relu; output > | fit epochs=2 seed=3\nexpect loss < 0")
    #expect(result.status == .failed)
    #expect(result.diagnostics.map(\.code) == ["E1004"])
    #expect(interpreter.experiment.digest != nil)
    #expect(run(&interpreter, "fit epochs=1").status == .done)
    #expect(interpreter.experiment.history?.count == 3)
  }

  @Test func aRejectedScriptChangesNothing() {
    var interpreter = Interpreter()
    _ = run(&interpreter, "data table:t | model < dense 4 relu; output > | fit epochs=2 seed=3")
    let digest = interpreter.experiment.digest
    let result = run(&interpreter, "fit epochs=5 seed=9; fti")
    #expect(result.status == .rejected)
    #expect(interpreter.experiment.digest == digest)
    #expect(interpreter.experiment.history?.count == 2)
  }

  @Test func aDrawnSeedIsToldAndRepeats() throws {
    let recorder = Recorder()
    var first = Interpreter()
    let script = "data table:t | model < dense 4 relu; output > | fit epochs=2"
    _ = run(&first, script, observer: recorder)
    let started = try #require(
      recorder.events.withLock { events in
        events.compactMap { event -> RunEvent.FitStarted? in
          if case .fitStarted(let fit) = event { fit } else { nil }
        }.first
      })
    #expect(started.seedIsDrawn)
    var second = Interpreter()
    _ = run(&second, script + " seed=\(started.seed)")
    #expect(first.experiment.digest == second.experiment.digest)
  }

  @Test func stepsOfAContinuedFitAreItsOwn() throws {
    let recorder = Recorder()
    var interpreter = Interpreter()
    let script =
      "data table:t | model < dense 4 relu; output > | fit epochs=2 batch=20 seed=3; fit steps=4 epochs=9"
    _ = run(&interpreter, script, observer: recorder)
    let steps = recorder.events.withLock { events in
      events.compactMap { event -> Int? in
        if case .fitStopped(let stop) = event { stop.steps } else { nil }
      }
    }
    #expect(steps == [6, 4])
  }

  @Test func stepsRepeatWhatABudgetReached() {
    var limited = Interpreter()
    _ = run(&limited, "data table:t | model < dense 4 relu; output > | fit epochs=10 batch=16 seed=3 steps=9")
    #expect(limited.experiment.model?.trained?.state.stepsDone == 9)
    var again = Interpreter()
    _ = run(&again, "data table:t | model < dense 4 relu; output > | fit epochs=10 batch=16 seed=3 steps=9")
    #expect(limited.experiment.digest == again.experiment.digest)
  }

  @Test func aSecondCompileKeepsWeightsAndResetsTheOptimizer() throws {
    var interpreter = Interpreter()
    _ = run(&interpreter, "data table:t | model < dense 4 relu; output > | fit epochs=2 seed=3")
    let digest = interpreter.experiment.digest
    _ = run(&interpreter, "compile opt=sgd lr=0.5")
    #expect(interpreter.experiment.digest == digest)
    let state = try #require(interpreter.experiment.model?.trained?.state)
    #expect(state.optimizer.name == "sgd")
    #expect(state.optimizer.learningRate == 0.5)
    #expect(state.iterations == 0 && state.slots.isEmpty)
    #expect(run(&interpreter, "fit epochs=1").status == .done)
  }

  @Test func savingAndOpeningKeepsEverything() throws {
    let folder = try Folder()
    let path = folder.url.appendingPathComponent("m.safetensors").path
    var interpreter = Interpreter()
    let script =
      "data table:t | impute mean | scale minmax | model < input 2; dense 6 leaky_relu(0.1) l2=0.001 init=he_normal; dropout 0.3; activation elu(alpha=0.5); output >"
      + " | compile opt=adam(lr=0.01, beta_1=0.8) metrics=[accuracy] | fit epochs=4 seed=8 | save '\(path)'"
    #expect(run(&interpreter, script).status == .done)
    var opened = Interpreter()
    #expect(run(&opened, "model '\(path)'").status == .done)
    #expect(opened.experiment.digest == interpreter.experiment.digest)
    #expect(opened.experiment.history?.map(\.loss) == interpreter.experiment.history?.map(\.loss))
    // Going on with either gives the same bits, dropout and Adam's moments included.
    #expect(run(&interpreter, "fit epochs=3").status == .done)
    #expect(run(&opened, "fit table:t epochs=3").status == .done)
    #expect(opened.experiment.digest == interpreter.experiment.digest)
    #expect(opened.experiment.metric("accuracy") == interpreter.experiment.metric("accuracy"))
  }

  @Test func anEpochBegunBeforeSavingIsFinishedAfterOpening() throws {
    let folder = try Folder()
    let path = folder.url.appendingPathComponent("m.safetensors").path
    var whole = Interpreter()
    let script =
      "data table:t | model < dense 4 relu; output > | compile metrics=[accuracy] | fit batch=16 seed=3"
    #expect(run(&whole, script + " epochs=4").status == .done)
    var first = Interpreter()
    #expect(run(&first, script + " epochs=10 steps=6 | save '\(path)'").status == .done)
    #expect(first.experiment.history?.last?.isPartial == true)
    var second = Interpreter()
    #expect(run(&second, "model '\(path)' | fit table:t epochs=3 batch=16").status == .done)
    #expect(second.experiment.digest == whole.experiment.digest)
    #expect(second.experiment.history?.map(\.epoch) == [1, 2, 3, 4])
    #expect(second.experiment.history?.map(\.loss) == whole.experiment.history?.map(\.loss))
  }

  @Test func everyOptimizerGoesOnAfterSaving() throws {
    let folder = try Folder()
    let path = folder.url.appendingPathComponent("m.safetensors").path
    let around =
      "weight_decay=0.01, clipnorm=0.5, ema=0.9, ema_overwrite_frequency=5, accumulate=2, lr=cosine(0.01, 40, alpha=0.1)"
    for entry in Catalog.optimizers {
      for options in ["", "(\(around))"] {
        let start =
          "data table:t | model < input 2; dense 5 tanh; output > | compile opt=\(entry.name)\(options) | fit batch=16 seed=3"
        var whole = Interpreter()
        #expect(run(&whole, start + " epochs=5").status == .done)
        var first = Interpreter()
        #expect(run(&first, start + " epochs=3 | save '\(path)'").status == .done)
        var second = Interpreter()
        let result = run(&second, "model '\(path)' | fit table:t epochs=2 batch=16")
        #expect(result.status == .done, "\(entry.name)\(options): \(result.diagnostics.map(\.message))")
        #expect(second.experiment.digest == whole.experiment.digest, "\(entry.name)\(options)")
        #expect(second.experiment.history?.map(\.loss) == whole.experiment.history?.map(\.loss))
        #expect(second.experiment.history?.last?.learningRate == whole.experiment.history?.last?.learningRate)
      }
    }
  }

  /// The optimizer that a line of `compile` makes.
  private func compiled(_ options: String) throws -> any Optimizer {
    var interpreter = Interpreter()
    let result = run(&interpreter, "model < dense 4; output > | compile \(options)")
    #expect(result.status == .done, "\(options): \(result.diagnostics.map(\.message))")
    return try #require(interpreter.experiment.model?.compile).makeOptimizer()
  }

  @Test func compileTakesWhatAllOptimizersTake() throws {
    let adam = try compiled("lr=0.5 clipnorm=1 weight_decay=0.1 ema=0.8")
    #expect(adam.name == "adam" && adam.learningRate == 0.5)
    #expect(adam.settings.clipping == .norm(1) && adam.settings.weightDecay == 0.1)
    #expect(adam.settings.averaging == WeightAveraging(momentum: 0.8))
    // What stands in `compile` itself comes before what stands in the optimizer.
    let sgd = try compiled(
      "opt=sgd(0.1, momentum=0.9, nesterov, clipvalue=3) lr=exponential(0.2, 10, 0.5, staircase) clipvalue=2")
    #expect(sgd.settings.clipping == .value(2) && (sgd as? SGD)?.nesterov == true)
    #expect(sgd.settings.rate(step: 9) == 0.2 && sgd.settings.rate(step: 10) == 0.1)
    let nadam = try compiled(
      "opt=nadam(use_ema, ema_momentum=0.7, gradient_accumulation_steps=4, global_clipnorm=2)")
    #expect(nadam.settings.averaging == WeightAveraging(momentum: 0.7))
    #expect(nadam.settings.accumulationSteps == 4 && nadam.settings.clipping == .globalNorm(2))
    // Options that are off.
    let plain = try compiled("opt=adam(ema_momentum=0.7, clipnorm=none, weight_decay=none) clipvalue=none")
    #expect(
      plain.settings.averaging == nil && plain.settings.clipping == nil && plain.settings.weightDecay == nil)
    let cosine = try compiled(
      "learning_rate=cosine_decay(0.0, decay_steps=10, warmup_target=0.4, warmup_steps=4)")
    #expect(cosine.settings.rate(step: 2) == 0.2)
    let piecewise = try compiled("opt=adam(learning_rate=piecewise([5, 10], [3, 2, 1]))")
    #expect(piecewise.settings.rate(step: 6) == 2)
  }

  @Test func defaultsAreKeras() throws {
    for (name, rate, decay) in [
      ("sgd", 0.01, nil), ("rmsprop", 0.001, nil), ("adam", 0.001, nil), ("adamw", 0.001, 0.004),
      ("nadam", 0.001, nil), ("adamax", 0.001, nil), ("adagrad", 0.001, nil), ("adadelta", 0.001, nil),
      ("ftrl", 0.001, nil), ("lion", 0.001, nil), ("lamb", 0.001, nil), ("adafactor", 0.001, nil),
      ("muon", 0.001, 0.004), ("schedule_free_adamw", 0.0025, nil),
    ] as [(String, Double, Double?)] {
      let optimizer = try compiled("opt=\(name)")
      #expect(
        optimizer.name == name && optimizer.learningRate == rate && optimizer.settings.weightDecay == decay)
    }
    let muon = try #require(
      try compiled("opt=muon(exclude_layers=output, rms_rate=none, adam_weight_decay=none)") as? Muon)
    #expect(
      muon.excludeLayers == ["output"] && muon.rmsRate == nil && muon.adamWeightDecay == nil && muon.nesterov)
    #expect(Catalog.optimizers.count == 14)
  }

  @Test func aModelWithoutOptimizerStateStartsItAfresh() throws {
    let folder = try Folder()
    let path = folder.url.appendingPathComponent("m.safetensors").path
    var interpreter = Interpreter()
    _ = run(
      &interpreter,
      "data table:t | model < dense 4; output > | fit epochs=2 seed=8 | save '\(path)' optimizer=false")
    var opened = Interpreter()
    #expect(run(&opened, "model '\(path)'").status == .done)
    #expect(opened.experiment.model?.trained?.state.slots.isEmpty == true)
    #expect(run(&opened, "fit table:t").status == .done)
  }

  @Test("a matrix of more classes than anybody reads is refused before it is made")
  func confusionOfManyClasses() throws {
    let text = "x,id\n" + (0..<1001).map { "\($0),k\($0)" }.joined(separator: "\n") + "\n"
    var options = RunOptions()
    options.tables = ["ids": try readTable(bytes: Array(text.utf8), name: "ids.csv")]
    var interpreter = Interpreter()
    let result = interpreter.run(
      SourceFile(name: "test", text: "data table:ids | model < output > | fit epochs=0 seed=1 | confusion"),
      options: options)
    #expect(result.status == .rejected)
    #expect(
      result.diagnostics.map(\.message) == ["`confusion` shows up to 1,000 classes, and `id` has 1,001"])
  }

  @Test(
    "a fit none of whose epochs looks at the validation rows is no error",
    arguments: [
      ("epochs=0 patience=2", [String]()), ("epochs=0 callbacks=[early_stopping()]", []),
      ("epochs=2 validation_freq=3 patience=1", ["W1024"]),
      ("epochs=2 validation_freq=[5] callbacks=[reduce_lr_on_plateau()]", ["W1024"]),
    ])
  func neverWatched(arguments: String, warnings: [String]) {
    var interpreter = Interpreter()
    let recorder = Recorder()
    let result = run(
      &interpreter, "data table:t | split val=20% seed=1 | model < output > | fit seed=1 \(arguments)",
      observer: recorder)
    #expect(result.status == .done, "\(result.diagnostics.map(\.message))")
    let codes = recorder.events.withLock { events in
      events.compactMap { if case .warning(let warning) = $0 { warning.code } else { nil } }
    }
    #expect(codes == warnings)
  }
}
