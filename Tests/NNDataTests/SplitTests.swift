import Testing

@testable import NNData

@Suite("Split")
struct SplitTests {
  private func expectPartition(
    _ rows: SplitRows, of count: Int, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(
      (rows.training + rows.validation + rows.test).sorted() == Array(0..<count),
      sourceLocation: sourceLocation)
    for part in [rows.training, rows.validation, rows.test] {
      #expect(part == part.sorted(), sourceLocation: sourceLocation)
    }
  }

  @Test(
    "a share p of n rows is ⌈n·p⌉",
    arguments: [
      (150, 0.2, 30), (100, 0.07, 7), (10, 0.25, 3), (7, 0.5, 4), (3, 0.01, 1), (1000, 0.001, 1), (10, 0, 0),
      (29, 0.1, 3), (10_000, 0.1, 1000),
    ])
  func shares(_ example: (rows: Int, share: Double, expected: Int)) throws {
    let rows = try split(rowCount: example.rows, request: SplitRequest(test: .fraction(example.share)))
    #expect(rows.test.count == example.expected)
    expectPartition(rows, of: example.rows)
  }

  @Test("a partition, the same for the same seed, another for another")
  func random() throws {
    for count in [2, 3, 10, 101, 1000] {
      let request = SplitRequest(test: .fraction(0.2), validation: .rows(count > 5 ? 2 : 0), seed: 7)
      let rows = try split(rowCount: count, request: request)
      expectPartition(rows, of: count)
      #expect(rows == (try split(rowCount: count, request: request)))
    }
    let one = try split(rowCount: 1000, request: SplitRequest(test: .rows(200), seed: 1))
    let two = try split(rowCount: 1000, request: SplitRequest(test: .rows(200), seed: 2))
    #expect(one != two)
    #expect(one.test != Array(0..<200))
  }

  @Test("order=tail takes the last rows for the test, those before them for the validation")
  func tail() throws {
    let rows = try split(
      rowCount: 10, request: SplitRequest(test: .fraction(0.2), validation: .rows(3), order: .tail))
    #expect(rows == SplitRows(training: [0, 1, 2, 3, 4], validation: [5, 6, 7], test: [8, 9]))
  }

  @Test("stratify keeps proportions by largest remainder")
  func stratify() throws {
    // 50, 30, 20 of three classes, in a row.
    let texts: [String?] = (0..<100).map { $0 < 50 ? "a" : $0 < 80 ? "b" : "c" }
    let column = Column(name: "y", texts: texts)
    let rows = try split(
      rowCount: 100, request: SplitRequest(test: .rows(10), validation: .rows(20), stratify: column, seed: 3))
    expectPartition(rows, of: 100)
    func counts(_ part: [Int]) -> [Int] { ["a", "b", "c"].map { name in part.count { texts[$0] == name } } }
    #expect(counts(rows.test) == [5, 3, 2])
    #expect(counts(rows.validation) == [10, 6, 4])
    #expect(quotas(of: 10, sizes: [50, 30, 20]) == [5, 3, 2])
    #expect(quotas(of: 1, sizes: [1, 1, 1]) == [1, 0, 0])
    #expect(quotas(of: 2, sizes: [1, 2, 2]) == [0, 1, 1])
    #expect(quotas(of: 4, sizes: [5, 5, 1]) == [2, 2, 0])
    #expect(
      quotas(of: .max / 2, sizes: [.max / 4, .max / 4 + 1]) == [.max / 4, .max / 4 + 1].map { $0 - 0 })
  }

  @Test("random strata: quotas add up and never exceed their class", arguments: 0..<3)
  func quotaProperty(_ seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    for _ in 0..<500 {
      let sizes = (0..<Int.random(in: 1...8, using: &generator)).map { _ in
        Int.random(in: 0...40, using: &generator)
      }
      let sum = sizes.reduce(0, +)
      let total = Int.random(in: 0...sum, using: &generator)
      let result = quotas(of: total, sizes: sizes)
      #expect(result.reduce(0, +) == total)
      for (quota, size) in zip(result, sizes) {
        #expect(quota <= size)
        #expect(abs(Double(quota) - Double(size * total) / Double(max(sum, 1))) < 1)
      }
    }
  }

  @Test(
    "by keeps groups together, missing cells as one group", arguments: [SplitRequest.Order.random, .tail])
  func groups(_ order: SplitRequest.Order) throws {
    let texts: [String?] = (0..<60).map { $0 % 11 == 10 ? nil : "g\($0 % 11)" }
    let rows = try split(
      rowCount: 60,
      request: SplitRequest(
        test: .rows(10), validation: .rows(10), order: order, by: Column(name: "g", texts: texts), seed: 5))
    expectPartition(rows, of: 60)
    #expect(rows.test.count >= 10 && rows.validation.count >= 10)
    let parts = [rows.training, rows.validation, rows.test].map { Set($0.map { texts[$0] ?? "" }) }
    #expect(
      parts[0].isDisjoint(with: parts[1]) && parts[0].isDisjoint(with: parts[2])
        && parts[1].isDisjoint(with: parts[2]))
  }

  @Test("time takes the latest rows, by date or by number, whatever their order")
  func time() throws {
    let texts: [String?] = [
      "2013-05-01", "2013-01-01", "2014-01-01", nil, "2013-05-01 10:00", "2013-12-31", "2013-05-01",
    ]
    let dates = Column(name: "when", texts: texts)
    let rows = try split(
      rowCount: 7, request: SplitRequest(test: .rows(2), validation: .rows(2), order: .tail, time: dates))
    #expect(rows == SplitRows(training: [0, 1, 3], validation: [4, 6], test: [2, 5]))
    let numbers = Column(name: "year", numbers: [3, 1, 9, .nan, 4, 8, 3])
    #expect(
      try split(
        rowCount: 7, request: SplitRequest(test: .rows(2), validation: .rows(2), order: .tail, time: numbers))
        == rows)
    // Groups come up from the latest on.
    let groups = Column(name: "g", texts: ["a", "b", "a", "b", "c", "c", "d"])
    let grouped = try split(
      rowCount: 7, request: SplitRequest(test: .rows(2), order: .tail, by: groups, time: dates))
    #expect(grouped.test == [0, 2])
    #expect(throws: DataError.self) {
      _ = try split(rowCount: 7, request: SplitRequest(test: .rows(2), order: .tail, time: groups))
    }
    #expect(throws: DataError.self) {
      _ = try split(rowCount: 7, request: SplitRequest(test: .rows(2), time: dates))
    }
  }

  @Test("every kind of split keeps what it promises", arguments: 0..<4)
  func properties(_ seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    for _ in 0..<150 {
      let count = Int.random(in: 15...200, using: &generator)
      let share = Double(Int.random(in: 1...40, using: &generator)) / 100
      // scikit-learn's train_test_split: ⌈n · p⌉ rows for the test, but for what p is as a double.
      let size = Int((Double(count) * share - 1e-9).rounded(.up))
      let kinds = Int.random(in: 2...6, using: &generator)
      let labels = (0..<count).map { _ in Int.random(in: 0..<kinds, using: &generator) }
      let column = Column(name: "k", numbers: labels.map { Float($0) })
      let drawn = UInt64.random(in: 0...99, using: &generator)
      var request = SplitRequest(test: .fraction(share), validation: .fraction(share), seed: drawn)
      func parts() throws -> [[Int]] {
        let rows = try split(rowCount: count, request: request)
        expectPartition(rows, of: count)
        return [rows.test, rows.validation, rows.training]
      }

      #expect(try parts().map(\.count) == [size, size, count - 2 * size])
      request.order = .tail
      #expect(try parts()[0] == Array((count - size)..<count))
      request.time = column
      let (test, validation, training) = (try parts()[0], try parts()[1], try parts()[2])
      func bounds(_ rows: [Int]) -> (low: Int, high: Int) {
        (rows.map { labels[$0] }.min() ?? 0, rows.map { labels[$0] }.max() ?? 0)
      }
      #expect(test.count == size && validation.count == size)
      #expect(bounds(training).high <= bounds(validation).low && bounds(validation).high <= bounds(test).low)

      request = SplitRequest(
        test: .fraction(share), validation: .fraction(share), stratify: column, seed: drawn)
      for (rows, expected) in zip(try parts(), [size, size, count - 2 * size]) {
        #expect(rows.count == expected)
        for kind in 0..<kinds {
          let there = rows.count { labels[$0] == kind }
          let even = Double(labels.count { $0 == kind }) * Double(expected) / Double(count)
          // The validation's quota is of what the test has left, the training's the rest of both.
          #expect(abs(Double(there) - even) < 2)
        }
      }

      let groups = (0..<count).map { _ in Int.random(in: 0..<30, using: &generator) }
      request = SplitRequest(
        test: .fraction(share), by: Column(name: "g", numbers: groups.map { Float($0) }), seed: drawn)
      guard let grouped = try? parts() else { continue }
      let sets = grouped.map { Set($0.map { groups[$0] }) }
      #expect(sets[0].isDisjoint(with: sets[2]))
      // No more groups than needed: without the last one there would be too few rows.
      let largest = sets[0].map { group in groups.count { $0 == group } }.max() ?? 0
      #expect(grouped[0].count >= size && grouped[0].count < size + largest)
    }
  }

  @Test("what cannot be split")
  func errors() {
    #expect(throws: DataError.splitTooLarge(rows: 3, test: 2, validation: 1)) {
      _ = try split(rowCount: 3, request: SplitRequest(test: .rows(2), validation: .rows(1)))
    }
    #expect(throws: DataError.splitTooLarge(rows: 3, test: .max, validation: .max)) {
      _ = try split(rowCount: 3, request: SplitRequest(test: .rows(.max), validation: .rows(.max)))
    }
    for share in [Share.rows(-1), .fraction(-0.1), .fraction(1.1), .fraction(.nan), .fraction(.infinity)] {
      #expect(throws: DataError.splitShare(name: "test")) {
        _ = try split(rowCount: 3, request: SplitRequest(test: share))
      }
    }
    let one = Column(name: "g", texts: ["a", "a", "a"])
    #expect(throws: DataError.self) {
      _ = try split(rowCount: 3, request: SplitRequest(test: .rows(1), by: one))
    }
    #expect(throws: DataError.splitColumnLength(column: "g", found: 3, expected: 4)) {
      _ = try split(rowCount: 4, request: SplitRequest(test: .rows(1), by: one))
    }
    #expect(throws: DataError.self) {
      _ = try split(rowCount: 3, request: SplitRequest(test: .rows(1), order: .tail, stratify: one))
    }
  }

  @Test("a sample is drawn without putting back")
  func sample() {
    let rows = sampleRows(.rows(10), of: 100, seed: 1)
    #expect(rows.count == 10 && Set(rows).count == 10 && rows == rows.sorted())
    #expect(rows == sampleRows(.rows(10), of: 100, seed: 1))
    #expect(rows != sampleRows(.rows(10), of: 100, seed: 2))
    #expect(sampleRows(.rows(5), of: 3, seed: 0) == [0, 1, 2])
    #expect(sampleRows(.rows(0), of: 3, seed: 0) == [])
  }
}
