import Testing

@testable import NNData

struct CSVCase: CustomTestStringConvertible, Sendable {
  var name: String
  var text: String
  var expected: [String]
  var options = ReadOptions()

  init(_ name: String, _ text: String, _ expected: [String], _ options: ReadOptions = ReadOptions()) {
    self.name = name
    self.text = text
    self.expected = expected
    self.options = options
  }

  var testDescription: String { name }
}

private let cases: [CSVCase] = [
  CSVCase("plain", "x,y\n1,2\n3,4\n", ["x: 1 3", "y: 2 4"]),
  CSVCase("no line end at the end", "x,y\n1,2\n3,4", ["x: 1 3", "y: 2 4"]),
  CSVCase("CRLF", "x,y\r\n1,2\r\n3,4\r\n", ["x: 1 3", "y: 2 4"]),
  CSVCase("lone CR", "x,y\r1,2\r3,4\r", ["x: 1 3", "y: 2 4"]),
  CSVCase("lone CR, none at the end", "x,y\r1,2\r3,4", ["x: 1 3", "y: 2 4"]),
  CSVCase("byte order mark", "\u{FEFF}x,y\n1,2\n", ["x: 1", "y: 2"]),
  CSVCase("one column", "x\n1\n2\n", ["x: 1 2"]),
  CSVCase("blank lines", "\n\nx,y\n\n1,2\n \n3,4\n\n", ["x: 1 3", "y: 2 4"]),
  CSVCase("blanks around", " x , y\n 1 ,\t2 \n", ["x: 1", "y: 2"]),
  CSVCase("text with blanks", "s,x\n a b ,1\nc,2\n", ["s: 'a b' 'c'", "x: 1 2"]),
  CSVCase(
    "quotes", "s,x\n\"a,b\",1\n\"c \"\"d\"\"\",2\n\" e \",3\n",
    ["s: 'a,b' 'c \"d\"' ' e '", "x: 1 2 3"]),
  CSVCase("quoted line end", "s,x\n\"a\nb\",1\n\"c\r\nd\",2\n", ["s: 'a\nb' 'c\r\nd'", "x: 1 2"]),
  CSVCase("quoted numbers", "x,y\n\"1\",\" 2.5 \"\n", ["x: 1", "y: 2.5"]),
  CSVCase("blanks around quotes", "s,x\n \"a,b\" ,1\n", ["s: 'a,b'", "x: 1"]),
  CSVCase("quoted header", "\"a,b\",\"c\"\n1,2\n", ["a,b: 1", "c: 2"]),
  CSVCase("a quote within", "s,x\n5\" pipe,1\n", ["s: '5\" pipe'", "x: 1"]),
  CSVCase("missing", "x,s\n1,a\n,\nNA,NaN\n", ["x: 1 - -", "s: 'a' - -"]),
  CSVCase("quoted empty is missing", "x,s\n1,\"\"\n", ["x: 1", "s: -"]),
  CSVCase(
    "own missing", "x,s\n1,?\n-999,a\nNA,a\n1,a\n", ["x: '1' - 'NA' '1'", "s: - 'a' 'a' 'a'"],
    ReadOptions(missing: ["?", "-999"])),
  CSVCase("nothing but missing", "x,y\n1,\n2,\n", ["x: 1 2", "y: - -"]),
  CSVCase("semicolons", "a;b\n1;2\n3;4\n", ["a: 1 3", "b: 2 4"]),
  CSVCase("semicolons beside commas", "a;b\n1,5;x\n2,5;y\n", ["a: '1,5' '2,5'", "b: 'x' 'y'"]),
  CSVCase("commas beside a semicolon", "a,b\n1,x;y\n2,z\n", ["a: 1 2", "b: 'x;y' 'z'"]),
  CSVCase("tabs", "a\tb\n1\t2\n\t4\n", ["a: 1 -", "b: 2 4"]),
  CSVCase("tabs in quotes do not count", "a,b\n\"x\ty\",1\n\"x\tz\",2\n", ["a: 'x\ty' 'x\tz'", "b: 1 2"]),
  CSVCase("given separator", "a|b\n1|2\n", ["a: 1", "b: 2"], ReadOptions(separator: UInt8(ascii: "|"))),
  CSVCase("blanks separate", "a b\n1 2\n", ["a: 1", "b: 2"], ReadOptions(separator: UInt8(ascii: " "))),
  CSVCase("no header, numbers", "1,2\n3,4\n", ["column1: 1 3", "column2: 2 4"]),
  CSVCase(
    "no header, mixed", "5.1,setosa\n4.9,virginica\n", ["column1: 5.1 4.9", "column2: 'setosa' 'virginica'"]),
  CSVCase("header over text", "a,b\nx,y\n", ["a: 'x'", "b: 'y'"]),
  CSVCase("equal texts are no header", "x,x\nx,y\n", ["column1: 'x' 'x'", "column2: 'x' 'y'"]),
  CSVCase("a gap in the header", ",a\n0,1\n1,2\n", ["column1: 0 1", "a: 1 2"]),
  CSVCase("header asked for", "1,2\n3,4\n", ["1: 3", "2: 4"], ReadOptions(header: .present)),
  CSVCase(
    "header denied", "a,b\nx,y\n", ["column1: 'a' 'x'", "column2: 'b' 'y'"], ReadOptions(header: .absent)),
  CSVCase("years as names need header=true", "year,2019\nx,3\n", ["column1: 'year' 'x'", "column2: 2019 3"]),
  CSVCase(
    "types", "zip,x\n00501,1\n10001,2\n", ["zip: '00501' '10001'", "x: 1 2"],
    ReadOptions(types: ["zip": .categorical])),
  CSVCase(
    "numbers", "x\n+1\n-.5\n2.\n1e3\n1E-2\n-0\n0x10\n", ["x: '+1' '-.5' '2.' '1e3' '1E-2' '-0' '0x10'"]),
  CSVCase("not UTF-8's only letters", "größe,名前\n1,\u{1F600}\n", ["größe: 1", "名前: '\u{1F600}'"]),
]

@Suite("CSV, read")
struct CSVReadTests {
  @Test("text to columns", arguments: cases)
  func table(_ example: CSVCase) throws {
    let table = try readTable(bytes: Array(example.text.utf8), name: "t.csv", options: example.options)
    #expect(summary(table) == example.expected)
  }

  @Test("the same whatever the chunk, from memory and from a file", arguments: cases)
  func chunks(_ example: CSVCase) throws {
    var options = example.options
    let whole = try readTable(bytes: Array(example.text.utf8), name: "t.csv", options: options)
    // What is found out from the first rows is given here: how many of them there are differs.
    options.separator = options.separator ?? example.separator
    options.header =
      whole.columns.first?.name == "column1" && example.expected[1] != "a: 1 2" ? .absent : .present
    for chunk in [16, 17, 19, 23, 64] {
      let source = ByteSource(bytes: Array(example.text.utf8), name: "t.csv")
      let table = try TableReader(inputs: [InputFile(source)], options: options, threads: 3, blockSize: chunk)
        .read()
      #expect(summary(table) == example.expected, "chunk of \(chunk) bytes")
    }
  }

  @Test("a column is numeric if 95 % of its filled cells are numbers; the others are bad cells")
  func inference() throws {
    // 19 numbers and a word; a missing cell is not counted.
    let numbers = (1...19).map { "\($0)" }
    let mostly = try read("x,i\n" + (numbers + ["oops", ""]).map { $0 + ",1" }.joined(separator: "\n"))
    let column = try #require(mostly["x"])
    #expect(column.kind == .numeric)
    #expect(column.badCellCount == 1)
    #expect(column.missingCount == 1)
    #expect(column.badCells == [BadCell(row: 20, line: 21, column: "x", text: "oops")])
    // 18 and a word are 94.7 %.
    let less = try read(
      "x,i\n" + (numbers.dropLast() + ["oops", ""]).map { $0 + ",1" }.joined(separator: "\n"))
    #expect(less["x"]?.kind == .categorical)
    #expect(less["x"]?.missingCount == 1)
  }

  @Test("the whole file decides, not its start")
  func lateInference() throws {
    let numbersFirst =
      "x\n" + (0..<2000).map { "\($0 % 7)\n" }.joined() + (0..<2000).map { "w\($0 % 3)\n" }.joined()
    let text = try #require(try read(numbersFirst)["x"])
    guard case .categorical(let codes, let categories) = text.values else {
      Issue.record("x is not categorical")
      return
    }
    #expect(categories == ["0", "1", "2", "3", "4", "5", "6", "w0", "w1", "w2"])
    #expect(codes.count == 4000 && codes[8] == 1 && codes[2001] == 8)

    // More than a twentieth of the first rows are words, but not of all.
    let textFirst = "x\n" + (0..<100).map { "w\($0)\n" }.joined() + (0..<4000).map { "\($0)\n" }.joined()
    let numeric = try #require(try read(textFirst)["x"])
    #expect(numeric.kind == .numeric)
    #expect(numeric.badCellCount == 100)
    #expect(numeric.badCells.last == BadCell(row: 100, line: 101, column: "x", text: "w99"))

    // Read as text, all of it numbers in the end: a word list that only the first rows' missing words made so.
    let table = try read("x,y\n" + (0..<300).map { "\($0),a\n" }.joined(), types: ["y": .categorical])
    #expect(table["x"]?.kind == .numeric)
  }

  @Test("a bad cell names row, line and column, behind quoted line ends and blank lines")
  func badCellPlace() throws {
    let text = "s,x\n\"a\nb\",1\n\n\"c\nd\",oops\n"
    let table = try read(text, types: ["x": .numeric])
    #expect(table["x"]?.badCells == [BadCell(row: 2, line: 6, column: "x", text: "oops")])
  }

  @Test("hints are for columns that may be there")
  func hints() throws {
    let options = ReadOptions(hints: ["zip": .categorical, "target": .numeric])
    let table = try readTable(bytes: Array("zip,x\n00501,1\n".utf8), name: "t.csv", options: options)
    #expect(summary(table) == ["zip: '00501'", "x: 1"])
  }

  @Test("only the first hundred bad cells are kept")
  func manyBadCells() throws {
    let table = try read("x\n" + String(repeating: "bad\n", count: 250), types: ["x": .numeric])
    #expect(table["x"]?.badCells.count == 100)
    #expect(table["x"]?.badCellCount == 250)
    #expect(table["x"]?.missingCount == 0)
  }

  @Test(
    "what is no number",
    arguments: [
      "inf", "-inf", "nan(1)", "1e999", "1_000", "1,5", "0x1p3", "1e", "e5", ".", "-", "+", "--1", "1.2.3",
      "1 2", "١",
    ])
  func notNumbers(_ text: String) throws {
    let table = try read("x;i\n\(text);1\n", separator: UInt8(ascii: ";"), types: ["x": .numeric])
    #expect(table["x"]?.badCells.first?.text == text)
  }

  @Test("categories sort as numbers if all are, else by bytes")
  func categoryOrder() throws {
    let types = ["s": ColumnKind.categorical]
    func categories(_ text: String) throws -> [String] {
      guard case .categorical(_, let categories) = try read(text, types: types)["s"]?.values else {
        return []
      }
      return categories
    }
    #expect(try categories("s\n10\n9\n-1\n1e1\n") == ["-1", "9", "10", "1e1"])
    #expect(try categories("s\n10\n9\nb\nB\né\nz\n") == ["10", "9", "B", "b", "z", "é"])
  }

  @Test("many rows, a wide table, many categories")
  func sizes() throws {
    let rows = 20_000
    let long = try read("i,s\n" + (0..<rows).map { "\($0),k\($0 % 5000)\n" }.joined())
    guard case .numeric(let numbers) = long["i"]?.values,
      case .categorical(let codes, let categories) = long["s"]?.values
    else {
      Issue.record("wrong kinds")
      return
    }
    #expect(numbers == (0..<rows).map { Float($0) })
    #expect(categories.count == 5000)
    #expect(codes.indices.allSatisfy { categories[Int(codes[$0])] == "k\($0 % 5000)" })

    let width = 3000
    let wide = try read(
      (0..<width).map { "c\($0)" }.joined(separator: ",") + "\n"
        + (0..<40).map { row in (0..<width).map { "\($0 + row)" }.joined(separator: ",") }.joined(
          separator: "\n"))
    #expect(wide.columns.count == width && wide.rowCount == 40)
    #expect(wide["c2999"]?.text(row: 39) == "3038")
  }
}

extension CSVCase {
  fileprivate var separator: UInt8 {
    if expected.count > 1, !text.contains(",") || text.contains("\n1,5;") {
      return text.contains("\t") ? UInt8(ascii: "\t") : UInt8(ascii: ";")
    }
    return UInt8(ascii: ",")
  }
}
