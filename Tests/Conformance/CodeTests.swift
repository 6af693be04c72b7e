import Foundation
import Support
import Testing

/// Every code that the program can give stands in a case, with its line, its column and its span.
@Suite struct CodeTests {
  /// What no case can hold, and the tests that have it instead.
  static let elsewhere = [
    "E1080": "NNCommandTests/PictureTests.swift",  // no cairo
    "E0135": "NNSyntaxTests/FuzzTests.swift",  // a thousand mistakes
    "E0378": "Ranks/mistakes.py",  // several ranks
    "E0380": "Ranks/mistakes.py",
    "E0522": "Ranks/mistakes.py",
    "E0441": "NNInterpreterTests/ForeignModelTests.swift",  // an ONNX file, which is no text
    "E0442": "NNInterpreterTests/ForeignModelTests.swift",  // the same
    "E0501": "NNCommandTests/CommandTests.swift",  // no script at all
    "E0502": "NNCommandTests/VerifyTests.swift",  // a seal, which is no script
    "E0503": "NNCommandTests/VerifyTests.swift",
    "E0520": "NNCommandTests/CommandTests.swift",  // the command line, which no script has
    "E0521": "NNCommandTests/CommandTests.swift",  // the same
    "E1009": "NNCommandTests/VerifyTests.swift",
    "E1010": "NNCommandTests/VerifyTests.swift",
    "E1011": "NNCommandTests/VerifyTests.swift",
    "W0404": "NNInterpreterTests/RunTests.swift",  // a model file with a byte changed
  ]
  /// What the check sees before it can happen; the text is there so that it could be told.
  static let unreachable: Set<String> = ["E0318", "E1000", "E1006", "E1042"]

  static let codes: Set<String> = {
    var codes: Set<String> = []
    for path in files(in: "Sources") where path.hasSuffix(".swift") && !path.contains("/Explain/") {
      for match in text("Sources/" + path).matches(of: #/"([EW][0-9]{4})"/#) {
        codes.insert(String(match.output.1))
      }
    }
    return codes
  }()

  private static func files(in folder: String) -> [String] {
    let url = repository.appendingPathComponent(folder)
    return FileManager.default.enumerator(atPath: url.path)?.compactMap { $0 as? String } ?? []
  }

  private static func text(_ path: String) -> String {
    (try? String(contentsOf: repository.appendingPathComponent(path), encoding: .utf8)) ?? ""
  }

  /// The codes of the cases' expectations; those without a place in the script only where they have none.
  static let shown: Set<String> = {
    var shown: Set<String> = []
    for path in files(in: "Tests/Conformance/Cases") where path.hasSuffix(".md") {
      let text = text("Tests/Conformance/Cases/" + path)
      for match in text.matches(of: #/(?:error|warning)\[([EW][0-9]{4})\]: .*\n *--> .*:[0-9]+:[0-9]+\n/#) {
        shown.insert(String(match.output.1))
      }
      // One that only `--json` gives, and one that has no place in the script.
      for match in text.matches(of: #/"code":"(E0317)",.*"line":[0-9]+/#) {
        shown.insert(String(match.output.1))
      }
      for match in text.matches(of: #/error\[(E0217)\]: /#) { shown.insert(String(match.output.1)) }
    }
    return shown
  }()

  @Test func everyCodeHasACase() {
    #expect(Self.codes.count > 100)
    let missing = Self.codes.subtracting(Self.shown).subtracting(Self.elsewhere.keys)
      .subtracting(Self.unreachable)
    #expect(missing.sorted() == [], "codes that no case shows with their place")
    #expect(Self.shown.subtracting(Self.codes).sorted() == [], "cases of codes that there are none")
    let needless = Set(Self.elsewhere.keys).union(Self.unreachable)
    #expect(needless.subtracting(Self.codes).sorted() == [], "there are no such codes any more")
    #expect(needless.intersection(Self.shown).sorted() == [], "these have a case after all")
  }

  @Test(arguments: elsewhere.keys.sorted()) func theOthersAreTestedWhereItSays(_ code: String) throws {
    let path = try #require(Self.elsewhere[code])
    #expect(Self.text("Tests/" + path).contains(code), "\(path) says nothing of \(code)")
  }
}
