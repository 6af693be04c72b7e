import Testing

@testable import NNEngine

/// Every kind of layer against the double reference: outputs in training and afterwards, and gradients by central differences.
@Suite("Layers")
struct LayerTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var what: String
    var layers: [any Layer]
    var testDescription: String { what }

    init(_ what: String, _ layers: [any Layer]) {
      self.what = what
      self.layers = layers
    }
  }

  /// First values that make every weight count.
  private static let some = RandomUniform(min: -0.8, max: 0.9)
  private static let affine = AffineParameters(gammaInitializer: some, betaInitializer: some)

  private static func dense(_ units: Int, _ activation: any Activation = Tanh()) -> Dense {
    Dense(units: units, activation: activation, biasInitializer: some)
  }

  static let cases: [Case] = [
    Case("batchnorm", [dense(6), BatchNormalization(affine: affine), dense(2)]),
    Case("batchnorm first", [BatchNormalization(affine: affine), dense(2)]),
    Case("batchnorm last", [dense(3), BatchNormalization(affine: affine)]),
    Case(
      "batchnorm without gamma and beta",
      [
        dense(17), BatchNormalization(epsilon: 0.1, affine: AffineParameters(scale: false, center: false)),
        dense(2),
      ]),
    Case("layernorm", [dense(6), LayerNormalization(affine: affine), dense(2)]),
    Case("layernorm, wide", [dense(35), LayerNormalization(epsilon: 0.2, affine: affine), dense(2)]),
    Case(
      "layernorm without gamma and beta",
      [dense(5), LayerNormalization(affine: AffineParameters(scale: false, center: false)), dense(2)]),
    Case("rmsnorm", [dense(6), RMSNormalization(), dense(2)]),
    Case("unit_norm", [dense(19), UnitNormalization(), dense(2)]),
    Case("prelu", [dense(18, Linear()), PReLU(alphaInitializer: some), dense(2)]),
    Case("dropout", [dense(9), Dropout(rate: 0.4), dense(2)]),
    Case("alpha_dropout", [dense(9), AlphaDropout(rate: 0.3), dense(2)]),
    Case("alpha_dropout first", [AlphaDropout(rate: 0.3), dense(2)]),
    Case("gaussian_dropout", [dense(9), GaussianDropout(rate: 0.4), dense(2)]),
    Case("noise", [dense(9), GaussianNoise(stddev: 0.5), dense(2)]),
    Case("repeat", [Repeat(count: 3, layers: [dense(4), PReLU(alphaInitializer: some)]), dense(2)]),
    Case("repeat last", [dense(4), Repeat(count: 2, layers: [dense(2, Sigmoid())])]),
    Case("residual", [dense(5), Residual(layers: [dense(7), dense(5, Linear())]), dense(2)]),
    Case("residual first", [Residual(layers: [dense(3)]), dense(2)]),
    Case("residual last", [dense(2), Residual(layers: [dense(6), dense(2)])]),
    Case(
      "residual of what works in place", [dense(5), Residual(layers: [ActivationLayer(Tanh())]), dense(2)]),
    Case("residual of nothing", [dense(5), Residual(layers: [Dropout(rate: 0)]), dense(2)]),
    Case(
      "parallel", [dense(5), Parallel(branches: [[dense(3), dense(4)], [dense(2, Sigmoid())]]), dense(2)]),
    Case(
      "parallel first, over a group of sixteen", [Parallel(branches: [[dense(13)], [dense(9)]]), dense(2)]),
    Case("parallel with the input itself", [dense(5), Parallel(branches: [[], [dense(3)], []]), dense(2)]),
    Case("parallel last", [dense(4), Parallel(branches: [[dense(1)], [dense(1, Sigmoid())]])]),
    Case(
      "blocks in blocks",
      [
        dense(6),
        Residual(layers: [
          Parallel(branches: [
            [dense(4), LayerNormalization(affine: affine)],
            [Repeat(count: 2, layers: [Residual(layers: [dense(6), AlphaDropout(rate: 0.2)])]), dense(2)],
          ]),
          BatchNormalization(affine: affine),
        ]),
        dense(2),
      ]),
    Case(
      "penalties on all that has weights",
      [
        Dense(units: 5, kernelInitializer: some, kernelRegularizer: OrthogonalRegularizer(factor: 0.3)),
        BatchNormalization(
          affine: AffineParameters(
            gammaInitializer: some, betaInitializer: some, gammaRegularizer: L1L2(l2: 0.2),
            betaRegularizer: L1L2(l1: 0.1))
        ),
        PReLU(alphaInitializer: some, alphaRegularizer: L1L2(l1: 0.05, l2: 0.1)),
        Residual(layers: [
          Dense(
            units: 5, biasInitializer: some,
            kernelRegularizer: OrthogonalRegularizer(factor: 0.2, mode: .columns),
            biasRegularizer: L1L2(l2: 0.3))
        ]),
        dense(2),
      ]),
  ]

  private func network(_ layers: [any Layer]) throws -> Network {
    var network = try Network(inputWidth: 3, layers: layers)
    network.initializeWeights(seed: 7)
    return network
  }

  private func data() -> Dataset { syntheticRegression(rows: 9, inputs: 3, outputs: 2) }

  @Test(arguments: cases.map(\.what))
  func gradients(_ what: String) throws {
    let layers = try #require(LayerTests.cases.first { $0.what == what }).layers
    let network = try network(layers)
    var data = data()
    if network.outputWidth != 2 {
      data = syntheticRegression(rows: 9, inputs: 3, outputs: network.outputWidth)
    }
    let (loss, gradients) = try GradientTests.engine(network, MeanSquaredError(), data)
    let reference = LayerReference(network)
    let expected = try reference.loss(data)
    #expect(abs(Double(loss) - expected) < 3e-6 * max(1, expected), "loss \(loss), not \(expected)")
    for (parameter, gradient) in zip(network.parameters, gradients) where parameter.isTrainable {
      var worst = 0.0
      var scale = 1e-2
      for index in gradient.indices {
        func moved(_ by: Double) throws -> Double {
          var other = reference
          other.weights[parameter.name]?[index] += by
          return try other.loss(data)
        }
        let slope = (try moved(1e-5) - moved(-1e-5)) / 2e-5
        scale = max(scale, abs(slope))
        worst = max(worst, abs(slope - Double(gradient[index])))
      }
      #expect(worst < 3e-5 * max(1, scale), "\(parameter.name) is off by \(worst)")
    }
  }

  @Test(
    "outside of training there is no noise, and batches are normalized by moving statistics",
    arguments: cases.map(\.what))
  func inference(_ what: String) throws {
    let layers = try #require(LayerTests.cases.first { $0.what == what }).layers
    var network = try network(layers)
    for parameter in network.parameters where !parameter.isTrainable {
      let values = parameter.values.indices.map { 0.3 + 0.1 * Float($0 % 5) }
      try network.setParameter(name: parameter.name, shape: parameter.shape, values: values)
    }
    let x = data().features
    let expected = try LayerReference(network, isTraining: false).outputs(LayerReference.rows(x)).flatMap {
      $0
    }
    let values = try network.predict(x).values
    for (value, reference) in zip(values, expected) {
      #expect(abs(Double(value) - reference) < 3e-6 * max(1, abs(reference)))
    }
  }

  @Test("moving statistics move by 1 − momentum towards the batch's, and no optimizer touches them")
  func movingStatistics() throws {
    let layers: [any Layer] = [BatchNormalization(momentum: 0.75), Dense(units: 1)]
    let data = syntheticRegression(rows: 8, inputs: 3, outputs: 1)
    var trainer = try Trainer(
      network: Network(inputWidth: 3, layers: layers), loss: MeanSquaredError(),
      options: FitOptions(epochs: 1, batchSize: 8, shuffle: false))
    var state = TrainingState(optimizer: SGD(momentum: 0.9))
    _ = try trainer.fit(training: data, state: &state)
    let names = trainer.network.parameters.map(\.name)
    #expect(
      names == [
        "layers.0.gamma", "layers.0.beta", "layers.0.moving_mean", "layers.0.moving_variance",
        "layers.1.kernel",
        "layers.1.bias",
      ])
    #expect(trainer.network.parameterCount == 16 && trainer.network.trainableCount == 10)
    #expect(!state.slots.keys.contains { $0.contains("moving") })
    for unit in 0..<3 {
      let column = (0..<8).map { Double(data.features.values[$0 * 3 + unit]) }
      let mean = column.reduce(0, +) / 8
      let variance = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 8
      #expect(abs(Double(trainer.network.parameters[2].values[unit]) - 0.25 * mean) < 1e-6)
      #expect(abs(Double(trainer.network.parameters[3].values[unit]) - (0.75 + 0.25 * variance)) < 1e-6)
    }
  }

  @Test("a continued fit goes on with moving statistics and draws as if it had not stopped")
  func continued() throws {
    func train(_ parts: [Int]) throws -> String {
      let data = syntheticRegression(rows: 40, inputs: 3, outputs: 2)
      var network = try network(LayerTests.cases.first { $0.what == "blocks in blocks" }?.layers ?? [])
      var state = TrainingState(optimizer: Adam())
      for epochs in parts {
        var trainer = try Trainer(
          network: network, loss: MeanSquaredError(),
          options: FitOptions(epochs: epochs, batchSize: 16, seed: 5))
        _ = try trainer.fit(training: data, state: &state)
        network = trainer.network
      }
      return network.digest
    }
    #expect(try train([4]) == train([1, 3]))
  }

  @Test("one digest for every instruction set and number of threads", arguments: cases.map(\.what))
  func sameBits(_ what: String) throws {
    let layers = try #require(LayerTests.cases.first { $0.what == what }).layers
    var digests: Set<String> = []
    for set in InstructionSet.available {
      for threads in [1, 2] {
        let network = try network(layers)
        var trainer = try Trainer(
          network: network, loss: MeanSquaredError(),
          options: FitOptions(epochs: 2, batchSize: 7, seed: 3, threads: threads, instructionSet: set))
        var state = TrainingState(optimizer: Adam())
        let data = syntheticRegression(rows: 23, inputs: 3, outputs: network.outputWidth)
        _ = try trainer.fit(training: data, validation: data, state: &state)
        digests.insert(trainer.network.digest)
      }
    }
    #expect(digests.count == 1)
  }

  @Test("nested weights are named by their places")
  func names() throws {
    let network = try Network(
      inputWidth: 2,
      layers: [
        Repeat(count: 2, layers: [Dense(units: 2, useBias: false), PReLU()]),
        Parallel(branches: [[], [Residual(layers: [Dense(units: 2)])]]),
      ])
    #expect(
      network.parameters.map(\.name) == [
        "layers.0.layers.0.kernel", "layers.0.layers.1.alpha", "layers.0.layers.2.kernel",
        "layers.0.layers.3.alpha",
        "layers.1.branches.1.layers.0.layers.0.kernel", "layers.1.branches.1.layers.0.layers.0.bias",
      ])
    #expect(network.outputWidth == 4)
  }

  @Test("what cannot be is an error")
  func refusals() {
    func refused(_ layers: [any Layer]) -> EngineError? {
      do {
        _ = try Network(inputWidth: 3, layers: layers)
        return nil
      } catch { return error }
    }
    #expect(refused([Residual(layers: [Dense(units: 2)])]) == .residualWidth(input: 3, output: 2))
    #expect(refused([Parallel(branches: [])]) == .noLayers)
    for layer: any Layer in [
      Repeat(count: 0, layers: [Dense(units: 1)]), Repeat(count: 2, layers: []),
      BatchNormalization(momentum: 1.5),
      BatchNormalization(epsilon: 0), LayerNormalization(epsilon: -1), RMSNormalization(epsilon: .nan),
      AlphaDropout(rate: 1), GaussianDropout(rate: -0.1), GaussianNoise(stddev: .infinity),
      Dense(units: 2, biasInitializer: Orthogonal()),
      Dense(units: 2, biasRegularizer: OrthogonalRegularizer()),
      Dense(units: 1, kernelRegularizer: OrthogonalRegularizer(mode: .columns)),
      Dense(units: 2, biasConstraint: MaxNorm(axis: .outputs)),
      Dense(units: 2, kernelConstraint: MinMaxNorm(minValue: 3)),
      Dense(units: 2, activityRegularizer: OrthogonalRegularizer()), PReLU(alphaInitializer: Identity()),
      Residual(layers: [Dropout(rate: 2)]), Dense(units: 2, kernelInitializer: VarianceScaling(scale: 0)),
    ] {
      guard case .invalidOption? = refused([layer]) else {
        Issue.record("\(layer) is taken")
        continue
      }
    }
  }

  @Test("a row of zeros stays zeros under unit_norm, and its gradient is finite")
  func zeroRow() throws {
    let network = try network([UnitNormalization(), Dense(units: 1)])
    let zeros = Matrix(rows: 2, columns: 3, values: [0, 0, 0, 3, 0, 4])
    let outputs = try Network(inputWidth: 3, layers: [UnitNormalization()]).predict(zeros).values
    #expect(outputs == [0, 0, 0, 0.6, 0, 0.8])
    let data = Dataset(features: zeros, targets: Matrix(rows: 2, columns: 1, values: [1, 2]))
    let (_, gradients) = try GradientTests.engine(network, MeanSquaredError(), data)
    #expect(gradients.allSatisfy { $0.allSatisfy(\.isFinite) })
  }
}
