import Foundation
import NNInterpreter
import Support
import Testing

/// `nn explain` has every code, and its examples show what they say.
@Suite struct ExplanationTests {
  /// What no script of a few lines shows.
  static let withoutExamples = [
    "E0135", "E0318", "E0378", "E0380", "E0441", "E0442", "E0501", "E0502", "E0503", "E0520", "E0521",
    "E0522", "E1000", "E1006",
    "E1007", "E1008",
    "E1009", "E1010", "E1011", "E1042", "E1060", "E1080",
    "W0404",
  ]

  /// Every code that a source file spells out.
  static let codes: Set<String> = {
    let sources = repository.appendingPathComponent("Sources")
    let paths = FileManager.default.enumerator(atPath: sources.path)?.compactMap { $0 as? String } ?? []
    var codes: Set<String> = []
    for path in paths where path.hasSuffix(".swift") && !path.contains("/Explain/") {
      let text = (try? String(contentsOf: sources.appendingPathComponent(path), encoding: .utf8)) ?? ""
      for match in text.matches(of: #/"([EW][0-9]{4})"/#) { codes.insert(String(match.output.1)) }
    }
    return codes
  }()

  @Test func everyCodeIsExplainedOnce() {
    #expect(Self.codes.count > 100)
    let explained = Explanation.all.map(\.code)
    #expect(Set(explained).count == explained.count, "a code is explained twice")
    #expect(Self.codes.subtracting(explained).sorted() == [], "codes without an explanation")
    #expect(
      Set(explained).subtracting(Self.codes).sorted() == [], "explanations of codes that there are none")
    #expect(Explanation.all.filter { $0.wrong == nil || $0.right == nil }.map(\.code) == Self.withoutExamples)
    for explanation in Explanation.all {
      #expect(
        explanation.title.first?.isUppercase != true && explanation.title.last != ".", "\(explanation.code)")
      #expect(explanation.text.last == ".", "\(explanation.code)")
    }
  }

  @Test func codesAreFoundHoweverTheyAreWritten() {
    for spelling in ["E0203", "e0203", "E203", "[E0203]", "error[E0203]:".replacing("error", with: "")] {
      #expect(Explanation.of(spelling)?.code == "E0203", "\(spelling)")
    }
    #expect(Explanation.of("") == nil)
    #expect(Explanation.of("E9999") == nil)
    #expect(Explanation.nearest(to: "E0299").first?.hasPrefix("E02") == true)
  }

  @Test(arguments: Explanation.all.filter { $0.wrong != nil }.map(\.code))
  func examplesShowIt(_ code: String) throws {
    let explanation = try #require(Explanation.of(code))
    let wrong = try codes(of: explanation.wrongBytes, explanation)
    #expect(Set(wrong.codes) == [code], "the wrong example of \(code)\n\(wrong.text)")
    let right = try codes(of: Array((explanation.right ?? "").utf8), explanation)
    #expect(right.codes == [], "the right example of \(code)\n\(right.text)")
    #expect(right.status == 0, "the right example of \(code)\n\(right.text)")
  }

  /// The codes that a script gives, from a run in a folder with the tables of scripts/.
  private func codes(of script: [UInt8], _ explanation: Explanation) throws
    -> (codes: [String], text: String, status: Int32)
  {
    let folder = try Folder()
    for name in ["iris.csv", "cars.csv", "data.csv"] {
      try FileManager.default.copyItem(
        at: repository.appendingPathComponent("scripts/" + name), to: folder.url.appendingPathComponent(name))
    }
    for (name, text) in explanation.files { try folder.write(text + "\n", to: name) }
    try Data(script).write(to: folder.url.appendingPathComponent("script.nn"))
    let run = try Program.run(
      ["run", "--quiet"] + explanation.arguments + ["script.nn"], in: folder.url)
    let text = run.errors + run.output
    let plain = text.matches(of: #/(?:error|warning)\[([EW][0-9]{4})\]/#).map { String($0.output.1) }
    let events = text.matches(of: #/"code":"([EW][0-9]{4})"/#).map { String($0.output.1) }
    return (plain + events, text, run.status)
  }
}
