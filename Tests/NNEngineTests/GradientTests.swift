import Testing

@testable import NNEngine

/// Every layer × loss × activation: the engine's gradients against central differences of the double reference.
@Suite("Gradients against finite differences")
struct GradientTests {
  static let activations: [any Activation] = [
    Linear(), ReLU(), ReLU(negativeSlope: 0.1, maxValue: 1.5, threshold: 0.2), Sigmoid(), Tanh(), Softmax(),
    LeakyReLU(), LeakyReLU(negativeSlope: 0), ELU(), ELU(alpha: 0.7), GELU(), GELU(approximate: true),
  ]
  static let plainLosses: [any Loss] = [MeanAbsoluteError(), MeanSquaredError(), Huber(), Huber(delta: 0.3)]
  static let logitLosses: [any Loss] = [
    BinaryCrossentropy(fromLogits: true), BinaryCrossentropy(fromLogits: true, labelSmoothing: 0.2),
    CategoricalCrossentropy(fromLogits: true), CategoricalCrossentropy(fromLogits: true, labelSmoothing: 0.1),
    SparseCategoricalCrossentropy(fromLogits: true),
    SparseCategoricalCrossentropy(fromLogits: true, ignoreClass: 1),
  ]
  /// These take probabilities, which only some activations give.
  static let probabilityLosses: [any Loss] = [
    BinaryCrossentropy(), BinaryCrossentropy(labelSmoothing: 0.2), CategoricalCrossentropy(),
    CategoricalCrossentropy(labelSmoothing: 0.1), SparseCategoricalCrossentropy(),
    SparseCategoricalCrossentropy(ignoreClass: 1),
  ]

  /// An output activation that gives what the loss takes.
  static func head(_ loss: any Loss) -> any Activation {
    if loss is CategoricalCrossentropy || loss is SparseCategoricalCrossentropy { return Softmax() }
    return Sigmoid()
  }

  static func data(for loss: any Loss, rows: Int, inputs: Int, outputs: Int) -> Dataset {
    switch loss {
    case is SparseCategoricalCrossentropy:
      return syntheticClasses(rows: rows, inputs: inputs, classes: outputs)
    case is CategoricalCrossentropy:
      return oneHot(syntheticClasses(rows: rows, inputs: inputs, classes: outputs), classes: outputs)
    case is BinaryCrossentropy:
      let x = syntheticMatrix(rows: rows, columns: inputs, seed: 3)
      let t = syntheticMatrix(rows: rows, columns: outputs, seed: 4).values.map { $0 > 0 ? Float(1) : 0 }
      return Dataset(features: x, targets: Matrix(rows: rows, columns: outputs, values: t))
    default: return syntheticRegression(rows: rows, inputs: inputs, outputs: outputs)
    }
  }

  /// Gradients from one step of a plan, parameter by parameter, with the loss.
  static func engine(_ network: Network, _ loss: any Loss, _ data: Dataset, set: InstructionSet? = nil) throws
    -> (loss: Float, gradients: [[Float]])
  {
    let optimizer = SGD(learningRate: 0)
    let plan = TrainingPlan(
      network, data: data, loss: loss, optimizer: optimizer,
      options: FitOptions(batchSize: data.features.rows, shuffle: false),
      executor: Executor(kernels: try InstructionSet.resolve(set), threads: 1))
    plan.beginEpoch(0)
    let value = plan.step(data, start: 0, rows: data.features.rows, step: 0, iteration: 0)
    let store = plan.network.parameters
    return (value, store.entries.map { store.read(entry: $0, from: store.gradients) })
  }

  static func compare(_ network: Network, _ loss: any Loss, _ data: Dataset, _ what: String) throws {
    let (value, gradients) = try engine(network, loss, data)
    let expected = ReferenceNetwork(network).loss(loss, data)
    #expect(
      abs(Double(value) - expected) < 3e-6 * max(1, abs(expected)), "\(what): loss \(value), not \(expected)")
    let step = 1e-5
    var at = 0
    for (parameter, gradient) in zip(network.parameters, gradients) {
      var worst = 0.0
      var scale = 1e-2
      for index in gradient.indices {
        func moved(_ by: Double) -> Double {
          var reference = ReferenceNetwork(network)
          let dense = network.layers[..<parameter.layer].filter { $0 is Dense }.count
          let columns = parameter.shape.last ?? 1
          if parameter.shape.count == 2 {
            reference.layers[dense].kernel[index / columns][index % columns] += by
          } else {
            reference.layers[dense].bias?[index] += by
          }
          return reference.loss(loss, data)
        }
        let slope = (moved(step) - moved(-step)) / (2 * step)
        scale = max(scale, abs(slope))
        worst = max(worst, abs(slope - Double(gradient[index])))
      }
      at += 1
      #expect(worst < 2e-5 * max(1, scale), "\(what): \(parameter.name) is off by \(worst)")
    }
  }

  private func network(hidden: any Activation, output: any Activation, outputs: Int = 3) throws -> Network {
    var network = try Network(
      inputWidth: 3,
      layers: [
        Dense(units: 5, activation: hidden, biasInitializer: RandomUniform(min: -0.3, max: 0.3)),
        Dense(units: outputs, activation: output, biasInitializer: RandomUniform(min: -0.3, max: 0.3)),
      ])
    network.initializeWeights(seed: 11)
    return network
  }

  @Test("every hidden activation under every loss", arguments: activations.indices)
  func hidden(index: Int) throws {
    let activation = GradientTests.activations[index]
    for loss in GradientTests.plainLosses + GradientTests.logitLosses + GradientTests.probabilityLosses {
      let isProbability = GradientTests.probabilityLosses.contains {
        $0.kernel.fromPredictions == loss.kernel.fromPredictions
      }
      let output: any Activation = isProbability ? GradientTests.head(loss) : Linear()
      let data = GradientTests.data(for: loss, rows: 6, inputs: 3, outputs: 3)
      try GradientTests.compare(
        network(hidden: activation, output: output), loss, data, "\(activation.name) under \(loss.name)")
    }
  }

  @Test("every output activation under every loss that can take it", arguments: activations.indices)
  func output(index: Int) throws {
    let activation = GradientTests.activations[index]
    for loss in GradientTests.plainLosses + GradientTests.logitLosses {
      let data = GradientTests.data(for: loss, rows: 5, inputs: 3, outputs: 3)
      try GradientTests.compare(
        network(hidden: Tanh(), output: activation), loss, data, "\(loss.name) after \(activation.name)")
    }
    guard activation is Sigmoid || activation is Softmax else { return }
    for loss in GradientTests.probabilityLosses {
      let data = GradientTests.data(for: loss, rows: 5, inputs: 3, outputs: 3)
      try GradientTests.compare(
        network(hidden: Tanh(), output: activation), loss, data, "\(loss.name) after \(activation.name)")
    }
  }

  @Test("probabilities that come from elsewhere than a softmax or a sigmoid")
  func plainProbabilities() throws {
    for loss in GradientTests.probabilityLosses {
      let data = GradientTests.data(for: loss, rows: 6, inputs: 3, outputs: 3)
      var network = try Network(
        inputWidth: 3,
        layers: [
          Dense(units: 5, activation: Tanh()),
          Dense(
            units: 3, activation: ReLU(), kernelInitializer: RandomUniform(min: -0.1, max: 0.1),
            biasInitializer: Constant(value: 0.5)),
        ])
      network.initializeWeights(seed: 6)
      try GradientTests.compare(network, loss, data, "\(loss.name) of plain numbers")
    }
  }

  @Test("relu's gradient at its kinks is Keras's")
  func kinks() throws {
    for (relu, x, slope) in [
      (ReLU(), 0, 0), (ReLU(negativeSlope: 0.2), 0, 0.2), (ReLU(negativeSlope: 0.2, maxValue: 3), 0, 0),
      (ReLU(negativeSlope: 0.1, threshold: 0.5), 0.5, 0), (ReLU(maxValue: 3), 3, 1),
      (ReLU(maxValue: 6), 6, 0),
      (ReLU(maxValue: 6, threshold: 0.5), 6, 1), (ReLU(negativeSlope: 0.1, maxValue: 6), 6, 0),
      (ReLU(maxValue: 3), 3.5, 0), (ReLU(threshold: 1), 1, 0),
    ] as [(ReLU, Float, Float)] {
      var network = try Network(inputWidth: 1, layers: [Dense(units: 1, activation: relu)])
      try network.setParameter(name: "layers.0.kernel", shape: [1, 1], values: [0])
      try network.setParameter(name: "layers.0.bias", shape: [1], values: [x])
      let data = Dataset(
        features: Matrix(rows: 1, columns: 1, values: [1]), targets: Matrix(rows: 1, columns: 1, values: [-9])
      )
      // Under this loss the gradient by the output is 1.
      let gradients = try GradientTests.engine(network, MeanAbsoluteError(), data).gradients
      #expect(gradients[1][0] == slope, "\(relu) at \(x)")
    }
  }

  @Test("probabilities outside of [1e-7, 1 - 1e-7] are cut, and send no gradient back")
  func clipping() throws {
    var network = try Network(inputWidth: 1, layers: [Dense(units: 3)])
    try network.setParameter(name: "layers.0.kernel", shape: [1, 3], values: [0, 0, 0])
    try network.setParameter(name: "layers.0.bias", shape: [3], values: [1.5, -0.25, 0.5])
    let features = Matrix(rows: 1, columns: 1, values: [1])
    let binary = Dataset(features: features, targets: Matrix(rows: 1, columns: 3, values: [0, 1, 1]))
    try GradientTests.compare(network, BinaryCrossentropy(), binary, "cut binary cross-entropy")
    #expect(try GradientTests.engine(network, BinaryCrossentropy(), binary).gradients[1][0] == 0)
    let sparse = Dataset(features: features, targets: Matrix(rows: 1, columns: 1, values: [1]))
    try GradientTests.compare(network, SparseCategoricalCrossentropy(), sparse, "cut sparse cross-entropy")
    #expect(try GradientTests.engine(network, SparseCategoricalCrossentropy(), sparse).gradients[1][1] == 0)
    let hot = Dataset(features: features, targets: Matrix(rows: 1, columns: 3, values: [0, 1, 0]))
    try GradientTests.compare(network, CategoricalCrossentropy(), hot, "cut categorical cross-entropy")
  }

  @Test("a softmax or sigmoid that has saturated still learns, for the loss is taken from its logits")
  func saturated() throws {
    for (loss, activation, targets) in [
      (CategoricalCrossentropy(), Softmax(), [0, 1]), (BinaryCrossentropy(), Sigmoid(), [0, 1]),
    ] as [(any Loss, any Activation, [Float])] {
      var network = try Network(inputWidth: 1, layers: [Dense(units: 2, activation: activation)])
      try network.setParameter(name: "layers.0.kernel", shape: [1, 2], values: [60, -60])
      try network.setParameter(name: "layers.0.bias", shape: [2], values: [0, 0])
      let data = Dataset(
        features: Matrix(rows: 1, columns: 1, values: [1]),
        targets: Matrix(rows: 1, columns: 2, values: targets))
      let (value, gradients) = try GradientTests.engine(network, loss, data)
      #expect(value > 50)
      #expect(gradients[0][0] > 0.4 && gradients[0][1] < -0.4)
    }
  }

  @Test("sample weights scale rows and divide by the count of rows")
  func sampleWeights() throws {
    for loss in GradientTests.plainLosses + GradientTests.probabilityLosses {
      var data = GradientTests.data(for: loss, rows: 5, inputs: 3, outputs: 3)
      data.weights = [0.5, 2, 0, 1, 3.5]
      try GradientTests.compare(
        network(hidden: Tanh(), output: GradientTests.head(loss)), loss, data, "weighted \(loss.name)")
    }
  }

  @Test("an activation as a layer of its own gives what it gives inside a dense layer")
  func activationLayer() throws {
    for activation in GradientTests.activations {
      for loss in [MeanSquaredError(), CategoricalCrossentropy(fromLogits: true)] as [any Loss] {
        var inside = try Network(
          inputWidth: 3,
          layers: [Dense(units: 4, activation: activation), Dense(units: 3, activation: activation)])
        inside.initializeWeights(seed: 5)
        var outside = try Network(
          inputWidth: 3,
          layers: [
            Dense(units: 4), ActivationLayer(activation), Dropout(rate: 0), Dense(units: 3),
            ActivationLayer(activation),
          ])
        for (from, to) in zip(inside.parameters, outside.parameters) {
          try outside.setParameter(name: to.name, shape: to.shape, values: from.values)
        }
        let data = GradientTests.data(for: loss, rows: 7, inputs: 3, outputs: 3)
        let one = try GradientTests.engine(inside, loss, data)
        let other = try GradientTests.engine(outside, loss, data)
        #expect(one.loss == other.loss, "\(activation.name)")
        #expect(one.gradients == other.gradients, "\(activation.name)")
        #expect(try inside.predict(data.features) == outside.predict(data.features))
      }
    }
  }

  @Test("penalties on kernels, biases and activities, with and without a fused head")
  func penalties() throws {
    let l1 = L1L2(l1: 0.03)
    let both = L1L2(l1: 0.02, l2: 0.05)
    for (loss, output) in [
      (MeanSquaredError(), Tanh()), (CategoricalCrossentropy(), Softmax()), (BinaryCrossentropy(), Sigmoid()),
      (MeanAbsoluteError(), Linear()),
    ] as [(any Loss, any Activation)] {
      var network = try Network(
        inputWidth: 3,
        layers: [
          Dense(
            units: 5, activation: Sigmoid(), biasInitializer: RandomNormal(stddev: 0.4),
            kernelRegularizer: both,
            biasRegularizer: l1, activityRegularizer: both),
          Dense(
            units: 3, activation: output, kernelRegularizer: l1, activityRegularizer: L1L2(l2: 0.4)),
        ])
      network.initializeWeights(seed: 21)
      let data = GradientTests.data(for: loss, rows: 6, inputs: 3, outputs: 3)
      try GradientTests.compare(network, loss, data, "penalties with \(loss.name)")
    }
  }

  @Test("wide layers, past one group of sixteen")
  func wide() throws {
    var network = try Network(
      inputWidth: 19, layers: [Dense(units: 33, activation: GELU()), Dense(units: 17, activation: Softmax())])
    network.initializeWeights(seed: 2)
    let loss = CategoricalCrossentropy()
    let data = GradientTests.data(for: loss, rows: 3, inputs: 19, outputs: 17)
    let (value, gradients) = try GradientTests.engine(network, loss, data)
    let reference = ReferenceNetwork(network)
    #expect(abs(Double(value) - reference.loss(loss, data)) < 1e-5)
    // A few elements of each tensor, among them the last.
    for (place, unit) in [(0, 0), (18, 32), (7, 16), (3, 31)] {
      var up = reference
      var down = reference
      up.layers[0].kernel[place][unit] += 1e-5
      down.layers[0].kernel[place][unit] -= 1e-5
      let slope = (up.loss(loss, data) - down.loss(loss, data)) / 2e-5
      #expect(abs(slope - Double(gradients[0][place * 33 + unit])) < 2e-5)
    }
  }
}
