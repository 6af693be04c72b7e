import Testing

@testable import NNEngine

@Suite("What the engine refuses")
struct ErrorTests {
  private let data = syntheticRegression(rows: 6, inputs: 2, outputs: 1)

  private func fit(
    _ data: Dataset, loss: any Loss = MeanSquaredError(), units: Int = 1, _ options: FitOptions = FitOptions()
  )
    throws
  {
    let network = try Network(inputWidth: 2, layers: [Dense(units: units)])
    var trainer = try Trainer(network: network, loss: loss, options: options)
    var state = TrainingState(optimizer: SGD())
    _ = try trainer.fit(training: data, state: &state)
  }

  @Test("networks that cannot be")
  func networks() {
    #expect(throws: EngineError.noLayers) { try Network(inputWidth: 2, layers: []) }
    #expect(throws: EngineError.invalidInputWidth(0)) {
      try Network(inputWidth: 0, layers: [Dense(units: 1)])
    }
    #expect(throws: EngineError.invalidInputWidth(-3)) {
      try Network(inputWidth: -3, layers: [Dense(units: 1)])
    }
    for units in [0, -1, Int.max, Int.min] {
      #expect(throws: EngineError.self) { try Network(inputWidth: 2, layers: [Dense(units: units)]) }
    }
    #expect(throws: EngineError.self) {
      try Network(inputWidth: 1 << 30, layers: [Dense(units: 1 << 30)])
    }
    for rate in [-0.1, 1, .nan] {
      #expect(throws: EngineError.self) { try Network(inputWidth: 2, layers: [Dropout(rate: rate)]) }
    }
    #expect(throws: EngineError.self) {
      try Network(inputWidth: 2, layers: [Dense(units: 1, kernelRegularizer: L1L2(l1: -1))])
    }
    for activation in [
      LeakyReLU(negativeSlope: .nan), ReLU(maxValue: -1), ReLU(threshold: .infinity), ELU(alpha: .nan),
      CELU(alpha: 0),
      Squareplus(b: -1), SoftShrink(threshold: .nan), HardShrink(threshold: .infinity),
      Threshold(threshold: 0, defaultValue: .nan),
    ] as [any Activation] {
      #expect(throws: EngineError.self, "\(activation)") {
        try Network(inputWidth: 2, layers: [Dense(units: 1, activation: activation)])
      }
    }
    #expect(throws: EngineError.oddWidth(activation: "glu", width: 7)) {
      try Network(inputWidth: 2, layers: [Dense(units: 7, activation: GLU())])
    }
    #expect(throws: EngineError.oddWidth(activation: "glu", width: 3)) {
      try Network(inputWidth: 3, layers: [ActivationLayer(GLU())])
    }
  }

  @Test("networks and batches that no memory holds are errors, not crashes")
  func memory() throws {
    #expect(throws: EngineError.self) {
      try Network(inputWidth: 2, layers: [Dense(units: 260_000), Dense(units: 260_000), Dense(units: 1)])
    }
    // Weights that fit, with units that do not for so many rows.
    let rows = 1 << 22
    let data = Dataset(
      features: Matrix(rows: rows, columns: 1, values: [Float](repeating: 0, count: rows)),
      targets: Matrix(rows: rows, columns: 1, values: [Float](repeating: 0, count: rows)))
    let network = try Network(inputWidth: 1, layers: [Dense(units: 1 << 21), Dense(units: 1)])
    var trainer = try Trainer(
      network: network, loss: MeanSquaredError(), options: FitOptions(batchSize: rows))
    var state = TrainingState(optimizer: SGD())
    #expect(throws: EngineError.self) { _ = try trainer.fit(training: data, state: &state) }
    // No weights, but more outputs than can be kept of a block of rows.
    let wide = try Network(
      inputWidth: 1000, layers: [Parallel(branches: [[any Layer]](repeating: [], count: 100_000))])
    let few = Dataset(
      features: Matrix(rows: 4096, columns: 1000, values: [Float](repeating: 0, count: 4_096_000)),
      targets: Matrix(rows: 4096, columns: 1, values: [Float](repeating: 0, count: 4096)))
    #expect(throws: EngineError.self) {
      _ = try evaluate(wide, on: few, loss: SparseCategoricalCrossentropy())
    }
    // A product that wraps around to a small number.
    #expect(throws: EngineError.self) { try Dense(units: 1 << 30).outputWidth(inputWidth: 1 << 34) }
  }

  @Test("a training state whose counters cannot be")
  func state() throws {
    for (epochs, steps, iterations) in [
      (Int.max, 0, 0), (-1, 0, 0), (0, Int.max, 0), (0, 0, Int.max), (0, 0, -7),
    ] {
      var trainer = try Trainer(
        network: Network(inputWidth: 2, layers: [Dense(units: 1)]), loss: MeanSquaredError(),
        options: FitOptions())
      var state = TrainingState(
        optimizer: SGD(), epochsDone: epochs, stepsDone: steps, iterations: iterations)
      #expect(throws: EngineError.self) { _ = try trainer.fit(training: data, state: &state) }
    }
    for (step, start) in [(Int.min, 1), (Int.max, -1), (3, Int.max)] {
      var trainer = try Trainer(
        network: Network(inputWidth: 2, layers: [Dense(units: 1)]), loss: MeanSquaredError(),
        options: FitOptions(epochs: 0))
      var state = TrainingState(
        optimizer: SGD(),
        openPass: .init(
          step: step, epochStart: start, rows: 6, batchSize: 32, seed: 0, shuffle: true, sums: []))
      #expect(throws: EngineError.self) { _ = try trainer.fit(training: data, state: &state) }
    }
  }

  @Test("data that does not fit")
  func shapes() throws {
    #expect(throws: EngineError.malformedMatrix(rows: 3, columns: 2, values: 5)) {
      try fit(Dataset(features: Matrix(rows: 3, columns: 2, values: [1, 2, 3, 4, 5]), targets: data.targets))
    }
    #expect(throws: EngineError.self) {
      try fit(Dataset(features: Matrix(rows: .max, columns: 2, values: []), targets: data.targets))
    }
    #expect(throws: EngineError.self) {
      try fit(
        Dataset(features: Matrix(rows: -1, columns: -6, values: data.targets.values), targets: data.targets))
    }
    #expect(throws: EngineError.noRows(what: "training")) {
      try fit(
        Dataset(
          features: Matrix(rows: 0, columns: 2, values: []), targets: Matrix(rows: 0, columns: 1, values: []))
      )
    }
    #expect(throws: EngineError.featureWidth(expected: 2, found: 3)) {
      try fit(
        Dataset(
          features: Matrix(rows: 6, columns: 3, values: [Float](repeating: 0, count: 18)),
          targets: data.targets))
    }
    #expect(throws: EngineError.rowCount(features: 6, other: 5, what: "targets")) {
      try fit(
        Dataset(features: data.features, targets: Matrix(rows: 5, columns: 1, values: [1, 2, 3, 4, 5])))
    }
    #expect(throws: EngineError.targetWidth(loss: "mean_squared_error", expected: 3, found: 1)) {
      try fit(data, units: 3)
    }
    #expect(throws: EngineError.rowCount(features: 6, other: 2, what: "weights")) {
      try fit(Dataset(features: data.features, targets: data.targets, weights: [1, 2]))
    }
  }

  @Test("values that are no numbers, with their row and column")
  func values() {
    var features = data.features
    features.values[7] = .nan
    #expect(throws: EngineError.notFinite(what: "a feature", row: 3, column: 1)) {
      try fit(Dataset(features: features, targets: data.targets))
    }
    var targets = data.targets
    targets.values[4] = .infinity
    #expect(throws: EngineError.notFinite(what: "a target", row: 4, column: 0)) {
      try fit(Dataset(features: data.features, targets: targets))
    }
    #expect(throws: EngineError.notFinite(what: "a weight", row: 1, column: 0)) {
      try fit(Dataset(features: data.features, targets: data.targets, weights: [1, .nan, 1, 1, 1, 1]))
    }
    for bad: Float in [3, -1, 0.5] {
      let classes = Matrix(rows: 6, columns: 1, values: [0, 1, 2, bad, 1, 0])
      #expect(throws: EngineError.classOutOfRange(row: 3, value: bad, classes: 3)) {
        try fit(
          Dataset(features: data.features, targets: classes), loss: SparseCategoricalCrossentropy(), units: 3)
      }
    }
    #expect(throws: Never.self) {
      let classes = Matrix(rows: 6, columns: 1, values: [0, 1, 2, -1, 1, 0])
      try fit(
        Dataset(features: data.features, targets: classes),
        loss: SparseCategoricalCrossentropy(ignoreClass: -1), units: 3)
    }
  }

  @Test("sizes up to which a layer is taken, before anything is allocated")
  func sizes() throws {
    func width(_ units: Int, of inputs: Int) throws -> Int {
      try Dense(units: units).outputWidth(inputWidth: inputs)
    }
    // Units and inputs below 2³¹, a kernel below 2³⁶.
    #expect(try width((1 << 31) - 1, of: 1) == (1 << 31) - 1)
    #expect(try width(1, of: (1 << 31) - 1) == 1)
    #expect(try width((1 << 18) - 1, of: 1 << 18) == (1 << 18) - 1)
    for (units, inputs) in [(1 << 31, 1), (1, 1 << 31), (1 << 18, 1 << 18), (.max, 2)] {
      #expect {
        try width(units, of: inputs)
      } throws: {
        "\($0)".contains("a kernel of \(inputs) × \(units)")
      }
    }
    #expect(throws: EngineError.self) { try width(0, of: 1) }
    let half = [Dense(units: 1 << 30)]
    let less = [Dense(units: (1 << 30) - 1)]
    #expect(try Parallel(branches: [half, less]).outputWidth(inputWidth: 1) == (1 << 31) - 1)
    #expect(throws: EngineError.tooLarge(what: "branches side by side")) {
      try Parallel(branches: [half, half]).outputWidth(inputWidth: 1)
    }
    for bad in [0, -1, 1 << 31, .max] {
      #expect(throws: EngineError.invalidInputWidth(bad)) {
        try Network(inputWidth: bad, layers: [Dense(units: 1)])
      }
    }
  }

  @Test("options that make no sense")
  func options() {
    for options in [
      FitOptions(epochs: -1), FitOptions(epochs: .max), FitOptions(batchSize: 0), FitOptions(batchSize: -2),
      FitOptions(stepLimit: -1), FitOptions(budgetSeconds: -1), FitOptions(budgetSeconds: .nan),
    ] {
      #expect(throws: EngineError.self) { try fit(data, options) }
    }
    for loss in [
      Huber(delta: 0), BinaryCrossentropy(labelSmoothing: 2), CategoricalCrossentropy(labelSmoothing: -1),
      BinaryFocalCrossentropy(gamma: -1), BinaryFocalCrossentropy(alpha: .nan),
      CategoricalFocalCrossentropy(alpha: []),
      CategoricalFocalCrossentropy(labelSmoothing: 3), CategoricalGeneralizedCrossEntropy(q: 1),
    ]
      as [any Loss]
    {
      #expect(throws: EngineError.self) { try fit(data, loss: loss) }
    }
    // A batch far larger than the data is the data.
    #expect(throws: Never.self) { try fit(data, FitOptions(batchSize: 1 << 31)) }
  }

  @Test("metrics whose targets are not there")
  func metrics() {
    #expect(throws: EngineError.targetWidth(loss: "accuracy", expected: 1, found: 3)) {
      try fit(
        GradientTests.data(for: CategoricalCrossentropy(), rows: 5, inputs: 2, outputs: 3),
        loss: CategoricalCrossentropy(), units: 3, FitOptions(metrics: [SparseCategoricalAccuracy()]))
    }
    let hot = GradientTests.data(for: CategoricalCrossentropy(), rows: 5, inputs: 2, outputs: 3)
    let two = CategoricalFocalCrossentropy(alpha: [0.1, 0.2])
    #expect(throws: EngineError.self) { try fit(hot, loss: two, units: 3) }
    #expect(throws: EngineError.self) {
      try fit(hot, loss: CategoricalCrossentropy(), units: 3, FitOptions(metrics: [LossMetric(two)]))
    }
  }

  @Test("parameters, slots and predictions that do not fit")
  func parameters() throws {
    var network = try Network(inputWidth: 2, layers: [Dense(units: 3)])
    #expect(throws: EngineError.noWeights) { try network.predict(data.features) }
    #expect(throws: EngineError.unknownParameter("layers.1.kernel")) {
      try network.setParameter(name: "layers.1.kernel", shape: [2, 3], values: [])
    }
    #expect(throws: EngineError.self) {
      try network.setParameter(
        name: "layers.0.kernel", shape: [3, 2], values: [Float](repeating: 0, count: 6))
    }
    #expect(throws: EngineError.self) {
      try network.setParameter(name: "layers.0.kernel", shape: [2, 3], values: [1])
    }
    network.initializeWeights(seed: 1)
    #expect(throws: EngineError.featureWidth(expected: 2, found: 1)) {
      try network.predict(Matrix(rows: 1, columns: 1, values: [1]))
    }
    #expect(try network.predict(Matrix(rows: 0, columns: 2, values: [])).values.isEmpty)
    let one = try Network(inputWidth: 2, layers: [Dense(units: 1)])
    var trainer = try Trainer(network: one, loss: MeanSquaredError(), options: FitOptions())
    var state = TrainingState(optimizer: Adam(), slots: ["optimizer.m.layers.0.kernel": [1, 2, 3]])
    #expect(throws: EngineError.slotShape(name: "optimizer.m.layers.0.kernel", expected: 2, found: 3)) {
      _ = try trainer.fit(training: data, state: &state)
    }
  }
}
