import AllocationCount
import Foundation
import NNData
import NNDiagnostics
import NNEngine
import NNSyntax
import Support
import Synchronization
import Testing

@testable import NNInterpreter

/// However many fits a process makes, none of them leaves anything behind that nobody asks for. What is counted is blocks of
/// memory that a thread holds, which is the same each time.
@Suite("Memory over many fits", .enabled(if: allocation_count_works() == 1))
struct MemoryTests {
  /// Takes down the blocks that are held whenever a fit ends.
  private final class Blocks: RunObserver {
    let atFits = Mutex<[Int]>([])

    func observe(_ event: RunEvent) {
      if case .fitStopped = event { atFits.withLock { $0.append(allocation_live()) } }
    }

    /// How many more there are for each fit, over the last half of them.
    func perFit() throws -> Double {
      let counts = atFits.withLock { $0 }
      let half = counts.count / 2
      try #require(half >= 50)
      return Double(counts[counts.count - 1] - counts[half]) / Double(counts.count - 1 - half)
    }
  }

  private func options() throws -> RunOptions {
    var options = RunOptions()
    options.threads = 1
    options.runThreads = 1
    options.tables["t"] = try Table(
      source: "t",
      columns: [
        Column(name: "x", numbers: (0..<8).map { Float($0) }),
        Column(name: "y", numbers: (0..<8).map { Float($0) * 2 }),
      ])
    return options
  }

  private func blocksPerFit(_ script: String, _ options: RunOptions) throws -> Double {
    let blocks = Blocks()
    blocks.atFits.withLock { $0.reserveCapacity(10_000) }
    var interpreter = Interpreter()
    let result = interpreter.run(SourceFile(name: "t", text: script), options: options, observer: blocks)
    try #require(result.status == .done, "\(result.diagnostics.map(\.message))")
    return try blocks.perFit()
  }

  private static let fit = "model < dense 2 relu; output > | compile loss=mae opt=sgd | fit epochs=1 seed=1"

  @Test("a script's fits, one after the other")
  func statements() throws {
    let script = "data table:t target=y\n" + String(repeating: Self.fit + "\n", count: 300)
    #expect(try blocksPerFit(script, try options()) < 0.5)
  }

  @Test("fits whose models are saved, so that each is a task of its own")
  func saved() throws {
    let folder = try Folder()
    let path = folder.url.appendingPathComponent("m.safetensors").path
    let script =
      "data table:t target=y\n" + String(repeating: Self.fit + " | save \"\(path)\"\n", count: 200)
    #expect(try blocksPerFit(script, try options()) < 0.5)
  }

  @Test("runs of a stage keep their row, and their weights only where there is room")
  func runs() throws {
    let script = "data table:t target=y\nseeds 200 { \(Self.fit.replacing(" seed=1", with: "")) }"
    var options = try options()
    let all = try blocksPerFit(script, options)
    options.keptRunBytes = 0
    let rows = try blocksPerFit(script, options)
    #expect(rows < all - 10, "\(rows) blocks for a run without its weights, \(all) with them")
    #expect(rows < 20)
  }

  @Test("a session's lines leave their text, and that only up to a bound")
  func session() throws {
    let options = try options()
    var interpreter = Interpreter()
    func run(_ count: Int) throws {
      for _ in 0..<count {
        let result = interpreter.run(SourceFile(name: "line", text: Self.fit), options: options)
        try #require(result.status == .done)
      }
    }
    _ = interpreter.run(SourceFile(name: "line", text: "data table:t target=y"), options: options)
    // As many as places are kept of.
    try run(1100)
    let before = allocation_live()
    try run(200)
    let left = Double(allocation_live() - before) / 200
    // The text for a seal, and what the sources kept vary by.
    #expect(left < 6, "\(left) blocks for a line")

    var text = RunText()
    for index in 0..<20_000 {
      text.append(Seal.Part(name: "line", text: "fit epochs=\(index) seed=1", settings: []))
      if index == 9998 { #expect(text.unrepeatable == nil && text.parts.count == 9999) }
    }
    #expect(text.parts.isEmpty && text.unrepeatable?.contains("10000") == true)
  }

  @Test("a plan's tasks need no more of each other than their order takes")
  func needs() throws {
    let script =
      "data table:t target=y\n"
      + (0..<200).map { "\(Self.fit); save m\($0).safetensors\n" }.joined()
    var options = try options()
    options.isWholeScript = false
    let source = SourceFile(name: "t", text: script)
    let context = CheckContext(sources: SourceMap(source), options: options, tables: TableStore(options))
    var checker = Checker(context: context, scope: Scope(), experiment: Experiment(), fileName: "t")
    let plan = checker.check(parse(source).script)
    #expect(plan.tasks.count == 400)
    #expect(plan.tasks.map(\.needs.count).max() ?? 0 <= 2)
    // A step is no larger for the experiment that it might keep.
    #expect(MemoryLayout<Plan.Step>.size < MemoryLayout<Experiment>.size)
  }
}
