import Testing

@testable import NNEngine

/// The promise as it is written: the same weights for 1, 2, 3 and 7 threads, for every instruction set, alone and beside other fits, with
/// steps that threads share and with products that are split one by one.
@Suite("One digest, whatever runs it")
struct BitIdentityTests {
  static let threads = [1, 2, 3, 7]

  static let optimizers: [any Optimizer] = [
    SGD(), SGD(momentum: 0.9), SGD(momentum: 0.9, nesterov: true), Adam(), Adam(amsgrad: true), AdamW(),
    RMSprop(),
    RMSprop(momentum: 0.5, centered: true), Adagrad(), Adadelta(), Adamax(), Nadam(), Ftrl(), Lion(), Lamb(),
    Adafactor(), Muon(), ScheduleFreeAdamW(),
  ]

  private func fit(
    _ layers: [any Layer], _ data: Dataset, _ loss: any Loss, _ optimizer: any Optimizer, batch: Int,
    threads: Int,
    grain: Grain, set: InstructionSet?
  ) throws -> String {
    var options = FitOptions(
      epochs: 2, batchSize: batch, seed: 9, metrics: [LossMetric(loss, name: "again")], threads: threads,
      instructionSet: set)
    options.grain = grain
    var trainer = try Trainer(
      network: Network(inputWidth: data.features.columns, layers: layers), loss: loss, options: options)
    var state = TrainingState(optimizer: optimizer)
    let outcome = try trainer.fit(training: data, state: &state)
    return trainer.network.digest + "\(outcome.records.map(\.values))"
  }

  /// Every number of threads, and every instruction set.
  private func digests(
    _ layers: [any Layer], _ data: Dataset, _ loss: any Loss, _ optimizer: any Optimizer, batch: Int
  ) throws -> Set<String> {
    var found: Set<String> = []
    for threads in BitIdentityTests.threads {
      for grain in threads == 1 ? [Grain()] : [.shared, .finest] {
        found.insert(
          try fit(layers, data, loss, optimizer, batch: batch, threads: threads, grain: grain, set: nil))
      }
    }
    for set in InstructionSet.available {
      found.insert(try fit(layers, data, loss, optimizer, batch: batch, threads: 2, grain: .shared, set: set))
    }
    return found
  }

  @Test("every optimizer", arguments: optimizers.indices)
  func optimizer(index: Int) throws {
    let data = syntheticRegression(rows: 40, inputs: 9, outputs: 3)
    let layers: [any Layer] = [
      Dense(units: 17, activation: ReLU()), Dense(units: 6, activation: Tanh()), Dense(units: 3),
    ]
    let found = try digests(layers, data, MeanSquaredError(), BitIdentityTests.optimizers[index], batch: 33)
    #expect(found.count == 1, "\(BitIdentityTests.optimizers[index].name)")
  }

  @Test("every loss, with and without weights of rows", arguments: GradientTests.losses.indices)
  func loss(index: Int) throws {
    let loss = GradientTests.losses[index]
    var data = GradientTests.data(for: loss, rows: 40, inputs: 7, outputs: 5)
    if index % 2 == 0 { data.weights = (0..<40).map { 0.5 + Float($0 % 3) } }
    let layers: [any Layer] = [
      Dense(units: 18, activation: GELU()), Dense(units: 11, activation: ReLU()),
      Dense(units: 5, activation: GradientTests.head(loss)),
    ]
    let found = try digests(layers, data, loss, Adam(), batch: 27)
    #expect(found.count == 1, "\(loss.name)")
  }

  /// The layers that are not dense, and those that hold others.
  static let layers: [(String, any Layer)] = [
    ("batchnorm", BatchNormalization()), ("layernorm", LayerNormalization()), ("rmsnorm", RMSNormalization()),
    ("unit_norm", UnitNormalization()), ("dropout", Dropout(rate: 0.3)),
    ("alpha_dropout", AlphaDropout(rate: 0.2)),
    ("gaussian_dropout", GaussianDropout(rate: 0.2)), ("noise", GaussianNoise(stddev: 0.1)),
    ("prelu", PReLU()),
    ("activation", ActivationLayer(Mish())),
    ("residual", Residual(layers: [Dense(units: 19, activation: ReLU()), Dense(units: 19)])),
    ("parallel", Parallel(branches: [[Dense(units: 20, activation: ELU())], []])),
    ("repeat", Repeat(count: 2, layers: [Dense(units: 19, activation: SiLU())])),
  ]

  @Test("every layer", arguments: layers.indices)
  func layer(index: Int) throws {
    let (name, layer) = BitIdentityTests.layers[index]
    let data = syntheticRegression(rows: 40, inputs: 12, outputs: 2)
    let layers: [any Layer] = [Dense(units: 19, activation: ReLU()), layer, Dense(units: 2)]
    let found = try digests(layers, data, MeanSquaredError(), Adam(), batch: 25)
    #expect(found.count == 1, "\(name)")
  }

  @Test("odd sizes of batch, input and layer", arguments: [1, 17, 33, 257, 1000])
  func sizes(size: Int) throws {
    for (rows, inputs, units) in [(size, 3, 5), (9, size, 5), (9, 3, size)] {
      let data = syntheticRegression(rows: rows + rows / 3, inputs: inputs, outputs: 1)
      let layers: [any Layer] = [
        Dense(units: units, activation: ReLU()), Dense(units: 6, activation: Tanh()), Dense(units: 1),
      ]
      let found = try digests(layers, data, MeanAbsoluteError(), SGD(momentum: 0.9), batch: rows)
      #expect(found.count == 1, "batch \(rows), \(inputs) inputs, \(units) units")
    }
  }

  @Test("alone and beside other fits")
  func besideOthers() async throws {
    let data = syntheticRegression(rows: 60, inputs: 20, outputs: 2)
    let layers: [any Layer] = [Dense(units: 30, activation: ReLU()), Dense(units: 2)]
    @Sendable func one(_ index: Int) throws -> String {
      try BitIdentityTests().fit(
        layers, data, MeanSquaredError(), Adam(), batch: 30 + index,
        threads: BitIdentityTests.threads[index % 4],
        grain: index < 4 ? .shared : .finest, set: nil)
    }
    let alone = try (0..<8).map { try one($0) }
    let together = try await withThrowingTaskGroup(of: (Int, String).self) { group in
      for index in 0..<8 { group.addTask { (index, try one(index)) } }
      var found = [String](repeating: "", count: 8)
      for try await (index, digest) in group { found[index] = digest }
      return found
    }
    #expect(alone == together)
  }
}
