import Testing

@testable import NNEngine

@Suite("Metrics")
struct MetricTests {
  private func values(
    _ predictions: [Float], _ targets: [Float], width: Int, targetWidth: Int? = nil, _ metrics: [any Metric]
  )
    throws -> [String: Double]
  {
    let rows = predictions.count / width
    let data = Dataset(
      features: Matrix(rows: rows, columns: width, values: predictions),
      targets: Matrix(rows: rows, columns: targetWidth ?? width, values: targets))
    let loss: any Loss =
      targetWidth == 1 && width > 1 ? SparseCategoricalCrossentropy(fromLogits: true) : MeanSquaredError()
    let list = try evaluate(identity(width), on: data, loss: loss, metrics: metrics)
    return Dictionary(uniqueKeysWithValues: list.map { ($0.name, $0.value) })
  }

  @Test("errors of a regression")
  func regression() throws {
    let result = try values(
      [1, 2, 3, 4, 5, 6], [1, 1, 5, 4, 4, 8], width: 2,
      [MeanAbsoluteErrorMetric(), MeanSquaredErrorMetric(), RootMeanSquaredErrorMetric(), R2Score()])
    #expect(result["loss"] == Double(Float(10.0 / 6)))
    #expect(result["mae"] == 1)
    #expect(result["mse"] == Double(Float(10.0 / 6)))
    #expect(result["rmse"] == Double(Float((10.0 / 6).squareRoot())))
    // First output: targets 1, 5, 4, errors 0, 2, 1; second: 1, 4, 8, errors 1, 0, 2.
    let first = 1 - 5 / (42 - 100.0 / 3)
    let second = 1 - 5 / (81 - 169.0 / 3)
    #expect(abs((result["r2"] ?? 0) - (first + second) / 2) < 1e-6)
  }

  @Test("thresholds: even ones between the bounds, given ones sorted between two outside")
  func thresholds() {
    let least = Float(-1e-7)
    let most = Float(1 + 1e-7)
    #expect(Thresholds(count: 5, widened: false).values == [0, 0.25, 0.5, 0.75, 1])
    #expect(Thresholds(count: 5, widened: true).values == [least, 0.25, 0.5, 0.75, most])
    #expect(Thresholds(count: 2, widened: false).values == [0, 1])
    #expect(Thresholds(count: 1, widened: true).values == [0.5])
    #expect(Thresholds([0.9, 0.2]).values == [least, 0.2, 0.9, most])
    #expect(Thresholds([0.75, 0.25, 0.5]) == Thresholds(count: 5, widened: true))
    #expect(!Thresholds([0.9, 0.2]).isEven && !Thresholds([]).isEven)
    // As even as float32 tells, and a little less.
    #expect(Thresholds([0.500_005]).isEven && !Thresholds([0.500_006]).isEven)
    // The last threshold that an output is above, wherever the ladder's rungs are.
    for ladder in [Thresholds([0.25, 0.5, 0.75]), Thresholds([0.25, 0.25, 0.5, 0.8])] {
      ladder.withRungs { rung in
        for output in [-1, 0, 0.1, 0.25, 0.250_001, 0.5, 0.6, 0.75, 0.8, 0.81, 1, 2] as [Float] {
          let cut = ladder.isEven ? min(max(output, 0), 1) : output
          let last = ladder.values.lastIndex { $0 < cut } ?? -1
          #expect(rung(output) == last, "\(output) in \(ladder.values)")
        }
      }
    }
  }

  @Test("which way of a metric is better")
  func directions() throws {
    let larger: [any Metric] = [
      BinaryAccuracy(), CategoricalAccuracy(), SparseCategoricalAccuracy(), TopKAccuracy(), R2Score(),
      FBetaScore(),
      AreaUnderCurve(), Precision(), Recall(), CosineSimilarityMetric(),
      RateAtRate(.recallAtPrecision, least: 0.5),
      RowCorrelation(.pearson),
    ]
    let smaller: [any Metric] = [
      MeanAbsoluteErrorMetric(), MeanSquaredErrorMetric(), RootMeanSquaredErrorMetric(), LossMetric(Hinge()),
    ]
    for metric in larger { #expect(metric.direction == .maximize, "\(metric.name)") }
    for metric in smaller { #expect(metric.direction == .minimize, "\(metric.name)") }
    #expect(MeanOfPredictions().direction == nil)
    for metric in larger + smaller { #expect(WeightedMetric(metric).direction == metric.direction) }
  }

  @Test(
    "while training, too, a loss among the metrics looks at the logits, where probabilities are 0 and 1 in float32"
  )
  func lossOfLogitsInAFit() throws {
    var network = try Network(inputWidth: 1, layers: [Dense(units: 1, activation: Sigmoid())])
    try network.setParameter(name: "layers.0.kernel", shape: [1, 1], values: [200])
    try network.setParameter(name: "layers.0.bias", shape: [1], values: [0])
    for grain in [Grain(), .finest] {
      var options = FitOptions(batchSize: 2, metrics: [LossMetric(BinaryCrossentropy(), name: "again")])
      options.grain = grain
      var trainer = try Trainer(network: network, loss: BinaryCrossentropy(), options: options)
      var state = TrainingState(optimizer: SGD(learningRate: 1e-6))
      let data = Dataset(
        features: Matrix(rows: 2, columns: 1, values: [1, -1]),
        targets: Matrix(rows: 2, columns: 1, values: [0, 1]))
      let record = try #require(try trainer.fit(training: data, state: &state).records.first)
      #expect(record["loss"] == 200 && record["again"] == 200)
    }
  }

  @Test("r2 of a constant target is 0, as in Keras, and NaN if it is met exactly")
  func constantTarget() throws {
    #expect(try values([1, 2, 3], [2, 2, 2], width: 1, [R2Score()])["r2"] == 0)
    #expect(try values([2, 2, 2], [2, 2, 2], width: 1, [R2Score()])["r2"]?.isNaN == true)
  }

  @Test("accuracies")
  func accuracies() throws {
    #expect(
      try values([0.2, 0.9, 0.5, 0.51], [0, 1, 0, 0], width: 1, [BinaryAccuracy()])["accuracy"] == 0.75)
    #expect(
      try values([0.2, 0.9, 0.5, 0.51], [0, 1, 1, 1], width: 2, [BinaryAccuracy()])["accuracy"] == 0.75)
    #expect(try values([0.2, 0.9], [1, 1], width: 1, [BinaryAccuracy(threshold: 0.1)])["accuracy"] == 1)
    let y: [Float] = [0.1, 0.7, 0.2, 0.5, 0.3, 0.2, 0.4, 0.4, 0.2]
    #expect(
      try values(y, [1, 0, 1], width: 3, targetWidth: 1, [SparseCategoricalAccuracy()])["accuracy"]
        == Double(Float(2.0 / 3)))
    #expect(
      try values(y, [0, 1, 0, 0, 0, 1, 1, 0, 0], width: 3, [CategoricalAccuracy()])["accuracy"]
        == Double(Float(2.0 / 3)))
  }

  private func one(
    _ metric: any Metric, _ predictions: [Float], _ targets: [Float], width: Int = 1, targetWidth: Int? = nil
  ) throws -> Double {
    try #require(
      try values(predictions, targets, width: width, targetWidth: targetWidth, [metric])[metric.name])
  }

  // Ties and edges below were tried with Keras 3.15.1.

  @Test("of equal outputs all are among the k largest")
  func topKTies() throws {
    let y: [Float] = [0.5, 0.5, 0, 0.2, 0.4, 0.4, 0.4, 0.3, 0.3, 0, 0, 0]
    let t: [Float] = [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1]
    #expect(try one(TopKAccuracy(k: 1), y, t, width: 3) == 0.75)
    #expect(try one(TopKAccuracy(k: 2), y, t, width: 3) == 1)
    #expect(try one(TopKAccuracy(k: 9), y, t, width: 3) == 1)
  }

  @Test("of equal outputs the first are the k that can say yes")
  func decisionTies() throws {
    let y: [Float] = [0.5, 0.5, 0, 0.2, 0.4, 0.4, 0.4, 0.3, 0.3, 0, 0, 0]
    let t: [Float] = [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1]
    func precision(_ k: Int, _ threshold: Float? = nil) throws -> Double {
      try one(Precision(DecisionCounts(threshold: threshold, topK: k)), y, t, width: 3)
    }
    #expect(try precision(1) == 0.5)
    #expect(try precision(2) == 0.25)
    #expect(try precision(3) == Double(Float(1.0 / 3)))
    // Equal to the threshold is not above it.
    #expect(try precision(1, 0.4) == 1)
    #expect(try one(Recall(DecisionCounts(topK: 2, classID: 2)), y, t, width: 3) == 0)
    #expect(try one(Recall(DecisionCounts(topK: 3, classID: 2)), y, t, width: 3) == 1)
    #expect(try one(Precision(DecisionCounts(threshold: 0.4)), y, t, width: 3) == 0.5)
    #expect(try one(Recall(DecisionCounts(threshold: 0.4)), y, t, width: 3) == 0.25)
  }

  @Test("all of equal largest outputs are decisions of f1, unless they are 0")
  func scoreTies() throws {
    let y: [Float] = [0.5, 0.5, 0, 0.2, 0.4, 0.4, 0.4, 0.3, 0.3, 0, 0, 0]
    let t: [Float] = [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1]
    #expect(try abs(one(FBetaScore(average: .micro), y, t, width: 3) - 0.4444444179534912) < 1e-7)
    #expect(try abs(one(FBetaScore(average: .weighted), y, t, width: 3) - 0.333333283662796) < 1e-7)
    #expect(try one(FBetaScore(), [0, 0], [0, 0]) == 0)
  }

  @Test("a curve with targets of one kind only")
  func oneKind() throws {
    let y: [Float] = [0.1, 0.2, 0.3, 0.4]
    #expect(try one(AreaUnderCurve(), y, [0, 0, 0, 0]) == 0)
    #expect(try one(AreaUnderCurve(), y, [1, 1, 1, 1]) == 0)
    #expect(try one(AreaUnderCurve(curve: .pr), y, [0, 0, 0, 0]) == 0)
    #expect(try one(AreaUnderCurve(curve: .pr), y, [1, 1, 1, 1]) == 1)
    #expect(try one(AreaUnderCurve(curve: .prgain), y, [1, 1, 1, 1]) == 1)
  }

  @Test("outputs at 0, at 1 and beyond have their place on the ladder")
  func ladder() {
    func rungs(_ thresholds: Thresholds, _ outputs: [Float]) -> [Int] {
      var found: [Int] = []
      thresholds.withRungs { rung in found = outputs.map(rung) }
      return found
    }
    let outputs: [Float] = [-3, 0, 0.25, 0.26, 0.5, 1, 7, .nan, .infinity, -.infinity]
    #expect(rungs(Thresholds(count: 5, widened: true), outputs) == [0, 0, 0, 1, 1, 3, 3, 0, 3, 0])
    #expect(rungs(Thresholds(count: 5, widened: false), outputs) == [-1, -1, 0, 1, 1, 3, 3, -1, 3, -1])
    #expect(rungs(Thresholds(count: 1, widened: false), outputs) == [-1, -1, -1, -1, -1, 0, 0, -1, 0, -1])
    #expect(rungs(Thresholds([0.25, 0.4]), outputs) == [-1, 0, 0, 1, 2, 2, 3, -1, 3, -1])
    #expect(rungs(Thresholds([]), outputs) == [-1, 0, 0, 0, 0, 0, 1, -1, 1, -1])
    #expect(Thresholds([0.75, 0.25, 0.5]).isEven && !Thresholds([0.75, 0.25, 0.51]).isEven)
  }

  @Test("cosines of rows without length, and of rows too short to count")
  func shortRows() throws {
    let metric = CosineSimilarityMetric()
    #expect(try one(metric, [1, 0, 0, 0, 4, 3], [0, 0, 1, 1, 3, 4], width: 2) == Double(Float(0.96 / 3)))
    #expect(try abs(one(metric, [1e-8, 1e-9], [1e-8, 0], width: 2) - 0.01) < 1e-7)
  }

  @Test("a row that does not vary has no Pearson correlation")
  func constantRow() throws {
    #expect(try one(RowCorrelation(.pearson), [1, 2], [1, 1], width: 2).isNaN)
    #expect(try one(RowCorrelation(.concordance), [1, 1], [1, 1], width: 2) == 0)
  }

  @Test("adjusted r2 counts every value, and stays plain where there are too few")
  func adjusted() throws {
    let y: [Float] = [1, 2, 3, 4, 5, 6]
    let t: [Float] = [1, 1, 5, 4, 4, 8]
    for (regressors, expected) in [
      (0, 0.6101871132850647), (1, 0.5127338767051697), (3, 0.025467753410339355), (5, 0.6101871132850647),
      (6, 0.6101871132850647),
    ] {
      let value = try one(R2Score(regressors: regressors), y, t, width: 2)
      #expect(abs(value - expected) < 1e-6, "\(regressors) regressors")
    }
  }

  @Test("the mean of predictions") func meanOfPredictions() throws {
    #expect(try one(MeanOfPredictions(), [1, 2, 3, 6], [0, 0, 0, 0], width: 2) == 3)
  }

  @Test("weights count in a weighted metric alone, and none is as all alike")
  func weights() throws {
    var data = KerasMetricTests.binary
    let metrics: [any Metric] = [Precision(), WeightedMetric(Precision(name: "weighted"))]
    let network = try identity(1)
    func pair() throws -> [Double] {
      try evaluate(network, on: data, loss: MeanSquaredError(), metrics: metrics).dropFirst().map(\.value)
    }
    let weighted = try pair()
    #expect(weighted[0] != weighted[1])
    data.weights = nil
    #expect(try pair() == [weighted[0], weighted[0]])
    data.weights = [Float](repeating: 3, count: data.features.rows)
    #expect(try pair() == [weighted[0], weighted[0]])
    data.weights = [Float](repeating: 0, count: data.features.rows)
    #expect(try pair() == [weighted[0], 0])
  }

  @Test("a fit measures its steps, and goes on measuring in the middle of an epoch")
  func epochs() throws {
    let data = Dataset(
      features: syntheticMatrix(rows: 50, columns: 3, seed: 4),
      targets: Matrix(rows: 50, columns: 1, values: (0..<50).map { $0 % 3 == 0 ? 1 : 0 }),
      weights: (0..<50).map { Float($0 % 2) })
    var network = try Network(inputWidth: 3, layers: [Dense(units: 1, activation: Sigmoid())])
    network.initializeWeights(seed: 1)
    let metrics: [any Metric] = [
      AreaUnderCurve(count: 20), Precision(DecisionCounts(threshold: 0.2)), FBetaScore(threshold: 0.4),
      WeightedMetric(Recall(DecisionCounts(threshold: 0.4))), R2Score(),
      RateAtRate(.precisionAtRecall, least: 0.5),
    ]
    func fit(_ steps: [Int?], threads: Int) throws -> [Double] {
      var trainer: Trainer?
      var state = TrainingState(optimizer: SGD())
      var values: [Double] = []
      var now = network
      for limit in steps {
        trainer = try Trainer(
          network: now, loss: BinaryCrossentropy(),
          options: FitOptions(
            epochs: 1, batchSize: 8, seed: 1, stepLimit: limit, metrics: metrics, threads: threads))
        let outcome = try trainer?.fit(training: data, validation: data, state: &state)
        values = outcome?.records.first?.values.map(\.value) ?? []
        now = trainer?.network ?? now
      }
      return values
    }
    let whole = try fit([nil], threads: 1)
    #expect(whole.count == 14 && whole.allSatisfy(\.isFinite))
    #expect(try fit([nil], threads: 2) == whole)
    #expect(try fit([3, nil], threads: 1) == whole)
  }

  @Test("options that make no sense are refused, not met")
  func options() throws {
    for (metric, width) in [
      (TopKAccuracy(k: 0), 3), (Precision(DecisionCounts(topK: 4)), 3), (Recall(DecisionCounts(topK: 0)), 3),
      (Precision(DecisionCounts(classID: 3)), 3), (Precision(DecisionCounts(classID: -1)), 3),
      (Precision(DecisionCounts(threshold: .nan)), 1), (FBetaScore(beta: 0), 1),
      (FBetaScore(threshold: 2), 1),
      (AreaUnderCurve(count: 1), 1), (AreaUnderCurve(count: .max), 1), (AreaUnderCurve(thresholds: [2]), 1),
      (AreaUnderCurve(labelWeights: [1, 2]), 3), (AreaUnderCurve(labelWeights: [-1]), 1),
      (RateAtRate(.recallAtPrecision, least: 2), 1),
      (RateAtRate(.recallAtPrecision, least: 0.5, count: 0), 1),
      (RateAtRate(.recallAtPrecision, least: 0.5, classID: 1), 1), (R2Score(regressors: -1), 1),
      (BinaryAccuracy(threshold: .nan), 1), (WeightedMetric(TopKAccuracy(k: 0)), 3),
    ] as [(any Metric, Int)] {
      #expect(throws: EngineError.self, "\(metric.name)") {
        _ = try values(
          [Float](repeating: 0, count: width), [Float](repeating: 0, count: width), width: width, [metric])
      }
    }
  }

  @Test("a loss as a metric is the loss without weights and penalties")
  func lossMetric() throws {
    let data = GradientTests.data(for: CategoricalCrossentropy(), rows: 9, inputs: 4, outputs: 3)
    var weighted = data
    weighted.weights = (0..<9).map { Float($0) }
    var network = try Network(
      inputWidth: 4, layers: [Dense(units: 3, activation: Softmax(), kernelRegularizer: L1L2(l2: 1))])
    network.initializeWeights(seed: 1)
    let loss = CategoricalCrossentropy()
    let result = try evaluate(network, on: weighted, loss: loss, metrics: [LossMetric(loss, name: "ce")])
    var bare = try Network(inputWidth: 4, layers: [Dense(units: 3, activation: Softmax())])
    bare.initializeWeights(seed: 1)
    #expect(try result[1].value == evaluate(bare, on: data, loss: loss)[0].value)
    #expect(result[1].name == "ce" && result[0].value != result[1].value)
  }

  @Test("a cross-entropy beside another loss looks behind the softmax as well, as in Keras")
  func lossMetricBesideAnotherLoss() throws {
    let data = GradientTests.data(for: CategoricalCrossentropy(), rows: 9, inputs: 4, outputs: 3)
    for layers in [
      [Dense(units: 3, activation: Softmax())], [Dense(units: 3), ActivationLayer(Softmax())],
    ] as [[any Layer]] {
      var network = try Network(inputWidth: 4, layers: layers)
      // Logits so far apart that probabilities round to 0.
      try network.setParameter(
        name: "layers.0.kernel", shape: [4, 3], values: (0..<12).map { Float($0 * $0 % 7) * 60 })
      try network.setParameter(name: "layers.0.bias", shape: [3], values: [0, 0, 0])
      let alone = try evaluate(network, on: data, loss: CategoricalCrossentropy())[0].value
      let beside = try evaluate(
        network, on: data, loss: MeanSquaredError(), metrics: [LossMetric(CategoricalCrossentropy())])
      #expect(beside[1].value == alone)
      #expect(alone > 20, "more than the cut probabilities could give")
    }
  }

  @Test("metrics over several blocks are those over all rows")
  func blocks() throws {
    let data = syntheticRegression(rows: 9001, inputs: 3, outputs: 2)
    var network = try Network(inputWidth: 3, layers: [Dense(units: 2)])
    network.initializeWeights(seed: 3)
    let y = try network.predict(data.features).values
    let result = try evaluate(
      network, on: data, loss: MeanAbsoluteError(), metrics: [MeanSquaredErrorMetric(), R2Score()])
    let errors = zip(y, data.targets.values).map { Double($0) - Double($1) }
    let mae = errors.reduce(0) { $0 + abs($1) } / Double(errors.count)
    let mse = errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)
    #expect(abs(result[0].value / mae - 1) < 1e-6)
    #expect(abs(result[1].value / mse - 1) < 1e-6)
  }
}
