import Testing

@testable import NNEngine

/// Every layer × loss × activation: the engine's gradients against central differences of the double reference.
@Suite("Gradients against finite differences")
struct GradientTests {
  /// Gradients from one step of a plan, parameter by parameter, with the loss.
  static func engine(_ network: Network, _ loss: any Loss, _ data: Dataset, set: InstructionSet? = nil) throws
    -> (loss: Float, gradients: [[Float]])
  {
    let optimizer = SGD(learningRate: 0)
    let plan = TrainingPlan(
      network, data: data.shape, window: data.rowCount, loss: loss, optimizer: optimizer,
      options: FitOptions(batchSize: data.features.rows, shuffle: false),
      executor: Executor(kernels: try InstructionSet.resolve(set), threads: 1))
    plan.beginWindow(0, rows: data.rowCount, pass: 0)
    let value = plan.step(data, start: 0, rows: data.features.rows, step: 0, iteration: 0)
    let store = plan.network.parameters
    return (try #require(value), store.entries.map { store.read(entry: $0, from: store.gradients) })
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
      inputWidth: 2,
      layers: [
        GradientTests.dense(3, hidden, bias: RandomUniform(min: -0.3, max: 0.3)),
        GradientTests.dense(outputs, output, bias: RandomUniform(min: -0.3, max: 0.3)),
      ])
    network.initializeWeights(seed: 11)
    return network
  }

  @Test(
    "every hidden activation under every third loss, every loss above every third activation",
    arguments: activations.indices)
  func hidden(index: Int) throws {
    let activation = GradientTests.activations[index]
    for (place, loss) in GradientTests.losses.enumerated() where (place + index).isMultiple(of: 3) {
      let plain = !GradientTests.takesProbabilities(loss) && !(loss is Poisson)
      let data = GradientTests.data(for: loss, rows: 4, inputs: 2, outputs: 3)
      try GradientTests.compare(
        network(hidden: activation, output: plain ? Linear() : GradientTests.head(loss)), loss, data,
        "\(activation.name) under \(loss.name)")
    }
  }

  @Test("every output activation under every loss that can take it", arguments: activations.indices)
  func output(index: Int) throws {
    let activation = GradientTests.activations[index]
    for loss in GradientTests.plainLosses + GradientTests.logitLosses {
      let data = GradientTests.data(for: loss, rows: 4, inputs: 2, outputs: 3)
      try GradientTests.compare(
        network(hidden: Tanh(), output: activation), loss, data, "\(loss.name) after \(activation.name)")
    }
    let isPositive =
      activation is Softplus || activation is Squareplus || activation is Exponential || activation is Sigmoid
      || activation is Softmax
    for loss in GradientTests.positiveLosses where isPositive {
      let data = GradientTests.data(for: loss, rows: 4, inputs: 2, outputs: 3)
      try GradientTests.compare(
        network(hidden: Tanh(), output: activation), loss, data, "\(loss.name) after \(activation.name)")
    }
    guard activation is Sigmoid || activation is Softmax else { return }
    for loss in GradientTests.probabilityLosses {
      let data = GradientTests.data(for: loss, rows: 4, inputs: 2, outputs: 3)
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

  @Test("gradients at kinks are Keras's")
  func kinks() throws {
    for (activation, x, slope) in [
      (ReLU(), 0, 0), (ReLU(negativeSlope: 0.2), 0, 0.2), (ReLU(negativeSlope: 0.2, maxValue: 3), 0, 0),
      (ReLU(negativeSlope: 0.1, threshold: 0.5), 0.5, 0), (ReLU(maxValue: 3), 3, 1),
      (ReLU(maxValue: 6), 6, 0),
      (ReLU(maxValue: 6, threshold: 0.5), 6, 1), (ReLU(negativeSlope: 0.1, maxValue: 6), 6, 0),
      (ReLU(maxValue: 3), 3.5, 0), (ReLU(threshold: 1), 1, 0), (ReLU(maxValue: 1, threshold: -1), -0.5, 0),
      (ReLU(maxValue: 1, threshold: -1), 0, 1), (ReLU(threshold: -1), -0.5, 1), (ReLU6(), 0, 0),
      (ReLU6(), 6, 0),
      (LeakyReLU(), 0, 0.2), (LeakyReLU(negativeSlope: -0.5), 0, -0.5), (ELU(), 0, 1),
      (ELU(alpha: 0.7), 0, 0.7),
      (ELU(alpha: -0.7), 0, -0.7), (CELU(), 0, 2), (CELU(alpha: 3), 0, 2), (SELU(), 0, 1.0507009873554805),
      (Squareplus(b: 0), 0, 0.5), (SparsePlus(), -1, 0), (SparsePlus(), 1, 1), (HardSigmoid(), -3, 0),
      (HardSigmoid(), 3, 0), (SparseSigmoid(), -1, 0), (SparseSigmoid(), 1, 0), (HardTanh(), -1, 1),
      (HardTanh(), 1, 1),
      (SoftShrink(), 0.5, 0), (SoftShrink(), -0.5, 0), (HardShrink(), 0.5, 0), (HardShrink(), -0.5, 0),
      (Threshold(threshold: 0.5, defaultValue: 2), 0.5, 0), (HardSiLU(), -3, 0), (HardSiLU(), 3, 1),
    ] as [(any Activation, Float, Float)] {
      var network = try Network(inputWidth: 1, layers: [Dense(units: 1, activation: activation)])
      try network.setParameter(name: "layers.0.kernel", shape: [1, 1], values: [0])
      try network.setParameter(name: "layers.0.bias", shape: [1], values: [x])
      let data = Dataset(
        features: Matrix(rows: 1, columns: 1, values: [1]), targets: Matrix(rows: 1, columns: 1, values: [-9])
      )
      // Under this loss the gradient by the output is 1.
      let gradients = try GradientTests.engine(network, MeanAbsoluteError(), data).gradients
      #expect(gradients[1][0] == slope, "\(activation) at \(x)")
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
    for loss in GradientTests.losses {
      var data = GradientTests.data(for: loss, rows: 5, inputs: 2, outputs: 3)
      data.weights = [0.5, 2, 0, 1, 3.5]
      try GradientTests.compare(
        network(hidden: Tanh(), output: GradientTests.head(loss)), loss, data, "weighted \(loss.name)")
    }
  }

  @Test("an activation as a layer of its own gives what it gives inside a dense layer")
  func activationLayer() throws {
    for activation in GradientTests.activations {
      for loss in [MeanSquaredError(), CategoricalCrossentropy(fromLogits: true)] as [any Loss] {
        let first = GradientTests.dense(4, activation)
        let second = GradientTests.dense(3, activation)
        var inside = try Network(inputWidth: 3, layers: [first, second])
        inside.initializeWeights(seed: 5)
        var outside = try Network(
          inputWidth: 3,
          layers: [
            Dense(units: first.units), ActivationLayer(activation), Dropout(rate: 0),
            Dense(units: second.units),
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
        // A metric that looks behind the activation keeps what went in, and a loss that does not must not see it.
        for network in [inside, outside] {
          let metrics = [LossMetric(loss, name: "again"), LossMetric(BinaryCrossentropy(fromLogits: true))]
          let values = try evaluate(network, on: data, loss: loss, metrics: metrics)
          let expected = ReferenceNetwork(network).loss(loss, data)
          #expect(abs(values[0].value - expected) < 3e-6 * max(1, abs(expected)), "\(activation.name)")
          #expect(values[1].value == values[0].value, "\(activation.name)")
        }
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
    for (index, loss) in GradientTests.losses.enumerated() {
      let activation = GradientTests.activations[index % GradientTests.activations.count]
      var network = try Network(
        inputWidth: 19,
        layers: [GradientTests.dense(33, activation), GradientTests.dense(17, GradientTests.head(loss))])
      network.initializeWeights(seed: 2)
      let data = GradientTests.data(for: loss, rows: 3, inputs: 19, outputs: 17)
      let (value, gradients) = try GradientTests.engine(network, loss, data)
      let reference = ReferenceNetwork(network)
      let expected = reference.loss(loss, data)
      #expect(abs(Double(value) - expected) < 1e-5 * max(1, abs(expected)), "\(loss.name)")
      // A few elements of each tensor, among them the last.
      for (layer, place, unit) in [(0, 0, 0), (0, 18, 32), (0, 7, 16), (0, 3, 31), (1, 32, 16), (1, 5, 0)] {
        var up = reference
        var down = reference
        up.layers[layer].kernel[place][unit] += 1e-5
        down.layers[layer].kernel[place][unit] -= 1e-5
        let slope = (up.loss(loss, data) - down.loss(loss, data)) / 2e-5
        let columns = reference.layers[layer].kernel[0].count
        let own = Double(gradients[2 * layer][place * columns + unit])
        #expect(abs(slope - own) < 3e-5 * max(1, abs(slope)), "\(activation.name) under \(loss.name)")
      }
    }
  }

  @Test("hinge takes 0 and 1 for −1 and 1, but only in a batch where there is nothing else")
  func hingeTargets() throws {
    var network = try Network(inputWidth: 1, layers: [Dense(units: 1)])
    try network.setParameter(name: "layers.0.kernel", shape: [1, 1], values: [1])
    try network.setParameter(name: "layers.0.bias", shape: [1], values: [0])
    let x: [Float] = [0.5, -0.25, 0.5, 2]
    func loss(_ targets: [Float], batch: Int) throws -> Double {
      let data = Dataset(
        features: Matrix(rows: 4, columns: 1, values: x),
        targets: Matrix(rows: 4, columns: 1, values: targets))
      let values = try evaluate(
        network, on: data, loss: Hinge(), metrics: [LossMetric(Hinge())], batchSize: batch)
      #expect(values[0].value == values[1].value)
      return values[0].value
    }
    #expect(try loss([1, 0, 0, 1], batch: 4) == (0.5 + 0.75 + 1.5 + 0) / 4)
    #expect(try loss([1, -1, -1, 1], batch: 4) == (0.5 + 0.75 + 1.5 + 0) / 4)
    // One batch of 0 and 1, one of other numbers, where 0 is a target of its own.
    #expect(try loss([1, 0, 0, 2], batch: 2) == (0.5 + 0.75 + 1 + 0) / 4)
    #expect(try loss([1, 0, 0, 2], batch: 4) == (0.5 + 1 + 1 + 0) / 4)
  }

  @Test("equal maxima of a categorical hinge share the gradient")
  func hingeTies() throws {
    var network = try Network(inputWidth: 1, layers: [Dense(units: 4)])
    try network.setParameter(name: "layers.0.kernel", shape: [1, 4], values: [0, 0, 0, 0])
    try network.setParameter(name: "layers.0.bias", shape: [4], values: [0.5, 2, 2, 1])
    let data = Dataset(
      features: Matrix(rows: 1, columns: 1, values: [1]),
      targets: Matrix(rows: 1, columns: 4, values: [1, 0, 0, 0]))
    let (value, gradients) = try GradientTests.engine(network, CategoricalHinge(), data)
    #expect(value == 2.5)
    #expect(gradients[1] == [-1, 0.5, 0.5, 0])
  }

  @Test("a row of zeros has a cosine, and no gradient that is not finite")
  func zeroRow() throws {
    var network = try Network(inputWidth: 1, layers: [Dense(units: 2)])
    try network.setParameter(name: "layers.0.kernel", shape: [1, 2], values: [0, 0])
    try network.setParameter(name: "layers.0.bias", shape: [2], values: [0, 0])
    let data = Dataset(
      features: Matrix(rows: 1, columns: 1, values: [1]),
      targets: Matrix(rows: 1, columns: 2, values: [3, -4]))
    let (value, gradients) = try GradientTests.engine(network, CosineSimilarity(), data)
    #expect(value == 0)
    #expect(gradients[1].map { ($0 / 1e6).rounded() } == [-6, 8])
  }

  @Test("a weight for each class")
  func classWeights() throws {
    for fromLogits in [false, true] {
      let loss = CategoricalFocalCrossentropy(alpha: [0.1, 0.5, 0.9], gamma: 1.5, fromLogits: fromLogits)
      let data = GradientTests.data(for: loss, rows: 6, inputs: 2, outputs: 3)
      try GradientTests.compare(
        network(hidden: Tanh(), output: fromLogits ? Linear() : Softmax()), loss, data, "a list of alphas")
    }
  }
}
