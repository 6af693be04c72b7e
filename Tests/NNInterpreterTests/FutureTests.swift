import Foundation
import NNDiagnostics
import NNEngine
import Support
import Synchronization
import Testing

@testable import NNInterpreter

/// `let` flows run side by side, and nobody can tell but by the clock: language.md §4.
@Suite struct FutureTests {
  private struct Heard: Equatable {
    var events: [String]
    var problems: [String]
    var digest: String?
    var names: [String]
  }

  private func heard(
    _ script: String, threads: Int, react: @escaping @Sendable (RunEvent) -> Void = { _ in },
    callbacks: [String: any Callback] = [:], stop: StopSignal = StopSignal()
  ) -> Heard {
    var options = RunTests.options
    options.threads = threads
    options.callbacks = callbacks
    let recorder = RunTests.Recorder(react: react)
    var interpreter = Interpreter()
    let result = interpreter.run(
      SourceFile(name: "test", text: script), options: options, stop: stop, observer: recorder)
    let events = recorder.events.withLock { $0 }
    return Heard(
      events: events.compactMap(Self.line), problems: result.diagnostics.map { "\($0.code) \($0.message)" },
      digest: interpreter.experiment.digest, names: interpreter.names)
  }

  /// An event without what the clock decides.
  private static func line(_ event: RunEvent) -> String? {
    switch event {
    case .step: nil
    case .epoch(let epoch): "epoch \(epoch.fit) \(epoch.record.epoch) \(epoch.record.values)"
    case .fitStarted(let fit): "fit \(fit.fit) \(fit.seed)"
    case .fitStopped(let stop): "stop \(stop.fit) \(stop.reason) \(stop.digest) \(stop.kept)"
    case .data(let data): "data \(data.path) \(data.rows)"
    case .warning(let diagnostic): "warning \(diagnostic.code)"
    default: "\(event)"
    }
  }

  @Test func ordersAreTheSourcesWhateverTheThreads() {
    var random = RandomFlows(state: 5)
    for _ in 0..<60 {
      let script = random.next()
      let alone = heard(script, threads: 1)
      let together = heard(script, threads: machineThreads)
      #expect(alone.problems == together.problems, "\(script)")
      #expect(alone == together, "\(script)")
    }
    #expect(random.made.contains("expect"))
  }

  /// Two fits that wait for each other end only if they run side by side.
  @Test(.enabled(if: machineThreads > 1), .timeLimit(.minutes(1))) func independentFlowsMeet() {
    let arrived = Mutex(0)
    let meet = EpochCallback { _, _ in
      arrived.withLock { $0 += 1 }
      while arrived.withLock({ $0 }) < 2 { usleep(200) }
      return .stop
    }
    let told = heard(
      """
      data table:t target=answer
      let a = model < output > | fit epochs=3 seed=1 callbacks=[meet]
      let b = model < output > | fit epochs=3 seed=2 callbacks=[meet]
      print done
      """, threads: 2, callbacks: ["meet": meet])
    #expect(told.problems.isEmpty)
    #expect(told.events.compactMap { $0.hasPrefix("fit ") ? $0 : nil } == ["fit 1 1", "fit 2 2"])
    #expect(told.events.last?.contains("done") == true)
  }

  /// The second flow fails first; the first mistake is the first flow's all the same, and the third flow is not heard.
  @Test func theForemostFailureCounts() {
    let slow = EpochCallback { logs, _ in
      usleep(20_000)
      return .proceed
    }
    let told = heard(
      """
      data table:t target=answer
      let a = model < output > | fit epochs=5 seed=1 callbacks=[slow] | expect loss < 0
      let b = model < output > | fit epochs=1 seed=1 | expect loss < 0
      let c = model < output > | fit epochs=1 seed=3
      print never
      """, threads: 4, callbacks: ["slow": slow])
    #expect(told.problems.count == 1)
    #expect(told.events.filter { $0.hasPrefix("fit ") } == ["fit 1 1"])
    #expect(told.events.filter { $0.hasPrefix("stop ") }.count == 1)
    #expect(told.names.isEmpty)
    #expect(!told.events.contains { $0.contains("never") })
  }

  @Test func resultsAreWrittenOnlyBehindWhatWentWell() throws {
    let folder = try Folder()
    let slow = EpochCallback { _, _ in
      usleep(20_000)
      return .proceed
    }
    let kept = folder.url.appendingPathComponent("kept.safetensors").path
    let lost = folder.url.appendingPathComponent("lost.safetensors").path
    let told = heard(
      """
      data table:t target=answer | model < output >
      let kept = fit epochs=1 seed=1 | save "\(kept)"
      let wrong = fit epochs=3 seed=1 callbacks=[slow] | expect loss < 0
      let lost = fit epochs=1 seed=2 | save "\(lost)"
      """, threads: 4, callbacks: ["slow": slow])
    #expect(told.problems.count == 1)
    #expect(FileManager.default.fileExists(atPath: kept))
    #expect(!FileManager.default.fileExists(atPath: lost))
    #expect(told.names == ["kept"])
  }

  @Test func pathsKeepTheirOrder() throws {
    let folder = try Folder()
    let path = folder.url.appendingPathComponent("m.safetensors").path
    let script = """
      data table:t target=answer
      let a = model < dense 3 relu; output > | fit epochs=2 seed=1 | save "\(path)"
      let b = model "\(path)" | evaluate table:t
      let c = model < dense 5 relu; output > | fit epochs=2 seed=2 | save "\(path)"
      let d = model "\(path)" | evaluate table:t | fit epochs=1
      """
    let alone = heard(script, threads: 1)
    #expect(alone.problems.isEmpty)
    for _ in 0..<3 { #expect(heard(script, threads: 4) == alone) }
  }

  @Test func anInterruptionEndsAllFlowsAndSavesThem() throws {
    let folder = try Folder()
    let stop = StopSignal()
    let paths = ["a", "b"].map { folder.url.appendingPathComponent($0 + ".safetensors").path }
    let told = heard(
      """
      data table:t target=answer | model < output >
      let a = fit epochs=1000000000 seed=1 | save "\(paths[0])"
      let b = fit epochs=1000000000 seed=2 | save "\(paths[1])"
      print never
      """, threads: 4,
      react: { event in
        if case .epoch(let epoch) = event, epoch.record.epoch >= 2 { stop.request() }
      }, stop: stop)
    #expect(told.problems.isEmpty)
    #expect(FileManager.default.fileExists(atPath: paths[0]))
    #expect(told.events.filter { $0.hasPrefix("stop ") }.first?.contains("interrupted") == true)
    #expect(!told.events.contains { $0.contains("never") })
  }

  @Test func flowsOutliveTheirRun() {
    var interpreter = Interpreter()
    func run(_ script: String) -> Interpreter.Result {
      var options = RunTests.options
      options.isWholeScript = false
      return interpreter.run(SourceFile(name: "line", text: script), options: options)
    }
    #expect(
      run("let a = data table:t target=answer | model < dense 3 relu; output > | fit seed=1").status == .done)
    #expect(run("def again(n) { $a | fit epochs=$n }; let b = $a; let a = none").status == .done)
    #expect(interpreter.experiment.digest == nil)
    #expect(run("again 2").status == .done)
    #expect(interpreter.experiment.history?.count == 3)
    #expect(run("$b | summary").status == .done)
    #expect(interpreter.experiment.history?.count == 1)
    #expect(run("$a | summary").diagnostics.map(\.code) == ["E0212"])
  }

  @Test func definitionsOfDefinitionsAreBounded() {
    var script = "def d0() { describe; describe }\n"
    for level in 1...30 { script += "def d\(level)() { d\(level - 1); d\(level - 1) }\n" }
    script += "def k0() { dense 1; dense 1 }\n"
    for level in 1...30 { script += "def k\(level)() { k\(level - 1); k\(level - 1) }\n" }
    script += "data table:t | d30 | model < k30; output >"
    let problems = heard(script, threads: 1).problems
    #expect(
      !problems.isEmpty && problems.allSatisfy { $0.hasPrefix("E0254") || $0.hasPrefix("E0306") },
      "\(problems)")
  }
}

/// Scripts of flows that start from each other, fit, show, fail and keep names.
private struct RandomFlows {
  private var state: UInt64
  private(set) var made = ""

  init(state: UInt64) { self.state = state }

  private mutating func below(_ bound: UInt64) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % bound)
  }

  mutating func next() -> String {
    var lines = ["data table:t target=answer | split test=20%", "model < dense 3 relu; output >"]
    var names: [String] = []
    for index in 0..<(2 + below(5)) {
      let stages = (0..<(1 + below(3))).map { _ in stage() }.joined(separator: " | ")
      let start = names.isEmpty || below(2) == 0 ? "" : "$" + names[below(UInt64(names.count))] + " | "
      if below(3) > 0 {
        // Everything that is bound is trained, so that all that is tried can be done.
        lines.append("let n\(index) = \(start)fit epochs=\(1 + below(4)) seed=\(below(3)) | \(stages)")
        names.append("n\(index)")
      } else {
        lines.append("\(start)fit epochs=1 seed=4 | \(stages)")
      }
    }
    let script = lines.joined(separator: "\n")
    made += script
    return script
  }

  private mutating func stage() -> String {
    switch below(9) {
    case 0: "fit epochs=\(1 + below(3))"
    case 1: "evaluate"
    case 2: "compile lr=0.0\(1 + below(8)) metrics=accuracy | fit epochs=1"
    case 3: "print \"\(below(100))\""
    case 4: "expect loss < \(below(20) == 0 ? "0" : "100")"
    case 5: "summary"
    case 6: "filter a >= 0 | head 1"
    default: "model < dense 4 tanh; output > | fit epochs=2 seed=\(below(5))"
    }
  }
}
