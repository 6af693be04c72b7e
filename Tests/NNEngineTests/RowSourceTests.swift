import Testing

@testable import NNEngine

/// A data set that gives no more than so many rows at a time.
private struct Parts: RowSource {
  var data: Dataset
  var windowRows: Int
  var blockRows = 16
  /// The row from which on nothing can be read.
  var end = Int.max
  /// How many rows are left out of a part's end.
  var lacking = 0

  var rowCount: Int { data.rowCount }
  var shape: RowShape { data.shape }

  func rows(_ ranges: [Range<Int>]) throws(EngineError) -> Dataset {
    if ranges.contains(where: { $0.upperBound > end }) { throw .rowsUnreadable("the disk is gone") }
    let part = try data.rows(ranges)
    return lacking == 0 ? part : try part.rows([0..<max(part.rowCount - lacking, 0)])
  }
}

@Suite("Rows that are read a part at a time")
struct RowSourceTests {
  private static func data(_ rows: Int) -> Dataset {
    let draws = Philox(seed: 7, purpose: "test")
    func column(_ purpose: UInt32) -> [Float] {
      (0..<rows).map { Float(draws.pair(UInt64($0), purpose, 0).0 >> 40) / Float(1 << 24) - 0.5 }
    }
    let columns = (0..<3).map { column(UInt32($0)) }
    return Dataset(
      features: Matrix(rows: rows, columns: 3, values: (0..<rows).flatMap { row in columns.map { $0[row] } }),
      targets: Matrix(rows: rows, columns: 1, values: column(3)), weights: column(4).map { $0 + 1 })
  }

  private static func fit(
    _ source: any RowSource, validation: (any RowSource)? = nil, epochs: Int = 3, shuffle: Bool = true,
    batch: Int = 10, threads: Int? = nil, state: TrainingState? = nil, network: Network? = nil
  ) throws -> (outcome: FitOutcome, network: Network, state: TrainingState) {
    var network =
      try network
      ?? Network(
        inputWidth: 3, layers: [Dense(units: 5, activation: Tanh()), Dense(units: 1, activation: Linear())])
    if !network.hasWeights { network.initializeWeights(seed: 3) }
    var state = state ?? TrainingState(optimizer: Adam())
    var trainer = try Trainer(
      network: network, loss: MeanSquaredError(),
      options: FitOptions(
        epochs: epochs, batchSize: batch, shuffle: shuffle, seed: 3,
        metrics: [LossMetric(MeanAbsoluteError(), name: "mae")],
        threads: threads))
    let outcome = try trainer.fit(training: source, validation: validation, state: &state)
    return (outcome, trainer.network, state)
  }

  @Test("rows that one window holds train to the bits of a data set", arguments: [203, 500])
  func oneWindow(windowRows: Int) throws {
    let data = Self.data(203)
    let whole = try Self.fit(data, validation: data)
    let parts = try Self.fit(
      Parts(data: data, windowRows: windowRows), validation: Parts(data: data, windowRows: windowRows))
    #expect(parts.network.digest == whole.network.digest)
    #expect(
      parts.outcome.records.map { $0["val_loss"] } == whole.outcome.records.map { $0["val_loss"] })
  }

  @Test("in the file's order, windows of any size train to the same bits", arguments: [1, 10, 37, 100, 190])
  func unshuffled(windowRows: Int) throws {
    let data = Self.data(203)
    let whole = try Self.fit(data, shuffle: false)
    #expect(
      try Self.fit(Parts(data: data, windowRows: windowRows), shuffle: false).network.digest
        == whole.network.digest)
  }

  @Test("a pass takes each row once, in windows of whole batches", arguments: [1, 7, 30, 64, 150])
  func everyRowOnce(windowRows: Int) {
    for rowCount in [1, 15, 16, 17, 203, 208] {
      let source = Parts(data: Self.data(rowCount), windowRows: windowRows)
      var windows = Windows(source, batchSize: 10, seed: 1, shuffle: true)
      var orders: Set<[Int]> = []
      for pass in 0..<4 {
        windows.begin(pass: pass)
        var seen: [Int] = []
        for window in 0...windows.window(of: rowCount - 1) {
          let rows = windows.rows(of: window)
          #expect(rows.reduce(0) { $0 + $1.count } == windows.positions(of: window).count)
          #expect(windows.isOne || windows.positions(of: window).lowerBound % 10 == 0)
          seen += rows.flatMap { Array($0) }
        }
        #expect(seen.sorted() == Array(0..<rowCount))
        orders.insert(seen)
      }
      // The more blocks there are, the less likely it is that two passes take them in one order.
      if rowCount > 200, !windows.isOne { #expect(orders.count > 1) }
    }
  }

  @Test("several windows train to one digest, on any number of threads, and learn")
  func severalWindows() throws {
    let source = Parts(data: Self.data(203), windowRows: 50)
    let first = try Self.fit(source)
    for threads in [1, 2, 3] {
      #expect(try Self.fit(source, threads: threads).network.digest == first.network.digest)
    }
    let losses = first.outcome.records.compactMap { $0["loss"] }
    #expect(losses.count == 3 && losses[2] < losses[0])
    #expect(try Self.fit(Parts(data: source.data, windowRows: 60)).network.digest != first.network.digest)
  }

  @Test("fits that go on from each other are one fit")
  func continued() throws {
    let source = Parts(data: Self.data(203), windowRows: 50)
    let whole = try Self.fit(source, epochs: 3)
    let begun = try Self.fit(source, epochs: 1)
    let rest = try Self.fit(source, epochs: 2, state: begun.state, network: begun.network)
    #expect(rest.network.digest == whole.network.digest)
  }

  @Test("measuring does not depend on the window", arguments: [1, 37, 4096, 5000, 8192, 100_000])
  func evaluation(windowRows: Int) throws {
    let data = Self.data(9001)
    var network = try Network(inputWidth: 3, layers: [Dense(units: 1, activation: Linear())])
    network.initializeWeights(seed: 1)
    let whole = try evaluate(
      network, on: data, loss: MeanSquaredError(), metrics: [LossMetric(MeanAbsoluteError(), name: "mae")])
    let parts = try evaluate(
      network, on: Parts(data: data, windowRows: windowRows), loss: MeanSquaredError(),
      metrics: [LossMetric(MeanAbsoluteError(), name: "mae")])
    #expect(parts.map(\.value) == whole.map(\.value))
  }

  @Test("rows that cannot be read end the fit, and what was trained is kept")
  func unreadable() throws {
    let data = Self.data(203)
    let (outcome, network, state) = try Self.fit(
      Parts(data: data, windowRows: 50, end: 180), shuffle: false)
    #expect(outcome.reason == .rowsFailed(.rowsUnreadable("the disk is gone")))
    #expect(state.stepsDone == 15)
    // As if the fit had been asked to stop there.
    let stopped = try Self.fit(try data.rows([0..<150]), epochs: 1, shuffle: false)
    #expect(network.digest == stopped.network.digest)
  }

  @Test("a value that is not finite is found with its row")
  func notFinite() throws {
    var data = Self.data(203)
    data.features.values[120 * 3 + 1] = .infinity
    let (outcome, _, _) = try Self.fit(Parts(data: data, windowRows: 50))
    #expect(outcome.reason == .rowsFailed(.notFinite(what: "a feature", row: 120, column: 1)))
  }

  @Test(
    "a value that is not finite is found with its row where blocks are shuffled, and in rows to validate on")
  func notFiniteElsewhere() throws {
    for row in [0, 15, 16, 31, 150, 202] {
      var data = Self.data(203)
      data.targets.values[row] = .nan
      let (outcome, _, _) = try Self.fit(Parts(data: data, windowRows: 20))
      #expect(outcome.reason == .rowsFailed(.notFinite(what: "a target", row: row, column: 0)))
      let (watched, _, state) = try Self.fit(
        Self.data(203), validation: Parts(data: data, windowRows: 20))
      #expect(watched.reason == .rowsFailed(.notFinite(what: "a target", row: row, column: 0)))
      #expect(state.stepsDone == 21)
    }
  }

  @Test("a part with fewer rows than were asked for ends the fit")
  func partsThatLackRows() throws {
    let (outcome, _, _) = try Self.fit(Parts(data: Self.data(203), windowRows: 50, lacking: 1))
    #expect(
      outcome.reason == .rowsFailed(.rowsUnreadable("a part of the rows has another shape than the rest")))
  }

  @Test("the rows of a batch that diverges are told by their places in the source, whatever the window")
  func rowsOfADivergence() throws {
    var data = Self.data(203)
    // One row alone has a target beyond all bounds; it is in the batch in which the loss ends.
    data.targets.values[77] = 3e38
    for windowRows in [20, 37, 203] {
      let (outcome, _, _) = try Self.fit(Parts(data: data, windowRows: windowRows))
      let divergence = try #require(outcome.divergence)
      #expect(divergence.rows.contains(77))
      #expect(Set(divergence.rows).count == divergence.rows.count)
    }
  }

  @Test("rows of another width, or none, are refused before anything is read")
  func shapes() throws {
    var empty = Self.data(5)
    empty = try empty.rows([0..<0])
    #expect(throws: EngineError.noRows(what: "training")) {
      try Self.fit(Parts(data: empty, windowRows: 5))
    }
    var wide = Self.data(8)
    wide.features = Matrix(rows: 8, columns: 2, values: [Float](repeating: 0, count: 16))
    #expect(throws: EngineError.featureWidth(expected: 3, found: 2)) {
      try Self.fit(Parts(data: wide, windowRows: 5, end: 0))
    }
  }
}
