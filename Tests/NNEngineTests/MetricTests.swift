import Testing

@testable import NNEngine

@Suite("Metrics")
struct MetricTests {
  /// A network that hands its inputs through, so that metrics see chosen predictions.
  private func identity(_ width: Int) throws -> Network {
    var network = try Network(inputWidth: width, layers: [Dense(units: width, useBias: false)])
    let eye = (0..<(width * width)).map { $0 / width == $0 % width ? Float(1) : 0 }
    try network.setParameter(name: "layers.0.kernel", shape: [width, width], values: eye)
    return network
  }

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
