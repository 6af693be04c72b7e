import Testing

@testable import NNData

/// Tables of very many columns: finding one by its name does not look through all.
@Suite struct WideTableTests {
  @Test func columnsAreFoundByTheirNamesWhateverBecomesOfThem() throws {
    let names = (0..<20_000).map { "c\($0)" }
    var table = try Table(source: "t", columns: names.map { Column(name: $0, numbers: [Float($0.count)]) })
    for name in names { #expect(table[name]?.name == name) }
    #expect(table["c20000"] == nil)
    table.columns.removeFirst()
    #expect(table["c0"] == nil)
    #expect(table["c19999"]?.name == "c19999")
    table.columns.append(Column(name: "new", numbers: [1]))
    #expect(table["new"]?.name == "new")
    #expect(table.rows([0])["new"]?.count == 1)
  }

  @Test func columnsOfOneNameAreNumbered() throws {
    let header = Array(repeating: "c", count: 10_000) + ["c.3", "d", "c"]
    let text = header.joined(separator: ",") + "\n" + header.map { _ in "1" }.joined(separator: ",") + "\n"
    let table = try TableReader(
      inputs: [InputFile(ByteSource(bytes: Array(text.utf8), name: "t.csv"))], options: ReadOptions(),
      threads: 1, blockSize: BlockReader.blockSize
    ).read()
    let names = table.columnNames
    #expect(names.prefix(5) == ["c", "c.1", "c.2", "c.4", "c.5"])
    #expect(names.suffix(3) == ["c.3", "d", "c.10001"])
    #expect(Set(names).count == names.count)
  }
}
