import Foundation
import Testing

/// The corpus of `make fuzz`: what the fuzzer began with, and what it has found.
@Suite("CSV, corpus of the fuzzer")
struct CSVCorpusTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Fuzz/Corpus/csv").standardizedFileURL

  private static let names: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()

  @Test("no promise is broken", arguments: names)
  func replay(_ name: String) throws {
    let bytes = try Data(contentsOf: Self.folder.appendingPathComponent(name))
    #expect(brokenPromise(ofCSV: Array(bytes)) == nil)
  }

  @Test("there are inputs")
  func thereAreInputs() { #expect(Self.names.count > 10) }
}
