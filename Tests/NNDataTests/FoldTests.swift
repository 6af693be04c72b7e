import Testing

@testable import NNData

/// Folds have the properties of scikit-learn's splitters.
@Suite("Folds")
struct FoldTests {
  private func all(_ folds: Folds) -> [FoldRows] { (0..<folds.total).map { folds[$0] } }

  /// Every row is held out once, and trains in all the other folds.
  private func expectPartition(
    _ folds: [FoldRows], of rows: [Int], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(folds.flatMap(\.heldOut).sorted() == rows, sourceLocation: sourceLocation)
    for fold in folds {
      #expect((fold.training + fold.heldOut).sorted() == rows, sourceLocation: sourceLocation)
      #expect(fold.training == fold.training.sorted(), sourceLocation: sourceLocation)
      #expect(fold.heldOut == fold.heldOut.sorted(), sourceLocation: sourceLocation)
    }
  }

  @Test(
    "KFold: sizes differ by one at most, the larger ones first", arguments: [FoldRequest.Order.random, .file])
  func plain(_ order: FoldRequest.Order) throws {
    for (rows, count) in [(10, 2), (10, 3), (11, 4), (150, 7), (5, 5), (101, 10)] {
      let folds = all(try Folds(rowCount: rows, request: FoldRequest(count: count, order: order, seed: 3)))
      expectPartition(folds, of: Array(0..<rows))
      let sizes = folds.map(\.heldOut.count)
      #expect(sizes == (0..<count).map { rows / count + ($0 < rows % count ? 1 : 0) })
    }
  }

  @Test("KFold without shuffling takes the rows as they lie")
  func file() throws {
    let folds = all(try Folds(rowCount: 7, request: FoldRequest(count: 3, order: .file)))
    #expect(folds.map(\.heldOut) == [[0, 1, 2], [3, 4], [5, 6]])
  }

  @Test("only the rows that are not set aside")
  func someRows() throws {
    let rows = (0..<40).filter { $0 % 4 != 0 }
    expectPartition(all(try Folds(rowCount: 40, rows: rows, request: FoldRequest(count: 4))), of: rows)
  }

  @Test("RepeatedKFold: each turn is a partition of its own, the same for the same seed")
  func repeated() throws {
    let request = FoldRequest(count: 5, repeats: 3, seed: 8)
    let folds = all(try Folds(rowCount: 60, request: request))
    #expect(folds.count == 15)
    for turn in 0..<3 { expectPartition(Array(folds[turn * 5..<turn * 5 + 5]), of: Array(0..<60)) }
    #expect(Set(folds).count == 15)
    #expect(folds == all(try Folds(rowCount: 60, request: request)))
    #expect(folds != all(try Folds(rowCount: 60, request: FoldRequest(count: 5, repeats: 3, seed: 9))))
  }

  @Test("StratifiedKFold: each class's share and each fold's size are even to one row")
  func stratified() throws {
    for (counts, k) in [([50, 30, 20], 5), ([7, 11, 3], 3), ([101, 9, 40], 7), ([6, 5], 6)] {
      let texts = counts.enumerated().flatMap { [String](repeating: "\($0.offset)", count: $0.element) }
      let column = Column(name: "y", texts: texts.map { $0 })
      for order in [FoldRequest.Order.random, .file] {
        let folds = all(
          try Folds(
            rowCount: texts.count, request: FoldRequest(count: k, order: order, stratify: column, seed: 2)))
        expectPartition(folds, of: Array(texts.indices))
        let sizes = folds.map(\.heldOut.count)
        #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
        for value in counts.indices {
          let own = folds.map { fold in fold.heldOut.count { texts[$0] == "\(value)" } }
          #expect((own.max() ?? 0) - (own.min() ?? 0) <= 1, "\(counts) \(own)")
        }
      }
    }
  }

  @Test("GroupKFold: a group is in one fold, and folds are as even as greedy filling makes them")
  func grouped() throws {
    for seed: UInt64 in 0..<5 {
      let groups = (0..<120).map { "g\($0 * $0 % 23)" }
      let column = Column(name: "g", texts: groups.map { $0 })
      let folds = all(try Folds(rowCount: 120, request: FoldRequest(count: 4, by: column, seed: seed)))
      expectPartition(folds, of: Array(0..<120))
      for fold in folds {
        #expect(Set(fold.training.map { groups[$0] }).isDisjoint(with: fold.heldOut.map { groups[$0] }))
      }
      // scikit-learn's GroupKFold on the same groups gives folds of these sizes.
      #expect(folds.map(\.heldOut.count).sorted() == [27, 31, 31, 31])
    }
  }

  @Test("TimeSeriesSplit: a fold lies behind all that trains for it, with the gap between")
  func time() throws {
    for (rows, count, gap) in [(12, 3, 0), (13, 4, 1), (100, 6, 5)] {
      let folds = all(
        try Folds(rowCount: rows, request: FoldRequest(count: count, order: .tail, gap: gap)))
      let size = rows / (count + 1)
      for (index, fold) in folds.enumerated() {
        let first = rows - (count - index) * size
        #expect(fold.heldOut == Array(first..<first + size))
        #expect(fold.training == Array(0..<first - gap))
      }
    }
  }

  @Test("by a column of times the order of the rows does not matter")
  func timeColumn() throws {
    let times: [Float] = [5, 3, 9, 1, 7, 2, 8, 4]
    let folds = all(
      try Folds(
        rowCount: 8, request: FoldRequest(count: 3, order: .tail, time: Column(name: "t", numbers: times))))
    for fold in folds {
      let latest = fold.training.map { times[$0] }.max() ?? 0
      #expect(fold.heldOut.allSatisfy { times[$0] > latest })
    }
    #expect(folds.map(\.heldOut.count) == [2, 2, 2])
  }

  @Test("what cannot be divided says so")
  func impossible() {
    let groups = Column(name: "g", texts: ["a", "a", "b", "b"])
    let classes = Column(name: "c", texts: ["a", "b", "c", "d"])
    for request in [
      FoldRequest(count: 5), FoldRequest(count: 1), FoldRequest(count: 3, by: groups),
      FoldRequest(count: 2, stratify: classes), FoldRequest(count: 2, order: .tail, gap: 9),
      FoldRequest(count: 2, by: Column(name: "short", texts: ["a"])),
    ] {
      #expect(throws: DataError.self) { try Folds(rowCount: 4, request: request) }
    }
  }
}
