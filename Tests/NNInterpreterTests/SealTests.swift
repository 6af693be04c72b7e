import Foundation
import NNDiagnostics
import NNEngine
import Support
import Testing

@testable import NNInterpreter

/// What can be sealed in a session, and what a seal's file keeps.
@Suite struct SealTests {
  private let folder: Folder
  private let options = RunOptions()

  init() throws { folder = try Folder() }

  private func run(_ interpreter: inout Interpreter, _ line: String) -> Interpreter.Result {
    var options = options
    options.isWholeScript = false
    return interpreter.run(SourceFile(name: "<shell>", text: line), options: options)
  }

  /// The lines of a shell are a script, too; behind one that failed they are none.
  @Test func aSessionIsSealedLineByLine() throws {
    var session = Interpreter()
    let table = repository.appendingPathComponent("scripts/iris.csv").path
    let seal = folder.url.appendingPathComponent("run.nns").path
    #expect(run(&session, "data \(table) | split val=20%").status == .done)
    #expect(run(&session, "model < dense 4 relu; output >").status == .done)
    #expect(run(&session, "dta").status == .rejected)
    #expect(run(&session, "fit epochs=2").status == .done)
    #expect(run(&session, "evaluate | fit epochs=3 seal=\(seal)").status == .done)
    let kept = try Seal(path: seal)
    #expect(kept.script.count == 4 && kept.fit == 2 && kept.epochs.map(\.epoch) == [3, 4, 5])
    #expect(kept.weights == session.experiment.digest)
    #expect(Interpreter.verify(seal, options: options).status == .done)
    #expect(run(&session, "expect loss < 0").status == .failed)
    let refused = run(&session, "fit epochs=1 seal=\(seal)")
    #expect(refused.status == .rejected && refused.diagnostics.map(\.code) == ["E0426"])
  }

  /// What is written is read back whole.
  @Test func aSealIsReadAsItWasWritten() throws {
    let seal = Seal(
      version: "1", instructions: "x",
      script: [.init(name: "a\u{1B}\"", text: "é\n\\", settings: [.init(name: "a", value: "=")])],
      includes: ["b": "c"], files: [.init(path: "d", sha256: String(repeating: "0a", count: 32))], fit: 3,
      fits: [1: .init(seed: .max, steps: 4), 3: .init(seed: 0)], draws: [7: 8], trainingRows: "5 x",
      validationRows: nil, start: "0123456789abcdef",
      epochs: [.init(epoch: 1, loss: 0.1, weights: "fedcba9876543210")], reason: "epochs", steps: 12,
      trained: "0000000000000000", weights: "1111111111111111")
    let path = folder.url.appendingPathComponent("x.nns").path
    try seal.write(to: path)
    #expect(try Seal(path: path) == seal)
  }

  /// What a backup keeps of a seal comes back: digests of 64 bits lie in doubles.
  @Test func aKeeperRemembersItsEpochs() throws {
    let epochs = (1...20).map { index in
      let digits = String(UInt64(index) &* 0x9E37_79B9_7F4A_7C15, radix: 16)
      return Seal.Epoch(
        epoch: index, loss: 1 / Double(index),
        weights: String(repeating: "0", count: 16 - digits.count) + digits)
    }
    let keeper = SealKeeper(log: SealKeeper.Log(), expected: nil)
    keeper.log.state.withLock { $0.epochs = epochs }
    var other = SealKeeper(log: SealKeeper.Log(), expected: nil)
    try other.restore(keeper.memory, NoFit())
    #expect(other.log.state.withLock { $0.epochs } == epochs)
  }
}

/// A fit of which nothing is asked.
private final class NoFit: FitUnderWay {
  var learningRate = 0.0
  let epoch = 0
  let stepInEpoch = 0
  let runningValues: [(name: String, value: Double)] = []
  let records: [EpochRecord] = []
  func currentNetwork() -> Network { snapshot().network }
  func snapshot() -> FitSnapshot { fatalError("not asked for") }
}
