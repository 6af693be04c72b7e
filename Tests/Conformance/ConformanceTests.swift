import Foundation
import NNDiagnostics
import Testing

/// Every file in Cases, through every phase that it names. `NN_UPDATE_CASES=1 swift test --filter Conformance` rewrites
/// the expectations; read the difference before you commit it.
@Suite struct ConformanceTests {
  static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
    "Cases")
  static let updates = ProcessInfo.processInfo.environment["NN_UPDATE_CASES"] == "1"

  static let names: [String] = {
    let found = FileManager.default.enumerator(atPath: directory.path)?.compactMap { $0 as? String } ?? []
    return found.filter { $0.hasSuffix(".md") }.sorted()
  }()

  @Test func thereAreCases() {
    #expect(Self.names.count >= 40, "only \(Self.names.count) cases in \(Self.directory.path)")
  }

  @Test(arguments: names) func conforms(_ name: String) async throws {
    let file = Self.directory.appendingPathComponent(name)
    var subject = try CaseFile(markdown: String(contentsOf: file, encoding: .utf8))
    #expect(!subject.prose.isEmpty, "\(name) does not say what it shows")
    let bytes = try #require(subject.source, "\(name) has no # SOURCE")
    let source = SourceFile(name: "script.nn", bytes: bytes)
    var didChange = false
    for section in subject.sections where !Phase.isInput(section.heading) {
      if !Phase.all.contains(where: { $0.heading == section.heading }) {
        Issue.record("\(name): # \(section.heading) is no phase")
      }
    }
    for phase in Phase.all {
      let index = subject.sections.firstIndex { $0.heading == phase.heading }
      if index == nil, !phase.isImplicit { continue }
      var actual = try await phase.run(subject, source)
      while actual.last == "\n" { actual.removeLast() }
      let expected = index.map { subject.sections[$0].text } ?? ""
      guard actual != expected else { continue }
      if Self.updates {
        if let index {
          subject.sections[index].text = actual
        } else {
          subject.sections.append(CaseFile.Section(heading: phase.heading, language: "", text: actual))
        }
        didChange = true
      } else {
        Issue.record(
          "\(name): # \(phase.heading) differs\n\(lineDifference(expected: expected, actual: actual))")
      }
    }
    if didChange { try subject.markdown.write(to: file, atomically: true, encoding: .utf8) }
  }
}
