import Support
import Synchronization
import Testing

@testable import NNEngine

/// A batch in shards: the same bits wherever the shards are, and the gradients of the batch as a whole but for rounding.
@Suite("Shards")
struct ShardTests {
  /// A fit's digest, history and metrics, to the bit.
  private func fit(
    _ layers: [any Layer], _ data: Dataset, loss: any Loss = MeanSquaredError(),
    optimizer: any Optimizer = Adam(), batch: Int = 32, epochs: Int = 2, shards: Int,
    ranks: (any Ranks)? = nil,
    threads: Int = 1, grain: Grain = Grain(), metrics: [any Metric] = []
  ) throws -> String {
    var options = FitOptions(
      epochs: epochs, batchSize: batch, seed: 5, metrics: metrics, threads: threads, shards: shards,
      ranks: ranks)
    options.grain = grain
    var trainer = try Trainer(
      network: Network(inputWidth: data.features.columns, layers: layers), loss: loss, options: options)
    var state = TrainingState(optimizer: optimizer)
    let outcome = try trainer.fit(training: data, validation: data, state: &state)
    return trainer.network.digest + " \(outcome.records.map(\.values))"
  }

  static let networks: [(name: String, layers: [any Layer])] = [
    ("dense", [Dense(units: 20, activation: ReLU()), Dense(units: 3)]),
    (
      "dropout and batch normalization",
      [
        Dense(units: 20, activation: Tanh()), BatchNormalization(), Dropout(rate: 0.3),
        Dense(units: 17, activation: ReLU()),
        BatchNormalization(affine: AffineParameters(scale: false, center: false)),
        GaussianNoise(stddev: 0.1), Dense(units: 3),
      ]
    ),
    (
      "sums over rows of every kind",
      [
        Dense(units: 40, activation: GELU(), activityRegularizer: L1L2(l1: 0.01, l2: 0.02)),
        LayerNormalization(), PReLU(), RMSNormalization(), AlphaDropout(rate: 0.2),
        Residual(layers: [Dense(units: 40, activation: SELU()), BatchNormalization()]),
        Parallel(branches: [[Dense(units: 9)], [Dense(units: 300, kernelRegularizer: L1L2(l1: 0, l2: 0.01))]]
        ),
        Dense(units: 3),
      ]
    ),
  ]

  @Test("one digest for 1, 2, 4 and 8 ranks, each with 1 and 2 threads", arguments: networks.indices)
  func ranks(index: Int) async throws {
    let layers = ShardTests.networks[index].layers
    // The last batch has fewer rows than shards.
    let data = syntheticRegression(rows: 32 * 3 + 5, inputs: 7, outputs: 3)
    let metrics: [any Metric] = [LossMetric(MeanAbsoluteError(), name: "mae"), R2Score()]
    var found: Set<String> = []
    for threads in [1, 2] {
      for grain in [Grain(), .finest] {
        found.insert(
          try fit(layers, data, shards: 8, threads: threads, grain: grain, metrics: metrics))
        for (count, sharing) in [(2, false), (4, false), (8, false), (2, true), (4, true), (8, true)] {
          found.formUnion(
            try await LocalRanks.run(count, sharing: sharing) { ranks in
              try fit(layers, data, shards: 8, ranks: ranks, threads: threads, grain: grain, metrics: metrics)
            })
        }
      }
    }
    #expect(found.count == 1, "\(ShardTests.networks[index].name)")
  }

  @Test("rows that ranks read a part each give the bits of one process that reads them all")
  func shared() async throws {
    var weighted = syntheticRegression(rows: 32 * 5 + 7, inputs: 7, outputs: 3)
    weighted.weights = (0..<weighted.rowCount).map { 0.5 + Float($0 % 3) }
    let data = weighted
    // Windows of whole batches, the last one short; of one batch; and one of all rows.
    for window in [70, 10, 1000] {
      let source = Parts(data: data, windowRows: window)
      @Sendable func fit(_ ranks: (any Ranks)?) throws -> String {
        var trainer = try Trainer(
          network: Network(inputWidth: 7, layers: ShardTests.networks[1].layers), loss: MeanSquaredError(),
          options: FitOptions(epochs: 3, batchSize: 32, seed: 5, shards: 8, ranks: ranks))
        var state = TrainingState(optimizer: Adam())
        let outcome = try trainer.fit(training: source, validation: source, state: &state)
        return trainer.network.digest + " \(outcome.records.map(\.values))"
      }
      var found: Set<String> = [try fit(nil)]
      for count in [2, 8] { found.formUnion(try await LocalRanks.run(count) { try fit($0) }) }
      #expect(found.count == 1, "windows of \(window)")
    }
  }

  @Test("rows that one rank cannot read end the fit of all")
  func unreadable() async throws {
    let data = syntheticRegression(rows: 320, inputs: 7, outputs: 3)
    let reasons = try await LocalRanks.run(2) { ranks in
      var source = Parts(data: data, windowRows: 64)
      if ranks.rank == 1 { source.end = 200 }
      var trainer = try Trainer(
        network: Network(inputWidth: 7, layers: [Dense(units: 3)]), loss: MeanSquaredError(),
        options: FitOptions(epochs: 3, batchSize: 32, seed: 5, shards: 2, ranks: ranks))
      var state = TrainingState(optimizer: SGD())
      return "\(try trainer.fit(training: source, state: &state).reason)"
    }
    #expect(reasons[0].contains("rank 1 cannot read its rows: the disk is gone"))
    #expect(reasons[1].contains("the disk is gone"))
  }

  @Test("every optimizer, clipped, by 1 and 2 ranks", arguments: BitIdentityTests.optimizers.indices)
  func optimizers(index: Int) async throws {
    var optimizer = BitIdentityTests.optimizers[index]
    if index % 2 == 0 { optimizer.settings.clipping = .globalNorm(0.1) }
    let moved = optimizer
    let data = syntheticRegression(rows: 40, inputs: 9, outputs: 3)
    let layers: [any Layer] = [Dense(units: 17, activation: ReLU()), Dense(units: 3)]
    var found: Set<String> = [try fit(layers, data, optimizer: moved, batch: 20, shards: 2)]
    for sharing in [false, true] {
      found.formUnion(
        try await LocalRanks.run(2, sharing: sharing) {
          try fit(layers, data, optimizer: moved, batch: 20, shards: 2, ranks: $0)
        })
    }
    #expect(found.count == 1)
  }

  @Test("every loss, with and without weights of rows", arguments: GradientTests.losses.indices)
  func losses(index: Int) async throws {
    let loss = GradientTests.losses[index]
    var data = GradientTests.data(for: loss, rows: 40, inputs: 7, outputs: 5)
    if index % 2 == 0 { data.weights = (0..<40).map { 0.5 + Float($0 % 3) } }
    let rows = data
    let layers: [any Layer] = [
      Dense(units: 11, activation: ReLU()), Dense(units: 5, activation: GradientTests.head(loss)),
    ]
    var found: Set<String> = [try fit(layers, rows, loss: loss, batch: 27, shards: 4)]
    found.formUnion(
      try await LocalRanks.run(4) { try fit(layers, rows, loss: loss, batch: 27, shards: 4, ranks: $0) })
    #expect(found.count == 1, "\(loss.name)")
  }

  @Test("shards give the batch's own step but for rounding", arguments: networks.indices)
  func asOne(index: Int) throws {
    let data = syntheticRegression(rows: 64, inputs: 7, outputs: 3)
    func weights(_ shards: Int) throws -> [Float] {
      var trainer = try Trainer(
        network: Network(inputWidth: 7, layers: ShardTests.networks[index].layers), loss: MeanSquaredError(),
        options: FitOptions(epochs: 1, batchSize: 32, seed: 5, shards: shards))
      var state = TrainingState(optimizer: SGD(learningRate: 0.1))
      _ = try trainer.fit(training: data, state: &state)
      return trainer.network.parameters.flatMap(\.values)
    }
    let whole = try weights(1)
    for shards in [2, 5, 32] {
      for (one, other) in zip(whole, try weights(shards)) {
        #expect(abs(one - other) <= 2e-5 * max(1, abs(one)), "\(shards) shards")
      }
    }
  }

  @Test(
    "large tensors go in halves and behind the backward pass, or in chunks by whoever is free, to the same bits",
    arguments: [false, true])
  func large(sharing: Bool) async throws {
    let data = syntheticRegression(rows: 24, inputs: 300, outputs: 2)
    let layers: [any Layer] = [
      Dense(units: 1100, activation: ReLU()), Dense(units: 500, activation: ReLU()), Dense(units: 2),
    ]
    for optimizer in [Adam(), Adam(amsgrad: true)] {
      var found: Set<String> = [
        try fit(layers, data, optimizer: optimizer, batch: 12, epochs: 1, shards: 4, threads: 2)
      ]
      for threads in [1, 2] {
        found.formUnion(
          try await LocalRanks.run(4, sharing: sharing) {
            try fit(
              layers, data, optimizer: optimizer, batch: 12, epochs: 1, shards: 4, ranks: $0, threads: threads
            )
          })
      }
      #expect(found.count == 1)
    }
  }

  @Test(
    "a loss that is not finite ends the fit of all ranks at the same step, with the same layer named",
    arguments: [false, true])
  func diverged(sharing: Bool) async throws {
    let data = syntheticRegression(rows: 32, inputs: 4, outputs: 2)
    @Sendable func fit(_ ranks: (any Ranks)?) throws -> String {
      var trainer = try Trainer(
        network: Network(inputWidth: 4, layers: [Dense(units: 8), Dense(units: 2)]), loss: MeanSquaredError(),
        options: FitOptions(epochs: 50, batchSize: 8, seed: 5, shards: 2, ranks: ranks))
      var state = TrainingState(optimizer: SGD(learningRate: 20))
      let outcome = try trainer.fit(training: data, state: &state)
      let divergence = outcome.divergence
      let weights = divergence?.extents.filter { $0.kind == .weight || $0.kind == .gradient }.map(\.magnitude)
      return
        "\(outcome.reason) \(divergence?.rows ?? []) \(divergence?.gradientNorm ?? 0) \(weights ?? []) \(trainer.network.digest)"
    }
    var found: Set<String> = [try fit(nil)]
    found.formUnion(try await LocalRanks.run(2, sharing: sharing) { try fit($0) })
    #expect(found.count == 1, "\(found)")
    // Not the first step, so that what the fit goes back to is not what the step was taken with.
    #expect(found.first?.hasPrefix("nonFinite(epoch: 1, step: 4") == true, "\(found)")
  }

  @Test("a stop that one rank is asked for ends all after the same step", arguments: [false, true])
  func stopped(sharing: Bool) async throws {
    let data = syntheticRegression(rows: 64, inputs: 4, outputs: 2)
    let outcomes = try await LocalRanks.run(2, sharing: sharing) { ranks in
      var trainer = try Trainer(
        network: Network(inputWidth: 4, layers: [Dense(units: 8), Dense(units: 2)]), loss: MeanSquaredError(),
        options: FitOptions(epochs: 1 << 20, batchSize: 8, seed: 5, shards: 2, ranks: ranks))
      var state = TrainingState(optimizer: SGD())
      let stop = StopSignal()
      if ranks.rank == 1 { stop.request() }
      let outcome = try trainer.fit(training: data, state: &state, stop: stop)
      return "\(outcome.reason) \(state.stepsDone) \(trainer.network.digest)"
    }
    #expect(outcomes[0] == outcomes[1])
    #expect(outcomes[0].hasPrefix("interrupted 1 "))
  }

  @Test("a callback that fails is told of though another stops at the same step", arguments: [1, 2])
  func failingBesideStopping(count: Int) async throws {
    struct AtThree: Callback {
      let action: CallbackAction
      var stepInterval: Int? { 3 }
      mutating func stepEnded(_ fit: any FitUnderWay) -> CallbackAction { action }
    }
    let data = syntheticRegression(rows: 64, inputs: 4, outputs: 2)
    let reasons = try await LocalRanks.run(count) { ranks in
      var trainer = try Trainer(
        network: Network(inputWidth: 4, layers: [Dense(units: 2)]), loss: MeanSquaredError(),
        options: FitOptions(
          epochs: 9, batchSize: 8, seed: 5,
          callbacks: [
            AtThree(action: .stop), AtThree(action: ranks.rank == 0 ? .fail("the disk is full") : .stop),
          ],
          shards: 2, ranks: ranks))
      var state = TrainingState(optimizer: SGD())
      return "\(try trainer.fit(training: data, state: &state).reason) \(state.stepsDone)"
    }
    for reason in reasons { #expect(reason.contains("the disk is full") && reason.hasSuffix(" 3")) }
  }

  @Test("a callback that cannot begin on one rank ends all before the first step")
  func failingAtOnce() async throws {
    struct Failing: Callback {
      let fails: Bool
      mutating func begin(_ start: inout CallbackStart) throws(EngineError) {
        if fails { throw .callbackFailed("the folder is gone") }
      }
    }
    let data = syntheticRegression(rows: 64, inputs: 4, outputs: 2)
    let errors = try await LocalRanks.run(2) { ranks in
      var trainer = try Trainer(
        network: Network(inputWidth: 4, layers: [Dense(units: 2)]), loss: MeanSquaredError(),
        options: FitOptions(
          epochs: 9, batchSize: 8, seed: 5, callbacks: [Failing(fails: ranks.rank == 1)], shards: 2,
          ranks: ranks))
      var state = TrainingState(optimizer: SGD())
      do throws(EngineError) {
        _ = try trainer.fit(training: data, state: &state)
        return "no error"
      } catch {
        return error.description
      }
    }
    #expect(errors == ["the folder is gone", "the folder is gone"])
  }

  @Test(
    "a callback that fails on one rank alone ends all after the step behind it", arguments: [false, true])
  func failing(sharing: Bool) async throws {
    struct Failing: Callback {
      let fails: Bool
      mutating func epochEnded(_ logs: inout EpochRecord, _ fit: any FitUnderWay) -> CallbackAction {
        fails && logs.epoch == 2 ? .fail("the disk is full") : .proceed
      }
    }
    let data = syntheticRegression(rows: 64, inputs: 4, outputs: 2)
    let outcomes = try await LocalRanks.run(2, sharing: sharing) { ranks in
      var trainer = try Trainer(
        network: Network(inputWidth: 4, layers: [Dense(units: 8), Dense(units: 2)]), loss: MeanSquaredError(),
        options: FitOptions(
          epochs: 9, batchSize: 8, seed: 5, callbacks: [Failing(fails: ranks.rank == 0)], shards: 2,
          ranks: ranks))
      var state = TrainingState(optimizer: SGD())
      let outcome = try trainer.fit(training: data, state: &state)
      return ["\(outcome.reason)", "\(state.stepsDone)", trainer.network.digest]
    }
    for outcome in outcomes { #expect(outcome[0].contains("the disk is full")) }
    #expect(outcomes.map { $0[1] } == ["17", "17"])
    #expect(outcomes[0][2] == outcomes[1][2])
  }

  @Test("shards that ranks cannot share evenly, or that a batch cannot fill, are refused")
  func refused() {
    #expect(FitOptions.takes(shards: 6, ranks: 2))
    #expect(!FitOptions.takes(shards: 6, ranks: 4))
    #expect(!FitOptions.takes(shards: 6, ranks: 3))
    #expect(throws: EngineError.self) { try FitOptions(batchSize: 8, shards: 9).check() }
    #expect(throws: EngineError.self) { try FitOptions(batchSize: 8, shards: 0).check() }
    #expect(throws: EngineError.self) {
      try FitOptions(batchSize: 8, shards: 1, ranks: LocalRanks.make(2, sharing: true)[0]).check()
    }
  }

  @Test("a group of ranks is ranks of its own, whatever the other groups do")
  func group() async throws {
    let data = syntheticRegression(rows: 64, inputs: 4, outputs: 2)
    for sharing in [false, true] {
      let found = try await LocalRanks.run(8, sharing: sharing) { ranks -> [String] in
        let group = RankGroup(ranks, of: 4)
        let third = ranks.rank / 4
        // More of the first group.
        for round in 0..<(third == 0 ? 3 : 1) {
          let bytes = [UInt8](repeating: UInt8(ranks.rank), count: ranks.rank + round)
          let gathered = group.gather(bytes)
          #expect(
            gathered
              == (0..<4).map { [UInt8](repeating: UInt8(4 * third + $0), count: 4 * third + $0 + round) })
          #expect(group.broadcast(bytes) == gathered[0])
        }
        let taken = Mutex<[[UInt8]]>([])
        let deal = group.deal(6) { result in taken.withLock { $0.append(result) } }
        var done: [UInt8] = []
        while let next = deal.next(handingOver: done) { done = [UInt8(next), 0] }
        deal.end()
        #expect(taken.withLock { $0.map { $0[0] }.sorted() } == (group.rank == 0 ? [0, 1, 2, 3, 4, 5] : []))
        return [
          try fit([Dense(units: 9), Dense(units: 2)], data, shards: 4, ranks: group),
          "\(taken.withLock { $0.count })",
        ]
      }
      let alone = try fit([Dense(units: 9), Dense(units: 2)], data, shards: 4)
      #expect(Set(found.map { $0[0] }) == [alone])
    }
  }

  @Test("the sum over ranks is the tree's, whole and in halves")
  func sums() async throws {
    for count in [2, 4, 8] {
      for length in [1, 7, 100, 1001] {
        let values = (0..<count).map { syntheticMatrix(rows: 1, columns: length, seed: UInt64($0)).values }
        var tree = values
        while tree.count > 1 {
          tree = stride(from: 0, to: tree.count, by: 2).map { at in
            zip(tree[at], tree[at + 1]).map { $0 + $1 }
          }
        }
        for whole in [0, 1 << 20] {
          let sums = try await LocalRanks.run(count) { ranks in
            var own = values[ranks.rank]
            own.withUnsafeMutableBufferPointer {
              RankSum(ranks, on: .step, whole: whole).add($0.baseAddress!, length)
            }
            return own
          }
          for sum in sums { #expect(sum == tree[0], "\(count) ranks, \(length) numbers") }
        }
      }
    }
  }
}
