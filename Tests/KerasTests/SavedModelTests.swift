import Foundation
import NNModelIO
import Testing

@testable import NNInterpreter

/// Whatever a script can describe, `save` writes and `model FILE` opens.
@Suite struct SavedModelTests {
  @Test(arguments: Fixtures.kinds) func everyModelCanBeOpenedAgain(_ kind: String) throws {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("nn-\(UUID().uuidString).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var seen: Set<String> = []
    for fixture in Fixtures.cases where fixture.kind == kind {
      let training = fixture.training
      let setUp = "data \(training.data)\nmodel < \(training.model) >\ncompile \(training.compile)\n"
      guard seen.insert(setUp).inserted else { continue }
      do throws(Complaint) {
        var session = LanguageSession()
        _ = try session.run(setUp + "fit epochs=0 seed=0\nsave \"\(path)\"")
        let saved = try session.trained()
        let compile = try session.compiled().options
        _ = try session.run("model \"\(path)\"")
        let opened = try session.trained()
        #expect(opened.digest == saved.digest, "\(fixture.title): the weights are others")
        #expect(
          opened.target.loss.name == saved.target.loss.name, "\(fixture.title): the loss is another")
        let reopened = try session.compiled().options
        #expect(
          reopened.metrics.map(\.name) == compile.metrics.map(\.name),
          "\(fixture.title): the metrics are others")
        #expect(
          Self.record(reopened) == Self.record(compile), "\(fixture.title): the optimizer is another")
      } catch {
        Issue.record("\(fixture.title): \(error.text)")
      }
    }
  }

  /// The rate is written in any case, and what is `none` may be left out.
  private static func record(_ options: CompileOptions) -> CallRecord {
    var record = options.optimizer.record
    record.options = record.options.filter { $0.key != "lr" && $0.value != .none }
    return record
  }
}
