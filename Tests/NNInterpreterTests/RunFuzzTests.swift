import Foundation
import NNData
import NNDiagnostics
import Support
import Testing

@testable import NNInterpreter

/// Well-formed scripts put together at random, run on small tables with every kind of column: whatever comes out, it is a
/// result or an error with a code, and running it again gives the same. `NN_RUN_ROUNDS` asks for more rounds.
@Suite struct RunFuzzTests {
  static let tables: [String: Table] = {
    let texts = [
      "numbers": "a,b,c,d\n"
        + (0..<23).map { "\($0),\(Double($0) / 7),\(($0 * 5) % 11),\(Double(($0 * 3) % 7) / 2)" }
        .joined(separator: "\n"),
      "classes": "x,kind,y\n"
        + (0..<31).map { "\(Double($0) / 3),\(["red", "blue", "green"][$0 % 3]),\(["no", "yes"][$0 % 2])" }
        .joined(separator: "\n"),
      "holes": "a,kind,b,y\n"
        + (0..<17).map {
          "\($0 % 4 == 0 ? "" : String($0)),\($0 % 5 == 0 ? "" : ["p", "q"][$0 % 2]),\($0),\($0 % 3)"
        }
        .joined(separator: "\n"),
      "one": "a,y\n1,2\n", "constant": "a,b,y\n" + (0..<9).map { _ in "3,x,5" }.joined(separator: "\n"),
      "wild": "big,small,y\n"
        + (0..<12).map { "\($0 % 2 == 0 ? "1e30" : "-1e30"),\($0)e-30,\($0 % 4)" }.joined(separator: "\n"),
    ]
    return texts.compactMapValues { try? readTable(bytes: Array(($0 + "\n").utf8), name: "t.csv") }
  }()

  @Test func scriptsEndInAResultOrAnError() {
    let rounds = ProcessInfo.processInfo.environment["NN_RUN_ROUNDS"].flatMap { Int($0) } ?? 400
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("nn-\(UUID().uuidString).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: file) }
    var random = RandomScript(state: 20, tables: Self.tables.keys.sorted(), file: file)
    var done = 0
    for _ in 0..<rounds {
      let script = random.next()
      var options = RunOptions()
      options.tables = Self.tables
      var digests: [String?] = []
      for threads in 1...2 {
        options.threads = threads
        var interpreter = Interpreter()
        let result = interpreter.run(SourceFile(name: "fuzz", text: script), options: options)
        switch result.status {
        case .done: done += 1
        case .rejected, .failed:
          let codes = result.diagnostics.filter { $0.severity == .error }.map(\.code)
          #expect(!codes.isEmpty && codes.allSatisfy { $0 != "E1000" }, "\(codes)\n\(script)")
        case .interrupted: Issue.record("interrupted by nobody\n\(script)")
        }
        digests.append(interpreter.experiment.digest)
      }
      #expect(digests[0] == digests[1], "\(script)")
    }
    // The scripts are not all refused.
    #expect(done > rounds / 5, "only \(done) of \(2 * rounds) runs came to their end")
  }
}
