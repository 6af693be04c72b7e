import Foundation
import Support
import Testing

@testable import NNCommand

/// What fuzzing has come upon in settings, histories, initial files, environments and Keras's files (Fuzz/Corpus), read again.
@Suite struct HostileCorpusTests {
  private static func inputs(_ target: String) throws -> [(name: String, bytes: [UInt8])] {
    let folder = repository.appendingPathComponent("Fuzz/Corpus/\(target)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names.count >= 4, "no corpus of \(target)")
    return try names.map { ($0, Array(try Data(contentsOf: folder.appendingPathComponent($0)))) }
  }

  @Test func settings() throws {
    for input in try Self.inputs("settings") {
      #expect(brokenPromise(ofSettings: input.bytes) == nil, "\(input.name)")
    }
  }

  @Test func histories() throws {
    for input in try Self.inputs("history") {
      #expect(brokenPromise(ofHistory: input.bytes) == nil, "\(input.name)")
    }
  }

  @Test func initialFiles() throws {
    for input in try Self.inputs("init") {
      #expect(brokenPromise(ofInitialFile: input.bytes) == nil, "\(input.name)")
    }
  }

  @Test func filesOfKeras() throws {
    let folder = try Folder()
    for input in try Self.inputs("keras") {
      let broken = brokenPromise(ofKerasFile: input.bytes) { bytes, ending in
        let path = folder.url.appendingPathComponent("k." + ending).path
        _ = FileManager.default.createFile(atPath: path, contents: Data(bytes))
        return path
      }
      #expect(broken == nil, "\(input.name)")
    }
  }

  /// In the program itself, for the environment is the process's.
  @Test func environments() throws {
    let folder = try Folder()
    try folder.write("a,b\n1,2\n2,3\n3,5\n", to: "t.csv")
    let script =
      "data t.csv target=b | describe | model < dense 2; output > | summary | fit epochs=1 seed=1 | plot history"
    for input in try Self.inputs("environment") {
      var variables: [String: String] = [:]
      for part in input.bytes.split(separator: 0) {
        let text = String(decoding: part, as: UTF8.self)
        guard let sign = text.firstIndex(of: "="), sign != text.startIndex else { continue }
        variables[String(text[..<sign])] = String(text[text.index(after: sign)...])
      }
      for name in ["HOME", "XDG_STATE_HOME"] where variables[name]?.hasPrefix("/") == true {
        variables[name] = folder.url.path
      }
      let run = try Program.run(["-e", script], in: folder.url, environment: variables)
      #expect(run.status == 0, "\(input.name): \(run.errors)")
      #expect(!(run.output + run.errors).contains("\u{1b}"), "\(input.name)")
    }
  }

  /// It was taken for one that begins at the root.
  @Test func aHomeThatIsNoWholePathKeepsNoHistory() throws {
    let folder = try Folder()
    let home = "nn-home-" + UUID().uuidString
    let run = try Program.run(
      ["repl"], in: folder.url, input: Data("print 1\n".utf8), environment: ["HOME": home])
    #expect(run.status == 0)
    for place in ["/" + home, folder.url.path + "/" + home] {
      #expect(!FileManager.default.fileExists(atPath: place))
    }
  }
}
