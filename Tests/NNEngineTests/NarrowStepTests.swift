import Testing

@testable import NNEngine

/// Narrow networks are trained with a batch's rows in the lanes, and nothing shows it: the digests and histories are those of
/// a step by rows.
@Suite("Steps of narrow networks")
struct NarrowStepTests {
  private static let hidden: [any Activation] = [
    ReLU(), Linear(), Tanh(), Sigmoid(), GELU(), ELU(), LeakyReLU(), SELU(), SiLU(), Softplus(), Softsign(),
    HardSigmoid(), ReLU6(), Mish(), Exponential(), ReLU(negativeSlope: 0.1, maxValue: 2, threshold: 0.05),
  ]

  private func fit(
    _ layers: [any Layer], _ data: Dataset, _ loss: any Loss, batch: Int, metrics: [any Metric], rows: Int,
    set: InstructionSet? = nil, optimizer: any Optimizer = Adam()
  ) throws -> String {
    var options = FitOptions(
      epochs: 2, batchSize: batch, seed: 4, metrics: metrics, threads: 1, instructionSet: set)
    options.grain.narrowRows = rows
    var trainer = try Trainer(
      network: Network(inputWidth: data.features.columns, layers: layers), loss: loss, options: options)
    var state = TrainingState(optimizer: optimizer)
    let outcome = try trainer.fit(training: data, state: &state)
    return "\(trainer.network.digest) \(outcome.reason) \(outcome.records.map(\.values))"
  }

  /// By columns with every instruction set, and by rows: what is found.
  private func found(
    _ layers: [any Layer], _ data: Dataset, _ loss: any Loss, batch: Int, metrics: [any Metric] = []
  ) throws -> Set<String> {
    var found: Set = [try fit(layers, data, loss, batch: batch, metrics: metrics, rows: 0)]
    for set in InstructionSet.available {
      found.insert(try fit(layers, data, loss, batch: batch, metrics: metrics, rows: 1024, set: set))
    }
    return found
  }

  @Test("any widths up to eight, any batch", arguments: 0..<60 as Range<UInt64>)
  func shapes(seed: UInt64) throws {
    var draw = SmallDraw(seed: seed)
    let inputs = 1 + draw.below(8)
    let outputs = 1 + draw.below(8)
    let batch = draw.pick([1, 2, 7, 15, 16, 17, 31, 32, 33, 48, 49, 100])
    var data = syntheticRegression(rows: batch + 1 + draw.below(batch), inputs: inputs, outputs: outputs)
    if draw.below(2) == 0 { data.weights = (0..<data.features.rows).map { Float($0 % 4) / 2 } }
    var layers: [any Layer] = (0..<draw.below(4)).map { _ in
      Dense(
        units: 1 + draw.below(8), activation: draw.pick(NarrowStepTests.hidden),
        useBias: draw.below(4) != 0)
    }
    layers.append(Dense(units: outputs, activation: draw.pick(NarrowStepTests.hidden)))
    let loss: any Loss = draw.pick(
      [MeanSquaredError(), MeanAbsoluteError(), Huber(), LogCosh()] as [any Loss])
    let metrics: [any Metric] = draw.below(3) == 0 ? [LossMetric(MeanAbsoluteError(), name: "mae")] : []
    #expect(try found(layers, data, loss, batch: batch, metrics: metrics).count == 1)
  }

  @Test(
    "every loss, with weights of rows and without, measured and not", arguments: GradientTests.losses.indices)
  func losses(index: Int) throws {
    let loss = GradientTests.losses[index]
    for (weighted, measured) in [(false, false), (true, false), (false, true), (true, true)] {
      var data = GradientTests.data(for: loss, rows: 40, inputs: 6, outputs: 5)
      if weighted { data.weights = (0..<40).map { 0.5 + Float($0 % 3) } }
      let layers: [any Layer] = [
        Dense(units: 7, activation: ReLU()), Dense(units: 5, activation: GradientTests.head(loss)),
      ]
      let metrics: [any Metric] = measured ? [LossMetric(loss, name: "again")] : []
      #expect(
        try found(layers, data, loss, batch: 27, metrics: metrics).count == 1,
        "\(loss.name), weights \(weighted), metrics \(measured)")
    }
  }

  @Test("what the step does not know goes the other way: penalties, wide layers, softmax in the midst")
  func others() throws {
    let data = syntheticRegression(rows: 40, inputs: 6, outputs: 2)
    let chains: [[any Layer]] = [
      [Dense(units: 6, activation: ReLU(), kernelRegularizer: L1L2(l2: 0.01)), Dense(units: 2)],
      [Dense(units: 6, activation: ReLU(), kernelConstraint: MaxNorm(maxValue: 0.5)), Dense(units: 2)],
      [Dense(units: 9, activation: ReLU()), Dense(units: 2)],
      [Dense(units: 6, activation: Softmax()), Dense(units: 2)],
      [Dense(units: 6, activation: ReLU()), Dropout(rate: 0.2), Dense(units: 2)],
      [Dense(units: 6, activation: ReLU()), Dense(units: 2, activation: Softmax())],
    ]
    for (index, layers) in chains.enumerated() {
      #expect(try found(layers, data, MeanSquaredError(), batch: 16).count == 1, "chain \(index)")
    }
  }

  @Test("a loss that is not finite is found in the same layer, and no weight has moved")
  func notFinite() throws {
    var data = syntheticRegression(rows: 20, inputs: 3, outputs: 1)
    data.features.values[7] = 1e30
    let layers: [any Layer] = [Dense(units: 4, activation: ReLU()), Dense(units: 1)]
    let found = try found(layers, data, MeanSquaredError(), batch: 20)
    #expect(found.count == 1)
    #expect(found.first?.contains("nonFinite") == true)
  }
}
