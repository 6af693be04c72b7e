import Foundation
import NNData
import NNDiagnostics
import NNEngine
import Support
import Synchronization
import Testing

@testable import NNInterpreter

/// Callbacks that write files, in scripts that run, stop and run again.
@Suite("Callbacks in a run")
struct CallbackRunTests {
  /// Collects events, and stops the run after an epoch.
  private final class Recorder: RunObserver {
    let events = Mutex<[RunEvent]>([])
    let stop = StopSignal()
    private let last: Int?

    init(stoppingAfter last: Int? = nil) { self.last = last }

    func observe(_ event: RunEvent) {
      events.withLock { $0.append(event) }
      if case .epoch(let epoch) = event, epoch.record.epoch == last { stop.request() }
    }

    func all<Value>(_ pick: (RunEvent) -> Value?) -> [Value] {
      let events = events.withLock { $0 }
      return events.compactMap(pick)
    }
  }

  private struct Outcome {
    var experiment: Experiment
    var result: Interpreter.Result
    var recorder: Recorder
    var digest: String? { experiment.digest }
    var resumed: RunEvent.Resumed? {
      recorder.all { if case .fitStarted(let fit) = $0 { fit.resumed } else { nil } }.first
    }
    var warnings: [Diagnostic] {
      recorder.all { if case .warning(let warning) = $0 { warning } else { nil } }
    }
  }

  private func run(
    _ script: String, stoppingAfter last: Int? = nil, callbacks: [String: any Callback] = [:]
  ) -> Outcome {
    var options = RunTests.options
    options.callbacks = callbacks
    let recorder = Recorder(stoppingAfter: last)
    var interpreter = Interpreter()
    let result = interpreter.run(
      SourceFile(name: "test", text: script), options: options, stop: recorder.stop, observer: recorder)
    return Outcome(experiment: interpreter.experiment, result: result, recorder: recorder)
  }

  private func fit(_ arguments: String, data: String = "split val=20%") -> String {
    """
    data table:t | \(data)
    model < dense 6 relu; dropout 20%; output > | compile lr=0.05 metrics=[accuracy]
    fit \(arguments)
    """
  }

  // MARK: backup

  static let interrupted: [String] = [
    "epochs=9 seed=3",
    "epochs=9 seed=3 batch=7 steps_per_epoch=2",
    "epochs=9 seed=3 patience=3",
    "epochs=9 seed=3 class_weight=balanced validation_freq=2 steps=30",
  ]

  @Test("a fit that was stopped and begun again ends with the same bits", arguments: interrupted)
  func resumed(arguments: String) throws {
    let folder = try Folder()
    let kept = folder.url.appendingPathComponent("kept").path
    let callbacks =
      "callbacks=[reduce_lr_on_plateau(monitor=loss, patience=1, min_delta=0.01), early_stopping(monitor=loss, patience=4, restore_best_weights=true), BACKUP]"
    // The uninterrupted fit has the same callbacks, so that it is the same one.
    func script(_ name: String) -> String {
      fit("\(arguments) \(callbacks.replacing("BACKUP", with: "backup(\"\(name)\")"))")
    }
    let whole = run(script(folder.url.appendingPathComponent("other").path))
    #expect(whole.result.status == .done)
    for last in [1, 2, 5] {
      let first = run(script(kept), stoppingAfter: last)
      #expect(first.result.status == .interrupted)
      #expect(folder.names == ["kept"])
      let second = run(script(kept))
      #expect(second.result.status == .done, "\(second.result.diagnostics)")
      #expect(second.resumed?.epoch == last)
      #expect(second.digest == whole.digest, "left after epoch \(last)")
      #expect(
        second.experiment.history?.map { $0.values.map(\.value) }
          == whole.experiment.history?.map { $0.values.map(\.value) })
      #expect(second.experiment.metric("loss") == whole.experiment.metric("loss"))
      #expect(folder.names == [], "the folder is removed when the fit is complete")
    }
  }

  @Test("without a seed the one of the kept fit is taken")
  func drawnSeed() throws {
    let folder = try Folder()
    let script = fit("epochs=6 callbacks=[backup('\(folder.url.path)/b', save_freq=3)]")
    let first = run(script, stoppingAfter: 3)
    let second = run(script)
    func seed(_ outcome: Outcome) -> UInt64? {
      outcome.recorder.all { if case .fitStarted(let fit) = $0 { fit.seed } else { nil } }.first
    }
    #expect(seed(first) == seed(second))
    let again = run(fit("epochs=6 seed=\(seed(first) ?? 0)"))
    #expect(again.digest == second.digest)
  }

  @Test("a complete fit that is kept is not trained again, unless it is to go on")
  func keptComplete() throws {
    let folder = try Folder()
    let backup = "callbacks=[backup('\(folder.url.path)/b', delete_checkpoint=false)]"
    let first = run(fit("epochs=4 seed=2 \(backup)"))
    #expect(folder.names == ["b"])
    let again = run(fit("epochs=4 seed=2 \(backup)"))
    #expect(again.digest == first.digest)
    #expect(again.recorder.all { if case .epoch = $0 { true } else { nil } }.isEmpty)
    #expect(again.experiment.history?.count == 4)
    let longer = run(fit("epochs=6 seed=2 \(backup)"))
    #expect(longer.digest == run(fit("epochs=6 seed=2")).digest)
  }

  @Test("early stopping that has stopped a kept fit has stopped it for good")
  func keptStopped() throws {
    let folder = try Folder()
    let backup = "backup('\(folder.url.path)/b', delete_checkpoint=false)"
    let script = fit("epochs=50 seed=2 callbacks=[early_stopping(monitor=loss, min_delta=9), \(backup)]")
    let first = run(script)
    #expect(first.experiment.history?.count == 2)
    let again = run(script)
    #expect(again.experiment.history?.count == 2 && again.digest == first.digest)
  }

  @Test(
    "a backup of another fit is refused, with what is different",
    arguments: [
      ("epochs=5 seed=4", "", ["seed", "weights before"]), ("epochs=5 seed=3 batch=8", "", ["batch"]),
      ("epochs=5 seed=3 shuffle=false", "", ["shuffle"]),
      ("epochs=5 seed=3", "split val=20% seed=1", ["training rows", "validation rows"]),
      ("epochs=5 seed=3 class_weight=[3, 1]", "", ["training rows"]),
      ("epochs=5 seed=3 patience=3", "", ["patience"]),
    ])
  func otherFit(arguments: String, data: String, different: [String]) throws {
    let folder = try Folder()
    let backup = "callbacks=[backup('\(folder.url.path)/b')]"
    _ = run(fit("epochs=5 seed=3 \(backup)"), stoppingAfter: 2)
    let other = run(fit("\(arguments) \(backup)", data: data.isEmpty ? "split val=20%" : data))
    #expect(other.result.status == .failed)
    let message = other.result.diagnostics.first?.message ?? ""
    #expect(other.result.diagnostics.first?.code == "E1021", "\(other.result.diagnostics)")
    for name in different { #expect(message.contains("`\(name)`"), "\(message)") }
    #expect(folder.names == ["b"], "what was kept stays")
  }

  @Test("a damaged backup is an error with the way out", arguments: [0, 100, 1000])
  func damaged(size: Int) throws {
    let folder = try Folder()
    let script = fit("epochs=5 seed=3 callbacks=[backup('\(folder.url.path)/b')]")
    _ = run(script, stoppingAfter: 2)
    let file = folder.url.appendingPathComponent("b/backup.safetensors")
    try Data(contentsOf: file).prefix(size).write(to: file)
    let outcome = run(script)
    #expect(outcome.result.diagnostics.first?.code == "E1021")
    #expect(outcome.result.diagnostics.first?.advice?.contains("remove the folder") == true)
  }

  @Test(
    "with double_checkpoint the one before the last serves where the last is damaged or gone",
    arguments: [true, false])
  func doubled(damaged: Bool) throws {
    let folder = try Folder()
    let script = fit("epochs=6 seed=3 callbacks=[backup('\(folder.url.path)/b', double_checkpoint=true)]")
    let whole = run(script)
    #expect(folder.names == [])
    // The last one is of the moment at which the run was stopped, the one before of the epoch's end.
    _ = run(script, stoppingAfter: 3)
    let last = folder.url.appendingPathComponent("b/backup.safetensors")
    if damaged {
      try Data(contentsOf: last).prefix(300).write(to: last)
    } else {
      try FileManager.default.removeItem(at: last)
    }
    let again = run(script)
    #expect(again.result.status == .done, "\(again.result.diagnostics)")
    #expect(again.resumed?.epoch == 3)
    #expect(again.digest == whole.digest)
    #expect(folder.names == [])
  }

  // MARK: checkpoint

  @Test("a checkpoint is the model as `save` would have written it then")
  func checkpoint() throws {
    let folder = try Folder()
    let path = folder.url.path
    let outcome = run(
      fit("epochs=5 seed=3 callbacks=[checkpoint(\"\(path)/new/m-{epoch:02d}.safetensors\", every=2)]"))
    #expect(outcome.result.status == .done, "\(outcome.result.diagnostics)")
    let written = try FileManager.default.contentsOfDirectory(atPath: path + "/new").sorted()
    #expect(written == ["m-02.safetensors", "m-04.safetensors"])
    let paths = outcome.recorder.all { if case .checkpoint(let file) = $0 { file.path } else { nil } }
    #expect(paths == written.map { "\(path)/new/\($0)" })
    let rest = run("data table:t | split val=20% | model '\(path)/new/m-02.safetensors' | fit epochs=3")
    #expect(rest.digest == outcome.digest)
    #expect(rest.experiment.history?.count == 5)
  }

  @Test("one written between two steps goes on there, a lowered rate included")
  func checkpointBetweenSteps() throws {
    let folder = try Folder()
    let path = folder.url.path
    let plateau = "reduce_lr_on_plateau(monitor=loss, patience=1, min_delta=9)"
    let whole = run(
      fit(
        "epochs=6 batch=10 seed=3 callbacks=[\(plateau), checkpoint(\"\(path)/{epoch}-{batch}.safetensors\", save_freq=7)]"
      ))
    #expect(whole.result.status == .done, "\(whole.result.diagnostics)")
    // 48 rows are five steps.
    #expect(folder.names == ["2-2.safetensors", "3-4.safetensors", "5-1.safetensors", "6-3.safetensors"])
    for (name, epochs) in [("5-1", 2), ("6-3", 1)] {
      let rest = run(
        """
        data table:t | split val=20% | model '\(path)/\(name).safetensors'
        fit epochs=1 batch=10
        """)
      #expect(rest.experiment.history?.last?.learningRate != 0.05)
      if epochs == 1 { #expect(rest.digest == whole.digest) }
    }
  }

  @Test("only the best are saved, from a threshold on")
  func bestOnly() throws {
    let folder = try Folder()
    let path = folder.url.path
    func epochs(_ options: String, _ fitOptions: String = "") -> [Int] {
      let outcome = run(
        fit(
          "epochs=8 seed=3 \(fitOptions) callbacks=[checkpoint(\"\(path)/m.safetensors\", save_best_only=true\(options))]"
        ))
      return outcome.recorder.all { if case .checkpoint(let file) = $0 { file.epoch } else { nil } }
    }
    let history = run(fit("epochs=8 seed=3")).experiment.history
    var best = Double.infinity
    let falling = (history ?? History()).filter { record in
      defer { best = min(best, record["loss"] ?? 0) }
      return (record["loss"] ?? 0) < best
    }.map(\.epoch)
    #expect(epochs(", monitor=loss") == falling)
    #expect(epochs(", monitor=loss, initial_value_threshold=0") == [])
    #expect(epochs(", monitor=loss, mode=max, initial_value_threshold=100") == [])
    #expect(epochs(", monitor=accuracy, mode=min, initial_value_threshold=-1") == [])
    // Keras saves where there is nothing to compare.
    #expect(Set(epochs("", "validation_freq=3")).isSuperset(of: [1, 2, 4, 5, 7, 8]))
  }

  @Test("a name that lacks its number in some epochs is left out there, with one warning")
  func missingNumber() throws {
    let folder = try Folder()
    let outcome = run(
      fit(
        "epochs=4 seed=3 validation_freq=2 callbacks=[checkpoint(\"\(folder.url.path)/{epoch}-{val_accuracy:.0f}.safetensors\")]"
      ))
    #expect(outcome.result.status == .done)
    #expect(folder.names.map { $0.prefix(2) } == ["2-", "4-"])
    #expect(outcome.warnings.map(\.code) == ["W1021"])
  }

  // MARK: Errors

  @Test("a file that cannot be written ends the fit, keeps the weights, and lets `save` run")
  func unwritable() throws {
    let folder = try Folder()
    let path = folder.url.path
    try folder.write("in the way", to: "file")
    let outcome = run(
      fit("epochs=5 seed=3 callbacks=[checkpoint('\(path)/file/m.safetensors')]")
        + "\nsave '\(path)/saved.safetensors'\nprint never")
    #expect(outcome.result.status == .failed)
    #expect(outcome.result.diagnostics.map(\.code) == ["E1020"])
    #expect(outcome.experiment.history?.count == 1)
    #expect(folder.names == ["file", "saved.safetensors"])
    let stops = outcome.recorder.all { if case .fitStopped(let stop) = $0 { stop.reason } else { nil } }
    #expect(stops == ["callback"])
    #expect(outcome.recorder.all { if case .output = $0 { true } else { nil } }.isEmpty)

    let early = run(fit("epochs=5 seed=3 callbacks=[csv_logger('\(path)/file/log.csv')]"))
    #expect(early.result.status == .failed)
    #expect(early.experiment.history == nil)
  }

  @Test("terminate_on_nan makes an end of a loss that is no number; raise_error does not")
  func terminating() throws {
    func script(_ options: String) -> String {
      """
      data table:t target=b ignore=answer | model < dense 6 relu; output > | compile mse opt=sgd(lr=1e20)
      fit epochs=5 seed=3 callbacks=[terminate_on_nan\(options)]
      print on
      """
    }
    let mild = run(script(""))
    #expect(mild.result.status == .done, "\(mild.result.diagnostics)")
    #expect(mild.warnings.map(\.code).contains("W1020"))
    #expect(run(script("(raise_error=true)")).result.diagnostics.map(\.code) == ["E1003"])
  }

  // MARK: The program's own

  @Test("a callback of the program's own is called by its name, and an unknown one is told with it")
  func own() throws {
    let seen = Mutex<[Double]>([])
    let callback = EpochCallback { logs, fit in
      seen.withLock { $0.append(logs["val_accuracy"] ?? -1) }
      return logs.epoch == 3 ? .stop : .proceed
    }
    let outcome = run(fit("epochs=9 seed=3 callbacks=[watch]"), callbacks: ["watch": callback])
    #expect(outcome.result.status == .done)
    #expect(outcome.experiment.history?.count == 3)
    #expect(seen.withLock { $0 } == outcome.experiment.history?.map { $0["val_accuracy"] ?? -1 })
    let wrong = run(fit("epochs=9 seed=3 callbacks=[wach]"), callbacks: ["watch": callback])
    #expect(wrong.result.status == .rejected)
    #expect(wrong.result.diagnostics.first?.fixIts.first?.replacement == "watch")
    let options = run(fit("epochs=9 seed=3 callbacks=[watch(a=1)]"), callbacks: ["watch": callback])
    #expect(options.result.diagnostics.map(\.code) == ["E0204"])
  }

  // MARK: Class weights

  @Test("class weights: by name, in order and balanced are what they say")
  func classWeights() {
    func digest(_ options: String) -> String? { run(fit("epochs=3 seed=3 \(options)")).digest }
    #expect(digest("class_weight=[1, 1]") == digest(""))
    #expect(digest("class_weight=[yes:3]") == digest("class_weight=[1, 3]"))
    #expect(digest("class_weight=[yes:3]") != digest(""))
    #expect(digest("class_weight=[no:0.5, yes:1]") == digest("class_weight=[0.5, 1]"))
    #expect(digest("class_weight=balanced") != digest(""))
    let data = Dataset(
      features: Matrix(rows: 5, columns: 1, values: [1, 2, 3, 4, 5]),
      targets: Matrix(rows: 5, columns: 1, values: [0, 1, 1, 1, 3]), weights: [1, 1, 2, 1, 1])
    let weights = try? ClassWeights.balanced.applied(to: data, classes: ["a", "b", "c", "d"]).weights
    // Five rows, three classes that occur.
    #expect(weights == [Float(5.0 / 3), Float(5.0 / 9), 2 * Float(5.0 / 9), Float(5.0 / 9), Float(5.0 / 3)])
  }
}
