import NNData
import NNDiagnostics
import NNEngine
import Testing

@testable import NNInterpreter

/// Nothing that training learns may come from rows that do not train, and nothing that a model answers from where its columns
/// and rows stand.
@Suite struct LeakTests {
  private static let rowCount = 120

  /// A table with holes, texts, dates and rare classes; each row drawn by itself.
  private static func row(_ generator: inout SplitMix) -> [String: Cell] {
    func number() -> Cell { .number(Double(Int.random(in: -400...400, using: &generator)) / 8) }
    func word(_ words: [String]) -> Cell { .text(words.randomElement(using: &generator) ?? "") }
    func sometimes(_ cell: Cell) -> Cell { Int.random(in: 0..<6, using: &generator) == 0 ? .missing : cell }
    let day = Int.random(in: 1...28, using: &generator)
    return [
      "size": sometimes(number()), "weight_kg": number(), "rank": sometimes(number()),
      "shop": sometimes(word(["north", "north", "south", "south", "east", "west", "a", "b", "c"])),
      "grade": word(["low", "mid", "high"]),
      "buyer": .text("buyer \(Int.random(in: 0...999, using: &generator))"),
      "when": sometimes(
        .text(
          "\(day)/\(Int.random(in: 1...12, using: &generator))/20\(Int.random(in: 10...24, using: &generator))"
        )),
      "price": number(), "kind": word(["common", "common", "common", "rare"]),
    ]
  }

  private static func table(_ rows: [[String: Cell]]) throws -> Table {
    let texts: Set<String> = ["shop", "grade", "buyer", "when", "kind"]
    let names = ["size", "weight_kg", "rank", "shop", "grade", "buyer", "when", "price", "kind"]
    return try Table(
      source: "t",
      columns: names.map { name in
        texts.contains(name)
          ? Column(name: name, texts: rows.map { if case .text(let text)? = $0[name] { text } else { nil } })
          : Column(
            name: name,
            numbers: rows.map { if case .number(let number)? = $0[name] { Float(number) } else { .nan } })
      })
  }

  private static let preparations = """
    impute median indicator | impute mode columns=[shop, rank] | scale standard | scale quantile columns=size
    scale robust columns=rank | encode onehot columns=shop min_frequency=10% | encode ordinal columns=grade
    encode hash columns=buyer buckets=8 | encode date columns=when
    """
  private static let scripts = [
    "data table:t target=price ignore=kind | split test=20% val=20% seed=1\n\(preparations)\n"
      + "scale minmax columns=price; model < dense 8 relu; output > | compile loss=mse | fit epochs=3 seed=1",
    "data table:t target=kind ignore=price | split test=20% val=20% order=tail\n\(preparations)\n"
      + "balance; model < dense 8 relu; batchnorm; output > | compile | fit epochs=3 seed=1",
    "data table:t target=price ignore=[kind, buyer] | split test=30% by=grade\n"
      + "impute mean | scale minmax | model < dense 4 relu; output > | compile loss=mae | fit epochs=3 seed=1",
    "data table:t target=price ignore=kind | impute 0 | impute lost columns=shop\n"
      + "model < dense 4 relu; output > | compile loss=mae | fit epochs=3 seed=1 validation_split=30%",
  ]

  private func trained(_ script: String, _ table: Table) throws -> (TrainedModel, DataSlot) {
    var interpreter = Interpreter()
    var options = RunOptions()
    options.tables["t"] = table
    let result = interpreter.run(SourceFile(name: "t", text: script), options: options)
    #expect(result.status == .done, "\(result.diagnostics.map(\.message))")
    return (try #require(interpreter.experiment.model?.trained), try #require(interpreter.experiment.data))
  }

  @Test(arguments: scripts.indices, 0..<3) func rowsThatDoNotTrainTeachNothing(_ script: Int, _ seed: Int)
    throws
  {
    var generator = SplitMix(state: UInt64(seed))
    var rows = (0..<Self.rowCount).map { _ in Self.row(&generator) }
    let (before, data) = try trained(Self.scripts[script], try Self.table(rows))
    var training = Set(data.split?.training ?? [])
    // Keras's cut, which no `split` shows.
    if training.isEmpty { training = Set(0..<(Self.rowCount * 7 / 10)) }
    #expect(training.count < Self.rowCount)
    for index in rows.indices where !training.contains(index) {
      // Groups and classes divide the rows; what else a row says may be anything.
      let (grade, kind) = (rows[index]["grade"], rows[index]["kind"])
      rows[index] = Self.row(&generator)
      (rows[index]["grade"], rows[index]["kind"]) = (grade, kind)
      rows[index]["shop"] = .text("shop \(index)")
      rows[index]["size"] = .number(1e6 * Double(index))
    }
    let (after, _) = try trained(Self.scripts[script], try Self.table(rows))
    #expect(before.preprocessor.json.text() == after.preprocessor.json.text())
    #expect(before.digest == after.digest)
    // The test of the test: a training row does teach.
    let one = try #require(training.min())
    rows[one] = Self.row(&generator)
    rows[one]["grade"] = .text("mid")
    rows[one]["price"] = .number(77)
    rows[one]["weight_kg"] = .number(-77)
    let (changed, changedData) = try trained(Self.scripts[script], try Self.table(rows))
    if changedData.split?.training == data.split?.training { #expect(changed.digest != before.digest) }
  }

  @Test(arguments: [0, 1, 3]) func columnsMayStandAnywhereAndRowsKeepTheirOrder(_ script: Int) throws {
    var generator = SplitMix(state: 9)
    let rows = (0..<Self.rowCount).map { _ in Self.row(&generator) }
    let (model, _) = try trained(Self.scripts[script], try Self.table(rows))
    var fresh = (0..<50).map { _ in Self.row(&generator) }
    fresh[7]["shop"] = .text("never seen")
    fresh[8]["weight_kg"] = script == 3 ? .missing : fresh[8]["weight_kg"]
    func answers(_ table: Table) throws -> [String] {
      let columns = try model.predictions(for: table, rows: nil, probabilities: true, threads: 1).columns
      return (0..<table.rowCount).map { row in
        columns.map { column in
          switch column {
          case .numbers(let name, let values): "\(name) \(values[row].bitPattern)"
          case .texts(let name, let texts): "\(name) \(texts[row])"
          }
        }.joined(separator: ", ")
      }
    }
    let table = try Self.table(fresh)
    let expected = try answers(table)
    #expect(expected.count == 50)
    // Without the target, columns in another order, others among them.
    var moved = table.columns.filter { $0.name != model.target.roles.targets.first }.reversed() as [Column]
    moved.insert(Column(name: "note", texts: fresh.map { _ in "x" }), at: 2)
    moved.append(Column(name: "rank ", numbers: fresh.map { _ in .nan }))
    #expect(try answers(try Table(source: "t", columns: moved)) == expected)
    // Each row by itself.
    #expect(try answers(try Self.table(fresh.reversed())) == expected.reversed())
    for index in [0, 7, 8, 49] { #expect(try answers(try Self.table([fresh[index]])) == [expected[index]]) }
    moved.removeAll { $0.name == "weight_kg" }
    #expect(throws: Found.self) { _ = try answers(try Table(source: "t", columns: moved)) }
  }
}

private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
