import NNData
import NNDiagnostics
import Synchronization
import Testing

@testable import NNInterpreter

@Suite struct DescribeTests {
  private static let rows = 60

  private static func table() throws -> Table {
    let rows = Self.rows
    return try Table(
      source: "table:t",
      columns: [
        Column(name: "id", numbers: (0..<rows).map { Float($0) }),
        Column(name: "a rather long name of a column", numbers: (0..<rows).map { Float($0 * $0) / 7 }),
        Column(name: "when", texts: (0..<rows).map { "2013-0\($0 % 9 + 1)-15" }),
        Column(name: "who", texts: (0..<rows).map { "person number \($0)" }),
        Column(name: "kind", texts: (0..<rows).map { $0 % 10 == 0 ? nil : $0 % 3 == 0 ? "rare" : "usual" }),
        Column(name: "hollow", numbers: (0..<rows).map { _ in .nan }),
        Column(name: "flag", numbers: (0..<rows).map { Float($0 % 2) }),
        Column(name: "bad\u{1B}[31m", texts: (0..<rows).map { _ in "same\u{7}" }),
        Column(name: "y", texts: (0..<rows).map { $0 % 4 == 0 ? "yes" : "no" }),
      ])
  }

  private func described(width: Int) throws -> [String] {
    var options = RunOptions()
    options.width = width
    options.tables["t"] = try Self.table()
    let recorder = RunTests.Recorder()
    var interpreter = Interpreter()
    let result = interpreter.run(
      SourceFile(name: "t", text: "data table:t target=y ignore=id | describe"), options: options,
      observer: recorder)
    #expect(result.status == .done)
    let texts = recorder.events.withLock { $0 }.compactMap {
      if case .output(_, let text) = $0 { text } else { nil }
    }
    return try #require(texts.first).split(separator: "\n").map { String($0) }
  }

  @Test(arguments: [120, 80, 64, 63, 40, 20]) func everyLineFits(width: Int) throws {
    let lines = try described(width: width)
    for line in lines.dropFirst() { #expect(line.count <= width, "\(line)") }
    #expect(!lines.joined().contains("\u{1B}") && !lines.joined().contains("\u{7}"))
    for name in ["id", "when", "who", "kind", "hollow", "flag", "y"] {
      #expect(lines.contains { $0.hasPrefix(name) }, "\(name) is not there")
    }
  }

  @Test func aTableSaysWhatEachColumnHolds() throws {
    let lines = try described(width: 120)
    func line(_ name: String) -> String { lines.first { $0.hasPrefix(name) } ?? "" }
    #expect(line("id").contains("integer") && line("id").contains("ignored") && line("id").contains("0 … 59"))
    #expect(line("id").hasSuffix("29.5  ████████"))
    #expect(line("when").contains("date") && line("when").contains("2013-01-15 … 2013-09-15"))
    #expect(line("who").contains("text") && line("who").contains("60"))
    #expect(
      line("kind").contains("category") && line("kind").contains(" 6 ") && line("kind").contains("usual 67%"))
    #expect(line("hollow").contains("empty") && line("hollow").contains("60"))
    #expect(line("flag").contains("boolean"))
    #expect(line("y").contains("boolean") && line("y").contains("target") && line("y").contains("no 75%"))
  }

  @Test func aNarrowOneHasLinesForEachColumn() throws {
    let lines = try described(width: 40)
    let start = try #require(lines.firstIndex { $0 == "kind" })
    #expect(
      Array(lines[start...(start + 2)]) == [
        "kind", "  category, 2 distinct, 6 missing", "  usual 67%, rare 33%  █▅",
      ])
  }
}
