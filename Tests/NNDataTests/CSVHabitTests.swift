import Testing

@testable import NNData

/// What files of other projects' test suites look like (csv-spectrum, csv-test-data, DuckDB's and pandas' odd files), in
/// cases of our own: each is read right, or refused with its place.
struct HabitCase: CustomTestStringConvertible, Sendable {
  var name: String
  var bytes: [UInt8]
  var expected: Expected
  var options = ReadOptions()

  enum Expected: Sendable {
    /// Columns as `summary` tells them, and notices.
    case table([String], [String])
    case error(String)
  }

  static func reads(
    _ name: String, _ text: String, _ columns: [String], notices: [String] = [],
    _ options: ReadOptions = ReadOptions()
  ) -> HabitCase {
    HabitCase(name: name, bytes: Array(text.utf8), expected: .table(columns, notices), options: options)
  }

  static func refuses(
    _ name: String, _ text: String, _ message: String, _ options: ReadOptions = ReadOptions()
  ) -> HabitCase {
    HabitCase(name: name, bytes: Array(text.utf8), expected: .error(message), options: options)
  }

  static func refuses(_ name: String, bytes: [UInt8], _ message: String) -> HabitCase {
    HabitCase(name: name, bytes: bytes, expected: .error(message))
  }

  var testDescription: String { name }
}

private let commas = ReadOptions(decimal: UInt8(ascii: ","))

private let habits: [HabitCase] = [
  // Quotes.
  .reads(
    "commas in quotes", "who,where,zip\nAda,\"Soho, London\",123\n",
    ["who: 'Ada'", "where: 'Soho, London'", "zip: 123"]),
  .reads("quoted empties", "a,b,c\n1,\"\",\"\"\n2,3,4", ["a: 1 2", "b: - 3", "c: - 4"]),
  .reads("quoted empties, CRLF", "a,b,c\r\n1,\"\",\"\"\r\n2,3,4", ["a: 1 2", "b: - 3", "c: - 4"]),
  .reads("escaped quotes", "n,s\n1,\"so \"\"so\"\" so\"\n2,t\n", ["n: 1 2", "s: 'so \"so\" so' 't'"]),
  .reads("nothing but escaped quotes", "n,s\n1,\"\"\"\"\"\"\n", ["n: 1", "s: '\"\"'"]),
  .reads(
    "JSON in a cell", "k,v\n1,\"{\"\"x\"\": [1, 0.5]}\"\n", ["k: 1", "v: '{\"x\": [1, 0.5]}'"]),
  .reads(
    "quotes and line ends", "n,s\n1,\"a \n\"\"b\"\" \nc\"\n2,d\n", ["n: 1 2", "s: 'a \n\"b\" \nc' 'd'"]),
  .reads("a quote inside a bare cell", "n,s\n1,say \"what\" now\n", ["n: 1", "s: 'say \"what\" now'"]),
  .reads("inches and minutes", "n,s\n1,36'37.8\"N 121'17\"W\n", ["n: 1", "s: '36'37.8\"N 121'17\"W'"]),
  .reads("all quoted", "\"n\",\"s\"\n\"1\",\"a\"\n\"2\",\"b\"\n", ["n: 1 2", "s: 'a' 'b'"]),
  .reads(
    "single quotes, when told", "n;s\n1;'a;''b'''\n", ["n: 1", "s: 'a;'b''"],
    ReadOptions(quote: UInt8(ascii: "'"))),
  .reads(
    "no quotes, when told", "n\ts\n1\t\"open\n2\tclo\"sed\n", ["n: 1 2", "s: '\"open' 'clo\"sed'"],
    ReadOptions(quote: 0)),
  .refuses(
    "a quote never closed", "a,b,c\n1,\"no end,3\n", "t.csv, line 2: a quote opens here and never closes"),
  .refuses(
    "an unescaped quote in quotes", "a,b,c\n1,\"Oh, a \" here\",3\n",
    "t.csv, line 2, column b: text after the closing quote; a quote inside a quoted cell is written twice"),
  .refuses(
    "a backslash before a quote", "a,b\n1,\"x \\\"y\\\" z\"\n",
    "t.csv, line 2, column b: text after the closing quote; a quote inside a quoted cell is written twice"),

  // Line ends and blanks.
  .reads("CRLF, none at the end", "a,b\r\n1,2", ["a: 1", "b: 2"]),
  .reads("LF and CRLF mixed", "a,b\n1,2\r\n3,4\n", ["a: 1 3", "b: 2 4"]),
  .reads("lone CR", "a,b\r1,\"x\ry\"\r", ["a: 1", "b: 'x\ry'"]),
  .reads(
    "leading and trailing spaces", "a,b,c\n1, in front,3\n2,behind ,4\n",
    ["a: 1 2", "b: 'in front' 'behind'", "c: 3 4"]),
  .reads("numbers with spaces in quotes", "a,b\n\" 1 \",2\n", ["a: 1", "b: 2"]),
  .reads("a blank line at the start", "\n\r\na,b\n1,2\n", ["a: 1", "b: 2"]),
  .reads("one column with a blank line", "a\n1\n\n2\n", ["a: 1 2"]),
  .refuses("nothing but blank lines", "\n\n", "t.csv is empty"),
  .refuses("a header alone", "a,b,c", "t.csv has a header, but no rows below it"),
  .refuses("one column, empty row", "a\n\n", "t.csv has a header, but no rows below it"),

  // Letters.
  .reads("UTF-8", "a,b\n1,ʤ\n2,😎\n", ["a: 1 2", "b: 'ʤ' '😎'"]),
  .reads("a byte order mark before a quote", "\u{FEFF}\"a\",b\n1,2\n", ["a: 1", "b: 2"]),
  .refuses(
    "Latin-1", bytes: Array("name,n\nMar".utf8) + [0xED, 0x61] + Array(",1\n".utf8),
    "t.csv, line 2, column name: not UTF-8 text; save the file as UTF-8"),
  .refuses(
    "UTF-16 without a mark", bytes: "a,b\n1,2\n".utf8.flatMap { [$0, 0] },
    "t.csv is UTF-16 text, not CSV text; save it as CSV in UTF-8"),
  .refuses(
    "UTF-16, big end first", bytes: [0xFE, 0xFF] + "a,b\n1,2\n".utf8.flatMap { [0, $0] },
    "t.csv is UTF-16 text, not CSV text; save it as CSV in UTF-8"),
  .refuses("NUL in a cell", "a,b\n1,x\n2,y\u{0}z\n", "t.csv, line 3: a NUL byte, so this is not a text file"),
  .refuses(
    "a web page", "<!DOCTYPE html>\n<html></html>\n",
    "t.csv is a web page, not CSV text; it was perhaps saved from a link to a page about the file"),
  .refuses(
    "a pointer of Git LFS", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
    "t.csv is a pointer of Git LFS, not the file itself, not CSV text; fetch it with `git lfs pull`"),
  .refuses(
    "Parquet", bytes: Array("PAR1".utf8) + [0x15, 0, 0x15],
    "t.csv is a Parquet file, not CSV text; save it as CSV in UTF-8"),
  .reads("a column that is named like Parquet begins", "PAR1,b\n1,2\n", ["PAR1: 1", "b: 2"]),

  // Rows that do not fit.
  .refuses("a row too short", "a,b,c\n1,2\n", "t.csv, line 2: 2 cells, but the first row has 3"),
  .refuses("a row too long", "a,b,c\n1,2,3,4\n", "t.csv, line 2: 4 cells, but the first row has 3"),
  .refuses(
    "a separator behind each row, not in the header", "a,b\n1,2,\n3,4,\n",
    "t.csv, line 2: 3 cells, but the first row has 2"),
  .reads(
    "a separator behind each row and the header", "a,b,\n1,2,\n3,4,\n", ["a: 1 3", "b: 2 4"],
    notices: ["t.csv: column 3 has neither a name nor a value, and is left out"]),

  // Headers.
  .reads(
    "duplicate names", "x,y,x,x\n1,2,3,4\n", ["x: 1", "y: 2", "x.1: 3", "x.2: 4"],
    notices: ["t.csv: names stand in the header more than once; the later x is x.1, x is x.2"]),
  .reads(
    "duplicates of a name that is taken", "x,x.1,x\n1,2,3\n", ["x: 1", "x.1: 2", "x.2: 3"],
    notices: ["t.csv: names stand in the header more than once; the later x is x.2"]),
  .reads(
    "an index without a name", ",a\n0,5\n1,6\n", ["column1: 0 1", "a: 5 6"],
    notices: ["t.csv: a column has no name in the header, and is called column1"]),
  .reads(
    "an empty name beside one that takes its place", ",column1\n0,5\n1,6\n",
    ["column1.1: 0 1", "column1: 5 6"],
    notices: ["t.csv: a column has no name in the header, and is called column1.1"]),
  .reads(
    "a title", "Sales of 2024\na,b\n1,x\n2,y\n", ["a: 1 2", "b: 'x' 'y'"],
    notices: ["t.csv: line 1, \"Sales of 2024\", stands above the header and is left out"]),
  .reads(
    "a title as a spreadsheet pads it", "Sales,,\n,,\na,b,c\n1,x,2\n2,y,3\n",
    ["a: 1 2", "b: 'x' 'y'", "c: 2 3"],
    notices: ["t.csv: the first 2 lines, from \"Sales\" on, stand above the header and are left out"]),
  .reads(
    "notes with separators in them", "some notes...\nmore notes,...\nn,t,d\n1,a,b\n",
    ["n: 1", "t: 'a'", "d: 'b'"],
    notices: ["t.csv: the first 2 lines, from \"some notes...\" on, stand above the header and are left out"]),
  .refuses(
    "a header too short is no title", "a\n1,2\n3,4\n", "t.csv, line 2: 2 cells, but the first row has 1",
    ReadOptions(separator: UInt8(ascii: ","))),
  .refuses(
    "header=true takes the first line", "Sales\na,b\n1,x\n",
    "t.csv, line 2: 2 cells, but the first row has 1",
    ReadOptions(header: .present)),
  .reads(
    "lines skipped, when told", "Sales,of\r2024\r\n\na,b\n1,x\n", ["a: 1", "b: 'x'"],
    ReadOptions(skippedLines: 3)),
  .refuses("more skipped than there is", "a,b\n1,2\n", "t.csv is empty", ReadOptions(skippedLines: 3)),

  // Separators.
  .reads("bars", "a|b\n1|x,y\n2|z\n", ["a: 1 2", "b: 'x,y' 'z'"]),
  .reads("a comma in one bar's cell", "a|b|c\n1|x|3\n", ["a: 1", "b: 'x'", "c: 3"]),
  .reads(
    "semicolons, most rows agree", "a;b\n1;x\n2;y\n3;z\n4;\"w;v\"\n", ["a: 1 2 3 4", "b: 'x' 'y' 'z' 'w;v'"]),
  .reads(
    "semicolons below a title", "Sales, all\na;b;c\n1;x;2\n2;y;3\n", ["a: 1 2", "b: 'x' 'y'", "c: 2 3"],
    notices: ["t.csv: line 1, \"Sales, all\", stands above the header and is left out"]),
  .reads(
    "commas in quotes do not count", "a;b\n\"1,5\";x\n\"2,5\";y\n", ["a: '1,5' '2,5'", "b: 'x' 'y'"],
    notices: ["t.csv: column a is text, as \"1,5\" is not a number here"]),
  .reads("carets, when told", "a^b\n1^2\n", ["a: 1", "b: 2"], ReadOptions(separator: UInt8(ascii: "^"))),

  // Numbers.
  .reads("decimal commas", "a;b\n1,5;-,25\n+3,;1,5e-1\n", ["a: 1.5 3", "b: -0.25 0.15"], commas),
  .reads(
    "decimal commas between commas", "a,b\n\"1,5\",2\n", ["a: 1.5", "b: 2"],
    ReadOptions(separator: UInt8(ascii: ","), decimal: UInt8(ascii: ","))),
  .reads("points are no decimals then", "a;b\n1.5;x\n", ["a: '1.5'", "b: 'x'"], commas),
  .reads(
    "thousands", "a;b\n1,234;12,345,678.5\n-1,000;999\n", ["a: 1234 -1000", "b: 12345678 999"],
    ReadOptions(thousands: UInt8(ascii: ","))),
  .reads(
    "points between thousands, a comma before decimals", "a;b\n1.234,5;1.000.000\n",
    ["a: 1234.5", "b: 1000000"],
    ReadOptions(decimal: UInt8(ascii: ","), thousands: UInt8(ascii: "."))),
  .reads(
    "blanks of all widths between thousands", "a;b\n1 234;1\u{A0}234\n1\u{202F}234,5;12\u{2009}345\n",
    ["a: 1234 1234.5", "b: 1234 12345"],
    ReadOptions(decimal: UInt8(ascii: ","), thousands: UInt8(ascii: " "))),
  .reads(
    "apostrophes between thousands", "a;b\n1'234;1\u{2019}234\n", ["a: 1234", "b: 1234"],
    ReadOptions(thousands: UInt8(ascii: "'"))),
  .reads(
    "groups that are none", "a;i\n12,34;1\n1,2345;1\n,123;1\n1,234,5;1\n1234,567;1\n1,234.5,6;1\n",
    ["a: '12,34' '1,2345' ',123' '1,234,5' '1234,567' '1,234.5,6'", "i: 1 1 1 1 1 1"],
    ReadOptions(thousands: UInt8(ascii: ","))),
  .refuses(
    "one sign for both", "a\n1\n", "\",\" cannot stand before decimals and between thousands",
    ReadOptions(decimal: UInt8(ascii: ","), thousands: UInt8(ascii: ","))),
  .reads(
    "thousands that nobody told of", "a;b\n1,234;x\n\"12,345,678\";y\n",
    ["a: '1,234' '12,345,678'", "b: 'x' 'y'"],
    notices: ["t.csv: column a is text, as \"1,234\" is not a number here"]),
  .reads(
    "spellings of numbers", "a\n1e5\n+3\n.5\n5.\n1E-2\n-0\n00012\n", ["a: 100000 3 0.5 5 0.01 -0 12"]),
  .reads(
    "what is none", "a\ninf\n0x1F\n1_000\nInfinity\n1e\n",
    ["a: '0x1F' '1_000' '1e' 'Infinity' 'inf'"].map {
      _ in "a: 'inf' '0x1F' '1_000' 'Infinity' '1e'"
    }, notices: []),

  // Missing cells and words for yes and no.
  .reads(
    "missing cells as programs write them",
    "a\n1\n\"\"\nNA\nN/A\n#N/A\nNULL\nnull\nNaN\nnan\n-NaN\n<NA>\n1.#IND\n",
    ["a: 1" + String(repeating: " -", count: 11)]),
  .reads(
    "an empty cell among numbers is missing, whatever the others are", "a,b,s\n1,,x\n?,2,\n,3,?\n",
    ["a: 1 - -", "b: - 2 3", "s: 'x' '' -"], ReadOptions(missing: ["?"])),
  .reads("None is a category", "a\nNone\nx\n", ["a: 'None' 'x'"]),
  .reads("true and false are categories", "a\ntrue\nfalse\n", ["a: 'true' 'false'"]),
  .reads(
    "or 1 and 0, when told", "a,b,c\nTRUE,yes,1\nfalse,No,t\n,n,F\n", ["a: 1 0 -", "b: 1 0 0", "c: 1 1 0"],
    ReadOptions(types: ["a": .numeric, "b": .numeric, "c": .numeric])),
]

@Suite("CSV, habits of other projects")
struct CSVHabitTests {
  @Test("read right, or refused with the place", arguments: habits)
  func habit(_ example: HabitCase) throws {
    check(example, BlockReader.blockSize)
  }

  @Test("the same in small blocks", arguments: habits)
  func blocks(_ example: HabitCase) throws {
    // What is told from the first rows together needs them together.
    guard example.bytes.count > 64 else { return }
    check(example, example.bytes.count + 1)
  }

  private func check(_ example: HabitCase, _ size: Int) {
    do {
      let source = ByteSource(bytes: example.bytes, name: "t.csv")
      let table = try TableReader(
        inputs: [InputFile(source)], options: example.options, threads: 2, blockSize: size
      ).read()
      guard case .table(let columns, let notices) = example.expected else {
        Issue.record("read as \(summary(table))")
        return
      }
      #expect(summary(table) == columns)
      #expect(table.notices.map(\.description) == notices)
    } catch {
      guard case .error(let message) = example.expected else {
        Issue.record("refused: \(error)")
        return
      }
      #expect("\(error)" == message)
    }
  }

  @Test("words for yes and no beside numbers are bad cells")
  func mixedTruths() throws {
    let table = try read("a,b\n1,1\nyes,no\n2,x\n", types: ["a": .numeric, "b": .numeric])
    #expect(table["a"]?.badCells == [BadCell(row: 2, line: 3, column: "a", text: "yes")])
    #expect(table["a"]?.text(row: 1) == nil)
    #expect(table["b"]?.badCells.map(\.text) == ["no", "x"])
  }
}
