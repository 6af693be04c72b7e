import Foundation
import NNData
import NNDiagnostics
import NNEngine
import Support
import Testing

@testable import NNInterpreter

/// Many runs are what one after another would be, whatever the threads, and however often they were cut off.
@Suite struct ManyRunsTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../scripts")

  private struct Left: Equatable {
    var rows: [String]
    var events: [String]
    var leaderboard: String?
    var digest: String?
    var problems: [String]
    /// By how many ranks fits were made whose end was told here.
    var ranks: Set<Int> = []
  }

  private func left(_ script: String, threads: Int, ranks: (any Ranks)? = nil) -> Left {
    var options = RunTests.options
    options.ranks = ranks
    options.threads = threads
    // More than the machine has, too.
    options.runThreads = threads
    let recorder = RunTests.Recorder()
    var interpreter = Interpreter()
    let result = interpreter.run(
      SourceFile(name: "test", text: script), options: options, observer: recorder)
    let events = recorder.events.withLock { $0 }
    let runs = interpreter.experiment.runs
    return Left(
      rows: (runs?.rows ?? []).map { run in
        let history = (run.history?.map { "\($0.epoch) \($0.values)" } ?? []).joined(separator: " ")
        return "\(run.number) \(run.settings) \(run.metrics) \(run.digest ?? "-") \(run.status) \(history)"
      }, events: events.compactMap(Self.line),
      leaderboard: runs?.leaderboard(), digest: interpreter.experiment.digest,
      problems: result.diagnostics.map { "\($0.code) \($0.message)" },
      ranks: Set(
        events.compactMap { if case .fitStopped(let stop) = $0 { stop.ranks?.count ?? 1 } else { nil } }))
  }

  /// An event without what the clock decides.
  private static func line(_ event: RunEvent) -> String? {
    switch event {
    case .step, .runsProgress, .runs: nil
    case .epoch(let epoch):
      "epoch \(epoch.fit) \(epoch.run ?? 0) \(epoch.record.epoch) \(epoch.record.values)"
    case .fitStarted(let fit): "fit \(fit.fit) \(fit.run ?? 0) \(fit.seed)"
    case .fitStopped(let stop): "stop \(stop.fit) \(stop.run ?? 0) \(stop.reason) \(stop.digest)"
    case .data(let data): "data \(data.path) \(data.rows)"
    case .warning(let diagnostic): "warning \(diagnostic.code)"
    default: "\(event)"
    }
  }

  private static let scripts = [
    """
    data table:t target=answer | split val=25% seed=1
    sweep lr=[0.1, 0.03, 0.01] width=[2, 5] { model < dense $width relu; output > | compile lr=$lr | fit epochs=4 seed=2 }
    best val_loss
    """,
    """
    data table:t target=answer
    seeds 3 { sweep lr=[0.1, 0.01] { folds 3 { model < dense 3 tanh; output > | compile lr=$lr | fit epochs=2 } } }
    compare
    """,
    """
    data table:t target=answer | split val=25% seed=1
    sweep trials=13 seed=4 halving=3 lr=log(1e-3, 0.3) width=int(2, 9) {
      model < dense $width relu; dropout 20%; output > | compile lr=$lr
      fit epochs=9 batch=7 seed=3 patience=4
    }
    best
    """,
    """
    data table:t target=answer | split test=20% seed=1
    folds 3 { sweep lr=[0.1, 0.01] { model < dense 3 tanh; output > | compile lr=$lr | fit epochs=2 seed=1 } | best val_loss | evaluate }
    ensemble | evaluate
    """,
    """
    data table:t target=a ignore=[answer]
    sweep lr=[0.1, 1e30, 0.01] { model < dense 3 relu; output > | compile loss=mse opt=sgd(lr=$lr) | fit epochs=3 seed=1 }
    seeds 4 { model < output > | fit | expect loss < 0 }
    """,
  ]

  @Test(arguments: scripts.indices) func threadsDecideNothing(_ index: Int) {
    let script = Self.scripts[index]
    let alone = left(script, threads: 1)
    #expect(!alone.rows.isEmpty, "\(alone.problems)")
    #expect(alone.problems.contains { $0.hasPrefix("E1004") } == (index == 4))
    for threads in [2, 3] {
      #expect(left(script, threads: threads) == alone, "\(threads) threads: \(script)")
    }
  }

  /// Runs are large by their batch, which the rows do not fill.
  @Test("a large fit is made by as many ranks as can share it, a small one by one", arguments: [1, 2, 4, 3])
  func groups(shards: Int) async throws {
    func script(_ batch: Int) -> String {
      """
      data table:t target=answer
      sweep lr=[0.1, 0.03, 0.01, 0.003, 0.001] {
        model < dense 16 relu; dense 16 relu; output > | compile lr=$lr | fit epochs=2 batch=\(batch) seed=2 shards=\(shards)
      }
      best loss
      """
    }
    for (batch, together) in [(1 << 20, shards == 3 ? 1 : shards), (64, 1)] {
      let text = script(batch)
      let alone = left(text, threads: 1)
      #expect(alone.problems == [] && alone.rows.count == 5)
      let all = try await LocalRanks.run(4) { left(text, threads: 1, ranks: $0) }
      for rank in all {
        #expect(
          rank.rows == alone.rows && rank.digest == alone.digest && rank.leaderboard == alone.leaderboard)
      }
      // The first run's end is told where it was made.
      #expect(Set(all.flatMap(\.ranks)) == [together], "batches of \(batch)")
    }
  }

  /// Events have rows in them, and rows know how to make themselves again.
  @Test(arguments: scripts.indices) func anObserverThatKeepsEventsGoesWithTheRuns(_ index: Int) {
    weak var recorder: RunTests.Recorder?
    do {
      let kept = RunTests.Recorder()
      recorder = kept
      var interpreter = Interpreter()
      _ = interpreter.run(
        SourceFile(name: "test", text: Self.scripts[index]), options: RunTests.options, observer: kept)
      #expect(recorder?.events.withLock { $0.isEmpty } == false)
    }
    #expect(recorder == nil)
  }

  @Test func halvingGivesUpTheSameRunsWhateverTheThreads() throws {
    let runs = [1, 2, 3].map { left(Self.scripts[2], threads: $0).rows.map { $0.contains("halved") } }
    #expect(runs[0] == runs[1] && runs[0] == runs[2])
    // 13 runs, then 5, then 2.
    #expect(runs[0].count { $0 } == 11)
  }

  @Test func aRunGivenUpHadTheEpochsOfItsTurn() throws {
    let rows = left(Self.scripts[2], threads: 2)
    let epochs = Dictionary(grouping: rows.events.filter { $0.hasPrefix("epoch ") }) {
      $0.split(separator: " ")[2]
    }.mapValues(\.count)
    #expect(epochs.values.sorted() == [1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 3, 8, 9])
  }

  /// The survivors' bits are those of runs that never stopped on the way.
  @Test func halvingChangesNoBitOfWhoGoesOn() {
    let halved = left(Self.scripts[2], threads: 2)
    let whole = left(Self.scripts[2].replacing(" halving=3", with: ""), threads: 2)
    let finished = halved.rows.filter { $0.contains(" done ") }
    #expect(finished.count == 2)
    for row in finished { #expect(whole.rows.contains(row)) }
  }

  @Test func aRunsLineMakesItAgain() throws {
    var options = RunTests.options
    for script in Self.scripts.prefix(3) {
      var interpreter = Interpreter()
      options.threads = 2
      _ = interpreter.run(SourceFile(name: "test", text: script), options: options)
      let runs = try #require(interpreter.experiment.runs)
      let lines = script.split(separator: "\n")
      for run in runs.rows where run.status == .done {
        var again = Interpreter()
        let result = again.run(
          SourceFile(name: "again", text: lines[0] + "\n" + run.script), options: options)
        #expect(result.diagnostics.filter { $0.severity == .error }.isEmpty, "\(run.script)")
        #expect(again.experiment.runs?.rows.map(\.digest) == [run.digest], "\(run.script)")
      }
    }
  }

  @Test func trialsAreTheSameHoweverMany() {
    let few = left(
      "data table:t target=answer | sweep trials=4 seed=9 lr=log(1e-3, 1) n=int(1, 9) { model < dense $n; output > | compile lr=$lr | fit seed=1 }",
      threads: 2)
    let many = left(
      "data table:t target=answer | sweep trials=9 seed=9 n=int(1, 9) lr=log(1e-3, 1) { model < dense $n; output > | compile lr=$lr | fit seed=1 }",
      threads: 1)
    func digests(_ left: Left) -> [Substring] {
      left.rows.map { $0.split(separator: " done").first ?? "" }.map { $0.suffix(16) }
    }
    #expect(digests(few).count == 4 && digests(many).count == 9)
    #expect(digests(few) == Array(digests(many).prefix(4)))
  }

  @Test func rangesStayWithinTheirBounds() {
    let log = ValueRange(kind: .log, low: 1e-4, high: 1e-1)
    let values = stride(from: 0.0, to: 1, by: 0.001).map(log.value)
    #expect(values.allSatisfy { $0 >= 1e-4 && $0 <= 1e-1 })
    // Half of them below the middle by factors.
    #expect(abs(values.count { $0 < 3.1623e-3 } - 500) <= 2)
    #expect(values.allSatisfy { "\($0)".count { $0.isNumber && $0 != "0" } <= 8 })
    let whole = ValueRange(kind: .int, low: 3, high: 6)
    #expect(Set(stride(from: 0.0, to: 1, by: 0.01).map(whole.value)) == [3, 4, 5, 6])
    let spread = ValueRange(kind: .int, low: 1, high: 1024, isLogarithmic: true)
    #expect(spread.value(at: 0) == 1 && spread.value(at: 0.9999999) == 1024)
    #expect(ValueRange(kind: .real, low: -1, high: 1).value(at: 0.5) == 0)
    #expect(ValueRange(kind: .real, low: 0, high: 123456).value(at: 0.5) == 61730)
  }

  // MARK: Cut off and begun again

  private static let long = """
    data iris.csv target=species | scale standard | split val=25% seed=1
    sweep lr=[0.1, 0.03, 0.01, 0.003] width=[4, 8, 12] save=kept {
      model < dense $width relu; dropout 10%; output > | compile lr=$lr metrics=[accuracy]
      fit epochs=60 batch=8
    }
    best | evaluate
    runs to=runs.json
    """

  @Test func aSweepThatWasKilledGoesOnToTheSameBits() throws {
    func folder() throws -> Folder {
      let folder = try Folder()
      try FileManager.default.copyItem(
        at: Self.folder.appendingPathComponent("iris.csv"),
        to: folder.url.appendingPathComponent("iris.csv"))
      try folder.write(Self.long, to: "sweep.nn")
      try folder.write("{\"seed\":77}\n", to: "kept/seed.json")
      return folder
    }
    func finished(_ folder: Folder) -> Int {
      let names = try? FileManager.default.contentsOfDirectory(
        atPath: folder.url.appendingPathComponent("kept").path)
      return (names ?? []).count { $0.hasSuffix(".json") && $0 != "seed.json" }
    }
    let whole = try folder()
    let uninterrupted = try Program.run(["run", "sweep.nn"], in: whole.url)
    #expect(uninterrupted.status == 0, "\(uninterrupted.errors)")
    #expect(finished(whole) == 12)
    let parts = try folder()
    // At moments that no one chose: after so many runs are there, and some time more.
    for (runs, microseconds) in [(1, 900), (4, 0), (7, 2300)] {
      let process = Process()
      process.executableURL = Program.url
      process.arguments = ["run", "sweep.nn"]
      process.currentDirectoryURL = parts.url
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      while process.isRunning, finished(parts) < runs { usleep(200) }
      usleep(UInt32(microseconds))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    let before = finished(parts)
    #expect(before >= 7)
    let last = try Program.run(["run", "--json", "sweep.nn"], in: parts.url)
    #expect(last.status == 0, "\(last.errors)")
    // Only what was missing was made.
    let fits = last.output.split(separator: "\n").count { $0.contains("\"event\":\"fit\"") }
    #expect(fits == 12 - before)
    let resumed = try Program.run(["run", "sweep.nn"], in: parts.url)
    #expect(resumed.output == uninterrupted.output)
    func rows(_ folder: Folder) throws -> String {
      try folder.read("runs.json").replacing(#/"seconds":[0-9.e-]+/#, with: "")
    }
    #expect(try rows(parts) == rows(whole))
  }

  @Test func otherDataOrValuesAreOtherRuns() throws {
    let folder = try Folder()
    try folder.write("a,b\n" + (1...40).map { "\($0),\($0 * 2)" }.joined(separator: "\n"), to: "t.csv")
    func fits(_ script: String) throws -> Int {
      let run = try Program.run(["run", "--json", "-e", script], in: folder.url)
      #expect(run.status == 0, "\(run.errors)\(run.output)")
      return run.output.split(separator: "\n").count { $0.contains("\"event\":\"fit\"") }
    }
    let script =
      "data t.csv | scale standard | sweep lr=[0.1, 0.2] save=kept { model < dense 1 > compile loss=mse lr=$lr | fit seed=1 }"
    #expect(try fits(script) == 2)
    #expect(try fits(script) == 0)
    #expect(try fits(script.replacing("0.2", with: "0.3")) == 1)
    #expect(try fits(script.replacing("scale standard", with: "scale minmax")) == 2)
    #expect(try fits(script.replacing("fit seed=1", with: "fit seed=2")) == 2)
    try folder.write("a,b\n" + (1...40).map { "\($0),\($0 * 3)" }.joined(separator: "\n"), to: "t.csv")
    #expect(try fits(script) == 2)
    // What is cut off or foreign is as good as not there.
    for name in try FileManager.default.contentsOfDirectory(
      atPath: folder.url.appendingPathComponent("kept").path)
    where name != "seed.json" {
      try folder.write("{\"metrics\": [", to: "kept/\(name)")
    }
    #expect(try fits(script) == 2)
  }

  @Test func anInterruptedSweepKeepsWhatIsFinished() throws {
    var options = RunTests.options
    options.threads = 1
    let stop = StopSignal()
    let recorder = RunTests.Recorder { event in
      if case .fitStarted(let fit) = event, fit.run == 3 { stop.request() }
    }
    var interpreter = Interpreter()
    let result = interpreter.run(
      SourceFile(
        name: "test",
        text:
          "data table:t target=answer | split val=20% | sweep lr=[0.1, 0.2, 0.3, 0.4] { model < output > | compile lr=$lr | fit epochs=3 seed=1 }\nbest val_loss"
      ), options: options, stop: stop, observer: recorder)
    #expect(result.status == .interrupted)
    let runs = try #require(interpreter.experiment.runs)
    #expect(runs.rows.prefix(2).map(\.status) == [.done, .done])
    #expect(runs.rows.count <= 3)
    // `best` has taken one of those into the flow.
    #expect(
      interpreter.experiment.digest.map { digest in runs.rows.prefix(2).contains { $0.digest == digest } }
        == true)
  }

  // MARK: Leaderboards

  @Test func sixParametersAreReadableAtEightyColumns() throws {
    let table = left(
      """
      data table:t target=answer | split val=25% seed=1
      sweep trials=12 seed=1 lr=log(1e-4, 0.3) width=int(4, 64) act=[relu, tanh, gelu] drop=real(0, 0.5) opt=[adam, sgd, rmsprop(rho=0.8)] batch=[8, 16] {
        model < dense $width $act; dropout $drop; output > | compile lr=$lr opt=$opt metrics=[accuracy, auc]
        fit epochs=1 batch=$batch seed=1
      }
      """, threads: 2
    ).leaderboard
    let text = try #require(table)
    let lines = text.split(separator: "\n").map(String.init)
    let board = lines.filter { !$0.hasPrefix("best run again") }
    #expect(board.allSatisfy { $0.count <= 80 }, "\(text)")
    let header = try #require(board.first { $0.contains("lr") && $0.contains("#") })
    for name in ["lr", "width", "act", "drop", "opt", "batch", "val_loss"] {
      #expect(header.contains(name), "\(header)")
    }
    #expect(!board.joined().contains("…"), "\(text)")
    #expect(lines.contains { $0.hasPrefix("what matters by itself: ") })
  }

  @Test func theTableOfAFileReadsBack() throws {
    var interpreter = Interpreter()
    let script =
      "data table:t target=answer | sweep name=[\"a, b\", c] { print $name | model < output > | fit seed=1 }"
    _ = interpreter.run(SourceFile(name: "test", text: script), options: RunTests.options)
    let runs = try #require(interpreter.experiment.runs)
    let lines = runs.csv.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[0] == "run,name,loss,seed,digest,status,seconds,script")
    #expect(lines[1].hasPrefix("1,\"\"\"a, b\"\"\","))
    let json = try JSONValue(parsing: runs.jsonText)
    #expect(json.array?.count == 2)
    #expect(json.array?.first?["metrics"]?["loss"]?.double == runs.rows[0].metric("loss"))
  }

  @Test func whatMattersIsFound() {
    var runs = Runs(
      rows: [], settingNames: [], repetitions: [], metricNames: [], directions: ["val_loss": .minimize],
      stages: ["sweep"])
    for lr in 0..<4 {
      for width in 0..<4 {
        runs.append(
          Runs.Run(
            number: 0,
            settings: [
              Runs.Setting(name: "lr", text: "\(lr)", number: Double(lr)),
              Runs.Setting(name: "width", text: "\(width)", number: Double(width)),
            ], metrics: [("val_loss", Double(lr * lr) + 0.1 * Double((width * 7 + lr * 3) % 4))],
            status: .done,
            script: "", seconds: 0), inner: nil)
      }
    }
    let found = runs.importances()
    #expect(found.map(\.name) == ["lr", "width"])
    #expect(found[0].share > 0.9 && found[1].share < 0.05)
  }

  // MARK: The pool

  @Test(arguments: [1, 2, 3, 8]) func everyRunIsMadeOnceHoweverTheyAreNested(_ threads: Int) {
    let pool = RunPool(threads: threads)
    let made = Counter()
    pool.run(count: 7, isAlone: false) { outer, share in
      #expect(share >= 1 && share <= threads)
      made.begin()
      pool.run(count: 5, isAlone: false) { inner, _ in
        made.begin()
        usleep(300)
        made.end("\(outer) \(inner)")
      }
      made.end("\(outer)")
    }
    #expect(
      made.names == (0..<7).flatMap { outer in ["\(outer)"] + (0..<5).map { "\(outer) \($0)" } }.sorted())
  }

  private final class Counter: Sendable {
    private let state = NSLock()
    nonisolated(unsafe) private var ended: [String] = []
    func begin() {}
    func end(_ name: String) { state.withLock { ended.append(name) } }
    var names: [String] { state.withLock { ended.sorted() } }
  }
}
