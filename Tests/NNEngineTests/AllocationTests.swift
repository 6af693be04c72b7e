import AllocationCount
import Testing

@testable import NNEngine

@Suite("Memory in a training step", .enabled(if: allocation_count_works() == 1))
struct AllocationTests {
  @Test("a step allocates nothing, whatever the layers, loss, metrics and weights", arguments: [1, 2])
  func steps(threads: Int) throws {
    for (optimizer, loss) in [
      (SGD(), MeanAbsoluteError()), (SGD(momentum: 0.9), SparseCategoricalCrossentropy()),
      (Adam(amsgrad: true), CategoricalCrossentropy()), (Adam(), BinaryCrossentropy()), (SGD(), Hinge()),
      (SGD(), CategoricalFocalCrossentropy(alpha: [0.2, 0.3, 0.5], gamma: 1.5)), (Adam(), CosineSimilarity()),
    ] as [(any Optimizer, any Loss)] {
      let head: any Activation = loss is MeanAbsoluteError ? Linear() : GradientTests.head(loss)
      var network = try Network(
        inputWidth: 5,
        layers: [
          Dense(units: 7, activation: GELU(), activityRegularizer: L1L2(l2: 0.1)), Dropout(rate: 0.2),
          ActivationLayer(Tanh()), Dense(units: 8, activation: GLU()), ActivationLayer(GLU()),
          Dense(units: 3, activation: Sparsemax()),
          Dense(units: 3, activation: head, kernelRegularizer: L1L2(l1: 0.1)),
        ])
      network.initializeWeights(seed: 1)
      var data = GradientTests.data(for: loss, rows: 40, inputs: 5, outputs: 3)
      data.weights = [Float](repeating: 1.5, count: 40)
      let plan = TrainingPlan(
        network, data: data.shape, window: data.rowCount, loss: loss, optimizer: optimizer,
        options: FitOptions(batchSize: 16, metrics: metrics(for: loss)),
        executor: Executor(kernels: try InstructionSet.resolve(nil), threads: threads))
      plan.beginWindow(0, rows: data.rowCount, pass: 0)
      _ = plan.step(data, start: 0, rows: 16, step: 0, iteration: 0)
      let before = allocation_count()
      plan.beginWindow(0, rows: data.rowCount, pass: 1)
      for step in 1..<20 {
        let start = step % 3 * 16
        _ = plan.step(data, start: start, rows: min(16, 40 - start), step: step, iteration: step)
      }
      let made = allocation_count() - before
      #expect(made == 0, "\(made) allocations with \(optimizer.name) and \(loss.name)")
    }
  }

  @Test("nor with any layer, penalty, constraint and schedule", arguments: [1, 2])
  func everyLayer(threads: Int) throws {
    var network = try Network(
      inputWidth: 5,
      layers: [
        Dense(units: 6, activation: ReLU(negativeSlope: 0.1), kernelRegularizer: OrthogonalRegularizer()),
        BatchNormalization(affine: AffineParameters(gammaConstraint: NonNegative())),
        Residual(layers: [LayerNormalization(), Dense(units: 6, kernelConstraint: MaxNorm(maxValue: 1))]),
        Parallel(branches: [[RMSNormalization(), PReLU()], [], [AlphaDropout(rate: 0.1)]]),
        Repeat(
          count: 2, layers: [GaussianNoise(stddev: 0.1), GaussianDropout(rate: 0.2), UnitNormalization()]),
        Dense(
          units: 1, biasRegularizer: L1L2(l1: 0.1), kernelConstraint: MinMaxNorm(rate: 0.5, axis: .outputs)),
      ])
    network.initializeWeights(seed: 1)
    let data = syntheticRegression(rows: 40, inputs: 5, outputs: 1)
    for schedule in [
      PiecewiseConstantDecay(boundaries: [2], values: [0.1, 0.01]),
      CosineDecay(initialLearningRate: 0.1, decaySteps: 5, warmupTarget: 0.2, warmupSteps: 2),
      CosineDecayRestarts(initialLearningRate: 0.1, firstDecaySteps: 2),
      PolynomialDecay(initialLearningRate: 0.1, decaySteps: 3, cycle: true),
      ExponentialDecay(initialLearningRate: 0.1, decaySteps: 3, decayRate: 0.5),
      InverseTimeDecay(initialLearningRate: 0.1, decaySteps: 3, decayRate: 0.5),
    ] as [any LearningRateSchedule] {
      var optimizer = Adam()
      optimizer.settings.schedule = schedule
      let plan = TrainingPlan(
        network, data: data.shape, window: data.rowCount, loss: MeanSquaredError(), optimizer: optimizer,
        options: FitOptions(batchSize: 16),
        executor: Executor(kernels: try InstructionSet.resolve(nil), threads: threads))
      plan.beginWindow(0, rows: data.rowCount, pass: 0)
      _ = plan.step(data, start: 0, rows: 16, step: 0, iteration: 0)
      let before = allocation_count()
      for step in 1..<8 { _ = plan.step(data, start: 0, rows: 16, step: step, iteration: step) }
      let made = allocation_count() - before
      #expect(made == 0, "\(made) allocations with \(schedule.name)")
    }
  }

  /// Every kind of metric that the loss's targets allow.
  private func metrics(for loss: any Loss) -> [any Metric] {
    let targets: MetricTargets = loss is SparseCategoricalCrossentropy ? .classIDs : .columns
    let decisions = DecisionCounts(topK: 2, targets: targets)
    var metrics: [any Metric] = [
      LossMetric(loss), MeanOfOutputs(), BinaryAccuracy(targets: targets),
      TopKAccuracy(k: 2, targets: targets),
      Precision(decisions), WeightedMetric(Recall(DecisionCounts(classID: 1, targets: targets))),
      FBetaScore(targets: targets), AreaUnderCurve(multiLabel: true, targets: targets),
      WeightedMetric(
        AreaUnderCurve(thresholds: [0.3, 0.4], labelWeights: [1, 2, 3], fromLogits: true, targets: targets)),
      RateAtRate(.precisionAtRecall, least: 0.5, targets: targets), MeanOfPredictions(targets: targets),
    ]
    if targets == .columns {
      metrics += [R2Score(), CosineSimilarityMetric(), RowCorrelation(.pearson), CategoricalAccuracy()]
    }
    return metrics
  }

  @Test(
    "a thousand steps allocate nothing: alone, shared by threads, and with products of their own",
    arguments: [(1, Grain()), (2, Grain.shared), (2, Grain.finest)])
  func thousand(threads: Int, grain: Grain) throws {
    var network = try Network(inputWidth: 4, layers: [Dense(units: 6, activation: ReLU()), Dense(units: 1)])
    network.initializeWeights(seed: 1)
    let data = syntheticRegression(rows: 16, inputs: 4, outputs: 1)
    let plan = TrainingPlan(
      network, data: data.shape, window: data.rowCount, loss: MeanSquaredError(), optimizer: Adam(),
      options: FitOptions(batchSize: 16),
      executor: Executor(kernels: try InstructionSet.resolve(nil), threads: threads, grain: grain))
    plan.beginWindow(0, rows: data.rowCount, pass: 0)
    _ = plan.step(data, start: 0, rows: 16, step: 0, iteration: 0)
    let before = allocation_count()
    for step in 1...1000 {
      if step % 100 == 0 { plan.beginWindow(0, rows: data.rowCount, pass: step) }
      _ = plan.step(data, start: 0, rows: 16, step: step, iteration: step)
    }
    #expect(allocation_count() == before)
  }

  @Test("ten thousand fits leave no memory behind")
  func fits() throws {
    let data = syntheticRegression(rows: 8, inputs: 4, outputs: 2)
    func fit() throws {
      let network = try Network(
        inputWidth: 4, layers: [Dense(units: 6, activation: ReLU()), Dense(units: 2)])
      var trainer = try Trainer(
        network: network, loss: MeanSquaredError(),
        options: FitOptions(epochs: 1, batchSize: 4, seed: 1, threads: 1))
      var state = TrainingState(optimizer: Adam())
      _ = try trainer.fit(training: data, validation: data, state: &state)
    }
    // The first ones fill caches.
    for _ in 0..<100 { try fit() }
    let before = allocation_live()
    for _ in 0..<10_000 { try fit() }
    let left = allocation_live() - before
    #expect(left < 100, "\(left) blocks more than before")
    // glibc before 2.38 does not take up again what it had to align: a process of many fits grew by the plan of each.
    let aligned = allocation_aligned()
    for _ in 0..<10 { try fit() }
    #expect(allocation_aligned() == aligned)
    let arena = Arena()
    #expect(UInt(bitPattern: arena.floats(5)) % 64 == 0 && UInt(bitPattern: arena.copy([1.5, 2])) % 64 == 0)
  }
}

/// A metric of someone else's making.
private struct MeanOfOutputs: Metric {
  let name = "mean_output"
  let direction: MetricDirection? = .minimize
  func update(_ accumulator: UnsafeMutablePointer<Double>, batch: MetricBatch) {
    for row in 0..<batch.rows {
      batch.rowValues[row] = batch.predictions.base[row * batch.predictions.stride]
    }
    batch.addRowValues(accumulator)
  }
}
