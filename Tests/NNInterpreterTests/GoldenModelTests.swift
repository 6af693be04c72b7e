import Foundation
import NNData
import NNDiagnostics
import Support
import Testing

@testable import NNInterpreter

/// Models that versions of nn have saved are read by later ones, and answer as they did. `Fixtures/models` of NNModelIOTests has a file
/// of each format with the answers that the version which wrote it gave to the rows of `rows.csv`.
@Suite struct GoldenModelTests {
  static let folder = repository.appendingPathComponent("Tests/NNModelIOTests/Fixtures/models").path
  static let models: [String] = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
    .filter { $0.hasSuffix(".safetensors") }.sorted()

  @Test func thereAreSome() { #expect(Self.models.count >= 2) }

  @Test(arguments: models) func answersAreThoseOfItsTime(model: String) throws {
    let out = try Folder()
    let path = out.url.path + "/answers.csv"
    var interpreter = Interpreter()
    let script = """
      model "\(Self.folder)/\(model)" | predict "\(Self.folder)/rows.csv" proba to="\(path)"
      \(model.hasPrefix("format-1") ? "data \"\(Self.folder)/rows.csv\" target=kind | fit epochs=1" : "")
      """
    let result = interpreter.run(SourceFile(name: "t", text: script))
    #expect(result.status == .done, "\(result.diagnostics.map(\.message))")
    let expected = try String(
      contentsOfFile: "\(Self.folder)/\(model.dropLast(".safetensors".count)).csv", encoding: .utf8)
    #expect(try out.read("answers.csv") == expected)
  }
}
