import Foundation
import NNEngine
import Support
import Testing

@testable import NNData

@Suite("Tables kept as columns on the disk")
struct StoredTableTests {
  /// What a table is, for comparing one that was read with one that was kept.
  private static func description(_ table: Table) -> [String] {
    summary(table)
      + table.columns.map { column in
        let distinct = column.asCategorical().values
        return
          "\(column.name) \(column.missingCount) \(column.badCellCount) \(column.badCells) \(column.isAllIntegers) \(column.isZerosAndOnes) \(column.classes) \(distinct)"
      } + table.notices.map(\.description)
  }

  /// The whole of a stored table as one in memory, with its counts and notices.
  private static func whole(_ stored: StoredTable) throws -> Table {
    let all = StoredRows(stored)
    var table = try all.table([0..<all.count], columns: stored.excerpt.columnNames)
    table.notices = stored.excerpt.notices
    for (index, column) in stored.excerpt.columns.enumerated() {
      #expect(column.facts?.rowCount == stored.rowCount)
      #expect(column.isAllIntegers == table.columns[index].isAllIntegers, "\(column.name)")
      #expect(column.classes == table.columns[index].classes, "\(column.name)")
      #expect(column.isZerosAndOnes == (table.columns[index].isZerosAndOnes && !column.classes.isEmpty))
      #expect(
        table.columns[index].missingCount == column.missingCount + column.badCellCount, "\(column.name)")
      table.columns[index].missingCount = column.missingCount
      table.columns[index].badCells = column.badCells
      table.columns[index].badCellCount = column.badCellCount
    }
    return table
  }

  private func expectSame(_ text: [UInt8], _ options: ReadOptions = ReadOptions()) throws {
    try withTemporaryFolder { (folder) throws in
      let path = folder + "/t.csv"
      try Data(text).write(to: URL(fileURLWithPath: path))
      let read = Result { () throws(DataError) in try readTable(path: path, options: options) }
      for _ in 0..<2 {
        let stored = Result { () throws(DataError) in
          try StoredTable.open(paths: [path], name: path, options: options)
        }
        switch (read, stored) {
        case (.success(let table), .success(let stored)):
          #expect(stored.rowCount == table.rowCount)
          #expect(Self.description(try Self.whole(stored)) == Self.description(table))
        case (.failure(let a), .failure(let b)):
          #expect(a == b)
          #expect(!pathExists(StoredTable.path(for: [path])))
        default: Issue.record("\(read) and \(stored)")
        }
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count <= 2)
    }
  }

  @Test(
    "are what the reader reads",
    arguments: [
      "x,y\n1,2\n3,4\n", "x,s\n1,b\n,a\n3,\n", "a\n", "", "x\ntrue\nfalse\n1\n", "x,y,\n1,2,\n3,4,\n",
      "x,x,\n1,2,3\n", "x;y\n1,5;2\n", "\"a\nb\",c\n1,2\n", "d\n2024-01-02\n2024-01-03\n", "x,y\n1\n",
    ])
  func small(text: String) throws { try expectSame(Array(text.utf8)) }

  @Test("kinds that show late, in tables of several blocks")
  func late() throws {
    let count = 9000
    func column(_ cell: (Int) -> String) -> [String] { (0..<count).map(cell) }
    let columns = [
      column { "\($0)" }, column { $0 % 7 == 0 ? "" : "\(Double($0) / 7)" },
      // Text from a place on, numbers with some bad cells, words for yes and no, numbers behind words.
      column { $0 < 4000 ? "1" : "w\($0 % 11)" }, column { $0 % 100 == 99 ? "?" : "\($0 % 13)" },
      column { $0 < 5000 ? "\($0 % 2)" : $0 % 2 == 0 ? "yes" : "no" },
      column { $0 < 300 ? "a" : "\($0)" }, column { $0 < 300 ? "NA" : "\($0 % 20_000)" },
      column { "c\(($0 * 7919) % 500)" },
    ]
    let rows = (0..<count).map { row in columns.map { $0[row] }.joined(separator: ",") }
    let text = "a,b,c,d,e,f,g,h\n" + rows.joined(separator: "\n") + "\n"
    try expectSame(Array(text.utf8))
    try expectSame(Array(text.utf8), ReadOptions(types: ["d": .categorical, "e": .numeric]))
  }

  @Test("any bytes of the fuzzer's corpus")
  func corpus() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Fuzz/Corpus/csv").standardizedFileURL
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
      try expectSame(Array(try Data(contentsOf: folder.appendingPathComponent(name)).dropFirst(2)))
    }
  }

  // MARK: Preparation

  private static let rows: [String] = (0..<9500).map { row in
    let draw = (row &* 2_654_435_761) % 10_007
    return
      "\(row % 17 == 3 ? "" : "\(Double(draw) / 97 - 20)"),\(draw % 23),\(row % 29 == 0 ? "" : "k\(draw % 70)"),"
      + "20\(10 + draw % 14)-0\(1 + draw % 9)-1\(draw % 10),\(draw % 3 == 0 ? "no" : draw % 3 == 1 ? "yes" : "maybe"),"
      + "\(draw % 5 == 0 ? "low" : "high"),\(row)"
  }
  private static let text = "x,n,k,d,s,level,id\n" + rows.joined(separator: "\n") + "\n"

  private func withTables(_ body: (Table, StoredTable) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/t.csv"
      try AtomicFileText.write(Self.text, to: path)
      try body(
        try readTable(path: path), try StoredTable.open(paths: [path], name: path))
    }
  }

  private static let kinds: [[PreparationStep]] = [
    [.impute(.mean, indicator: true), .scale(.standard)],
    [.impute(.median, indicator: false), .scale(.robust)],
    [.scale(.minmax), .impute(.value("3"), indicator: false), .encode(.hash(buckets: 16), columns: ["k"])],
    [
      .impute(.mean, indicator: false, columns: ["x"]), .scale(.quantile),
      .encode(.onehot(), columns: ["n"]),
    ],
    [
      .impute(.mode, indicator: true, columns: ["n", "k", "x"]),
      .encode(.date(DateRequest()), columns: ["d"]),
      .encode(.ordinal(order: ["low", "high"]), columns: ["level"]),
      .scale(.standard, columns: ["level", "x"]),
      .balance,
    ],
    [
      .impute(.mean, indicator: false), .encode(.date(DateRequest(isCyclic: true)), columns: nil),
      .encode(.onehot(Folding(minFrequency: .rows(150))), columns: nil), .scale(.standard),
    ],
  ]

  @Test("what is learned of them is what is learned in memory, bit for bit")
  func preparation() throws {
    try withTables { table, stored in
      let split = try StoredSplit(stored, request: SplitRequest(test: .rows(2500), order: .tail))
      let roles = Roles(features: ["x", "n", "k", "d", "level", "id"], targets: ["s"])
      for steps in Self.kinds {
        let inMemory = try Preprocessor.fit(
          steps: steps, table: table, rows: Array(0..<7000), roles: roles, targetKind: .multiclass)
        let kept = try Preprocessor.fit(
          steps: steps, stored: StoredRows(stored, of: split), roles: roles, targetKind: .multiclass)
        #expect(kept == inMemory)
        #expect(
          try kept.classCounts(of: StoredRows(stored))
            == inMemory.classCounts(
              of: table, rows: .table(Array(0..<table.rowCount))))
      }
      let one = Roles(features: ["x", "k"], targets: ["n"])
      let steps: [PreparationStep] = [.impute(.mean, indicator: false), .scale(.standard, columns: ["n"])]
      #expect(
        try Preprocessor.fit(steps: steps, stored: StoredRows(stored), roles: one, targetKind: .numeric)
          == Preprocessor.fit(steps: steps, table: table, roles: one, targetKind: .numeric))
      #expect(
        try Preprocessor.textsOfMany(steps: [], stored: StoredRows(stored), roles: roles)
          == Preprocessor.textsOfMany(steps: [], table: table, roles: roles))
    }
  }

  @Test("ranks that learn a share of the features each tell each other the same, and what is wrong")
  func ranks() async throws {
    let folder = NSTemporaryDirectory() + "nn-\(UUID())"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/t.csv"
    try AtomicFileText.write(Self.text, to: path)
    let roles = Roles(features: ["x", "n", "k", "d", "level", "id"], targets: ["s"])
    // The last lacks what fills `x` and asks for a date where there is none.
    for steps in Self.kinds + [[], [.encode(.date(DateRequest()), columns: ["level"])]] {
      @Sendable func learned(_ ranks: (any Ranks)?) throws -> String {
        let stored = try StoredTable.open(paths: [path], name: path)
        do {
          return
            "\(try Preprocessor.fit(steps: steps, stored: StoredRows(stored), roles: roles, targetKind: .multiclass, ranks: ranks))"
        } catch {
          return "\(error)"
        }
      }
      var found: Set<String> = [try learned(nil)]
      for count in [2, 4, 8] { found.formUnion(try await LocalRanks.run(count) { try learned($0) }) }
      #expect(found.count == 1, "\(steps): \(found.map { $0.prefix(300) })")
    }
  }

  @Test("more different numbers than can be counted are said to be so")
  func tooManyNumbers() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/t.csv"
      let rows = (0...ColumnFacts.mostDistinct).map { "\($0),1" }
      try AtomicFileText.write("x,y\n" + rows.joined(separator: "\n"), to: path)
      let stored = try StoredTable.open(paths: [path], name: path)
      let roles = Roles(features: ["x"], targets: ["y"])
      for steps in [[PreparationStep.encode(.onehot(), columns: ["x"])], [.impute(.mode, indicator: false)]] {
        #expect(throws: DataError.self) {
          try Preprocessor.fit(steps: steps, stored: StoredRows(stored), roles: roles, targetKind: .numeric)
        }
      }
    }
  }

  // MARK: Rows and parts

  @Test("rows come as they stand, in any ranges, of any part")
  func parts() throws {
    try withTables { table, stored in
      let requests = [
        SplitRequest(test: .fraction(0.2), validation: .rows(1001), seed: 4),
        SplitRequest(test: .rows(1), stratify: table["s"], seed: 4),
        SplitRequest(
          test: .fraction(0.25), validation: .fraction(0.1), stratify: stored.excerpt["n"], seed: 1),
        SplitRequest(test: .fraction(0.3), validation: .fraction(0.1), by: stored.excerpt["k"], seed: 9),
        SplitRequest(test: .fraction(0.3), order: .tail, by: stored.excerpt["n"]),
        SplitRequest(test: .rows(700), validation: .rows(5000), order: .tail),
      ]
      for request in requests {
        let split = try StoredSplit(stored, request: request)
        let parts = [StoredSplit.Part.training, .validation, .test].map {
          StoredRows(stored, part: $0, of: split)
        }
        var ids: [[Int]] = []
        for part in parts {
          let found = try part.table([0..<part.count], columns: ["id"])
          guard case .numeric(let numbers)? = found["id"]?.values else { continue }
          ids.append(numbers.map { Int($0) })
          #expect(ids.last == ids.last?.sorted() && numbers.count == part.count)
          if part.count > 100 {
            let some = try part.table([50..<80, 3..<4], columns: ["id", "k"])
            #expect(
              some
                == table.rows(Array(numbers[50..<80].map { Int($0) }) + [Int(numbers[3])]).keeping([
                  "id", "k",
                ]))
          }
        }
        #expect(ids.flatMap { $0 }.sorted() == Array(0..<9500))
        let again = try StoredSplit(stored, request: request)
        #expect(StoredRows(stored, part: .test, of: again).count == ids[2].count)
        if request.by == nil {
          #expect(ids[2].count == (try request.test.resolved(of: 9500, name: "test")))
          #expect(ids[1].count == (try request.validation.resolved(of: 9500, name: "validation")))
        } else {
          let groups = ids.map { Set($0.map { table[request.by?.name ?? ""]?.text(row: $0) }) }
          #expect(groups[0].isDisjoint(with: groups[2]) && groups[1].isDisjoint(with: groups[2]))
        }
        if let strata = request.stratify.flatMap({ table[$0.name] }), ids[2].count > 1 {
          // The same shares as in memory, though not the same rows.
          let inMemory = try NNData.split(
            rowCount: 9500,
            request: SplitRequest(
              test: request.test, validation: request.validation, stratify: strata, seed: request.seed))
          func shares(_ rows: [Int]) -> [String?: Int] {
            Dictionary(grouping: rows) { strata.text(row: $0) }.mapValues(\.count)
          }
          #expect(shares(ids[2]) == shares(inMemory.test) && shares(ids[1]) == shares(inMemory.validation))
        }
        if request.order == .tail, request.by == nil {
          let inMemory = try NNData.split(rowCount: 9500, request: request)
          #expect(ids == [inMemory.training, inMemory.validation, inMemory.test])
        }
      }
      let drawn = try [UInt64(1), 2].map { seed in
        let split = try StoredSplit(stored, request: SplitRequest(test: .rows(100), seed: seed))
        return try StoredRows(stored, part: .test, of: split).table([0..<100], columns: ["id"])
      }
      #expect(drawn[0] != drawn[1])
    }
  }

  @Test("rows without a value are left out, and a slice keeps its rows")
  func filled() throws {
    try withTables { table, stored in
      for slice in [0..<9500, 0..<4000, 4000..<9500, 8191..<8193, 17..<17] {
        let rows = try StoredRows(stored).dropping(allBut: slice).filled(in: ["x", "k", "id"])
        let expected = try #require(table.rows(Array(slice), filledIn: ["x", "k", "id"]))
        #expect(rows.count == expected.count)
        #expect(try rows.table([0..<rows.count], columns: ["id"]) == table.rows(expected).keeping(["id"]))
      }
    }
  }

  @Test("splits that cannot be are errors")
  func badSplits() throws {
    try withTables { _, stored in
      let excerpt = stored.excerpt
      for request in [
        SplitRequest(test: .rows(9500)), SplitRequest(test: .fraction(1.5)),
        SplitRequest(test: .rows(1), order: .tail, time: excerpt["d"]),
        SplitRequest(test: .rows(1), order: .tail, stratify: excerpt["s"]),
        SplitRequest(test: .rows(9400), by: excerpt["level"]),
      ] {
        #expect(throws: DataError.self) { try StoredSplit(stored, request: request) }
      }
    }
  }

  // MARK: The file

  @Test("is made anew when the table, or how it is read, has changed, and else is not")
  func freshness() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/t.csv"
      let kept = StoredTable.path(for: [path])
      func open(_ options: ReadOptions = ReadOptions()) throws -> Table {
        try StoredTable.open(paths: [path], name: path, options: options).excerpt
      }
      func stamp() throws -> FileStamp { try #require(FileStamp(path: kept)) }
      try AtomicFileText.write("x,y\n1,2\n3,4\n", to: path)
      #expect(summary(try open()) == ["x: 1 3", "y: 2 4"])
      let first = try stamp()
      #expect(summary(try open()) == ["x: 1 3", "y: 2 4"])
      #expect(try stamp() == first)
      // Another time alone changes nothing; other bytes do, be the size the same.
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: path)
      #expect(summary(try open()) == ["x: 1 3", "y: 2 4"])
      #expect(try stamp() == first)
      try AtomicFileText.write("x,y\n1,2\n3,5\n", to: path)
      #expect(summary(try open()) == ["x: 1 3", "y: 2 5"])
      #expect(try stamp() != first)
      #expect(summary(try open(ReadOptions(types: ["x": .categorical]))) == ["x: '1' '3'", "y: 2 5"])
      // A damaged file is not believed.
      let bytes = try Data(contentsOf: URL(fileURLWithPath: kept))
      for count in [0, 7, 20, bytes.count / 2, bytes.count - 1] {
        try bytes.prefix(count).write(to: URL(fileURLWithPath: kept))
        #expect(summary(try open()) == ["x: 1 3", "y: 2 5"])
      }
      for place in stride(from: 0, to: bytes.count, by: 3) {
        var broken = bytes
        broken[place] ^= 0x41
        try broken.write(to: URL(fileURLWithPath: kept))
        // Cells are not guarded, for that would take reading them all; nothing else may trap.
        _ = try? open()
      }
      try FileManager.default.removeItem(atPath: kept)
      #expect(summary(try open()) == ["x: 1 3", "y: 2 5"])
    }
  }

  @Test("several files are one table")
  func several() throws {
    try withTemporaryFolder { folder in
      let paths = [folder + "/a.csv", folder + "/b.csv"]
      try AtomicFileText.write("x,s\n1,a\n2,b\n", to: paths[0])
      try AtomicFileText.write("s,x\nc,3\na,4\n", to: paths[1])
      let stored = try StoredTable.open(paths: paths, name: "both")
      #expect(summary(try Self.whole(stored)) == ["x: 1 2 3 4", "s: 'a' 'b' 'c' 'a'"])
    }
  }

  @Test("what cannot be read twice is no table to keep")
  func refused() throws {
    #expect(throws: DataError.fileMissing(path: "/nowhere.csv")) {
      try StoredTable.open(paths: ["/nowhere.csv"], name: "x")
    }
    #expect(throws: DataError.isDirectory(path: "/tmp")) { try StoredTable.open(paths: ["/tmp"], name: "x") }
    #expect(throws: DataError.self) { try StoredTable.open(paths: ["/dev/null"], name: "x") }
  }
}

extension Table {
  fileprivate func keeping(_ names: [String]) -> Table {
    Table(source: source, trusted: names.compactMap { self[$0] }, rowCount: rowCount)
  }
}
