import Testing

@testable import NNEngine

/// What must hold of any network: symmetries of scale, shift and order, and the smallest, emptiest and most uniform data.
@Suite("Properties of numbers")
struct NumberPropertyTests {
  private func network(
    _ inputs: Int, _ layers: [any Layer], seed: UInt64 = 3
  ) throws -> Network {
    var network = try Network(inputWidth: inputs, layers: layers)
    network.initializeWeights(seed: seed)
    return network
  }

  private func values(_ network: Network, _ name: String) throws -> [Float] {
    try #require(network.parameters.first { $0.name == name }).values
  }

  private func set(_ name: String, of network: inout Network, _ change: ([Float]) -> [Float]) throws {
    let parameter = try #require(network.parameters.first { $0.name == name })
    try network.setParameter(name: name, shape: parameter.shape, values: change(parameter.values))
  }

  private func permuted(columns order: [Int], _ matrix: Matrix) -> Matrix {
    let values = (0..<matrix.rows).flatMap { row in order.map { matrix.values[row * matrix.columns + $0] } }
    return Matrix(rows: matrix.rows, columns: matrix.columns, values: values)
  }

  private func scaled(_ matrix: Matrix, by factor: Float) -> Matrix {
    Matrix(rows: matrix.rows, columns: matrix.columns, values: matrix.values.map { $0 * factor })
  }

  private func fit(
    _ network: inout Network, _ data: Dataset, loss: any Loss = MeanSquaredError(),
    _ optimizer: any Optimizer = SGD(learningRate: 0.05), epochs: Int = 1, batch: Int = 32,
    shuffle: Bool = false,
    threads: Int = 1
  ) throws -> (outcome: FitOutcome, state: TrainingState) {
    let options = FitOptions(epochs: epochs, batchSize: batch, shuffle: shuffle, seed: 1, threads: threads)
    var trainer = try Trainer(network: network, loss: loss, options: options)
    var state = TrainingState(optimizer: optimizer)
    let outcome = try trainer.fit(training: data, state: &state)
    network = trainer.network
    return (outcome, state)
  }

  private func distance(_ a: [Float], _ b: [Float]) -> Float {
    zip(a, b).map { abs($0 - $1) / max(1, abs($0)) }.max() ?? 0
  }

  private static let widths = [(1, 1), (3, 5), (7, 17), (20, 33), (40, 64)]

  // MARK: Order

  @Test("a row's prediction does not depend on the rows around it", arguments: widths)
  func orderOfRows(inputs: Int, units: Int) throws {
    let network = try network(
      inputs,
      [Dense(units: units, activation: Tanh()), LayerNormalization(), Dense(units: 3, activation: Softmax())])
    let x = syntheticMatrix(rows: 53, columns: inputs, seed: 5)
    let together = try network.predict(x)
    let order = (0..<53).map { ($0 * 17 + 4) % 53 }
    let moved = try network.predict(
      Matrix(rows: 53, columns: inputs, values: order.flatMap { x.values[$0 * inputs..<($0 + 1) * inputs] }))
    for (place, row) in order.enumerated() {
      let alone = try network.predict(
        Matrix(rows: 1, columns: inputs, values: Array(x.values[row * inputs..<(row + 1) * inputs])))
      let expected = together.values[row * 3..<(row + 1) * 3].map(\.bitPattern)
      #expect(moved.values[place * 3..<(place + 1) * 3].map(\.bitPattern) == expected)
      #expect(alone.values.map(\.bitPattern) == expected)
    }
  }

  @Test("output units in another order are the same bits in another order", arguments: widths)
  func orderOfOutputs(inputs: Int, units: Int) throws {
    var network = try network(inputs, [Dense(units: units, activation: ReLU())])
    let x = syntheticMatrix(rows: 9, columns: inputs, seed: 6)
    let before = try network.predict(x)
    let order = Array((0..<units).reversed())
    try set("layers.0.kernel", of: &network) { values in
      (0..<inputs).flatMap { row in order.map { values[row * units + $0] } }
    }
    try set("layers.0.bias", of: &network) { values in order.map { values[$0] } }
    #expect(
      try network.predict(x).values.map(\.bitPattern)
        == permuted(columns: order, before).values.map(\.bitPattern))
  }

  @Test("columns in another order train the same network, but for rounding", arguments: widths)
  func orderOfColumns(inputs: Int, units: Int) throws {
    var first = try network(inputs, [Dense(units: units, activation: Tanh()), Dense(units: 1)])
    var second = first
    let order = Array((0..<inputs).reversed())
    try set("layers.0.kernel", of: &second) { values in
      order.flatMap { values[$0 * units..<($0 + 1) * units] }
    }
    let data = syntheticRegression(rows: 40, inputs: inputs, outputs: 1)
    let other = Dataset(features: permuted(columns: order, data.features), targets: data.targets)
    _ = try fit(&first, data, epochs: 3, batch: 8)
    _ = try fit(&second, other, epochs: 3, batch: 8)
    #expect(
      distance(try first.predict(data.features).values, try second.predict(other.features).values) < 1e-4)
  }

  // MARK: Scale

  @Test("powers of two pass through relu and products without a rounding", arguments: [-20, -3, 1, 5, 20])
  func scaleOfInputs(exponent: Int) throws {
    let factor = Float(sign: .plus, exponent: exponent, significand: 1)
    let plain = try network(
      6, [Dense(units: 19, activation: ReLU(), useBias: false), Dense(units: 4, useBias: false)])
    let x = syntheticMatrix(rows: 30, columns: 6, seed: 8)
    let before = try plain.predict(x)
    let after = try plain.predict(scaled(x, by: factor))
    #expect(after.values.map(\.bitPattern) == scaled(before, by: factor).values.map(\.bitPattern))
    // What the kernel takes back, nobody sees.
    var back = plain
    try set("layers.0.kernel", of: &back) { $0.map { $0 / factor } }
    #expect(
      try back.predict(scaled(x, by: factor)).values.map(\.bitPattern) == before.values.map(\.bitPattern))
  }

  @Test("losses scale as their formulas do, to the bit")
  func scaleOfTargets() throws {
    let network = try network(5, [Dense(units: 2, useBias: false)])
    let data = syntheticRegression(rows: 33, inputs: 5, outputs: 2)
    let double = Dataset(features: scaled(data.features, by: 2), targets: scaled(data.targets, by: 2))
    func loss(_ loss: any Loss, _ data: Dataset) throws -> Double {
      try #require(try evaluate(network, on: data, loss: loss).first).value
    }
    #expect(try loss(MeanSquaredError(), double) == 4 * loss(MeanSquaredError(), data))
    #expect(try loss(MeanAbsoluteError(), double) == 2 * loss(MeanAbsoluteError(), data))
    var weighted = data
    weighted.weights = [Float](repeating: 2, count: 33)
    #expect(try loss(MeanSquaredError(), weighted) == 2 * loss(MeanSquaredError(), data))
  }

  // MARK: Shift

  @Test("softmax does not see what is added to every logit", arguments: [-30, -1, 0.5, 64] as [Float])
  func shiftOfLogits(shift: Float) throws {
    var network = try network(4, [Dense(units: 5, activation: Softmax())])
    let x = syntheticMatrix(rows: 20, columns: 4, seed: 9)
    let before = try network.predict(x)
    try set("layers.0.bias", of: &network) { $0.map { $0 + shift } }
    let after = try network.predict(x)
    #expect(distance(before.values, after.values) < 2e-5)
    for row in 0..<20 {
      #expect(abs(after.values[row * 5..<(row + 1) * 5].reduce(0, +) - 1) < 1e-5)
    }
  }

  @Test("targets and bias shifted alike leave the gradients")
  func shiftOfTargets() throws {
    let data = syntheticRegression(rows: 24, inputs: 3, outputs: 1)
    var first = try network(3, [Dense(units: 8, activation: Tanh()), Dense(units: 1)])
    var second = first
    try set("layers.1.bias", of: &second) { $0.map { $0 + 8 } }
    let moved = Dataset(
      features: data.features,
      targets: Matrix(rows: 24, columns: 1, values: data.targets.values.map { $0 + 8 }))
    _ = try fit(&first, data, epochs: 4, batch: 8)
    _ = try fit(&second, moved, epochs: 4, batch: 8)
    #expect(distance(try values(first, "layers.0.kernel"), try values(second, "layers.0.kernel")) < 1e-4)
    #expect(
      distance(try values(first, "layers.1.bias").map { $0 + 8 }, try values(second, "layers.1.bias")) < 1e-4)
  }

  @Test("normalization takes out what is added to a row, and its scale")
  func normalization() throws {
    let network = try network(12, [LayerNormalization()])
    let x = syntheticMatrix(rows: 10, columns: 12, seed: 10)
    let before = try network.predict(x)
    let after = try network.predict(
      Matrix(rows: 10, columns: 12, values: x.values.map { $0 * 16 + 3 }))
    #expect(distance(before.values, after.values) < 5e-3)
    for row in 0..<10 { #expect(abs(before.values[row * 12..<(row + 1) * 12].reduce(0, +)) < 1e-4) }
  }

  // MARK: Batches

  @Test("one row many times is that row once", arguments: [2, 16, 33])
  func repeatedRow(count: Int) throws {
    let row = syntheticRegression(rows: 1, inputs: 6, outputs: 2)
    let many = Dataset(
      features: Matrix(rows: count, columns: 6, values: (0..<count).flatMap { _ in row.features.values }),
      targets: Matrix(rows: count, columns: 2, values: (0..<count).flatMap { _ in row.targets.values }))
    var once = try network(6, [Dense(units: 9, activation: Tanh()), Dense(units: 2)])
    var often = once
    _ = try fit(&once, row, epochs: 5, batch: 1)
    let (outcome, state) = try fit(&often, many, epochs: 5, batch: count)
    #expect(outcome.records.count == 5 && state.stepsDone == 5)
    for (a, b) in zip(once.parameters, often.parameters) {
      #expect(distance(a.values, b.values) < 1e-5, "\(a.name)")
    }
  }

  @Test(
    "an epoch is the batches one after another, the last one shorter, none empty",
    arguments: [(1, 1), (1, 32), (32, 32), (33, 32), (63, 32), (64, 32), (65, 32), (7, 1)])
  func batches(rows: Int, batch: Int) throws {
    let data = syntheticRegression(rows: rows, inputs: 4, outputs: 1)
    var whole = try network(4, [Dense(units: 6, activation: ReLU()), Dense(units: 1)])
    var parts = whole
    let (outcome, state) = try fit(&whole, data, Adam(learningRate: 0.01), batch: batch)
    #expect(state.stepsDone == (rows + batch - 1) / batch)
    #expect(outcome.records.last?.values.allSatisfy(\.value.isFinite) == true)
    var left = TrainingState(optimizer: Adam(learningRate: 0.01))
    var sum = 0.0
    for start in stride(from: 0, to: rows, by: batch) {
      let range = start..<min(start + batch, rows)
      var trainer = try Trainer(
        network: parts, loss: MeanSquaredError(),
        options: FitOptions(epochs: 1, batchSize: batch, shuffle: false, seed: 1, threads: 1))
      let part = try trainer.fit(training: try data.rows([range]), state: &left)
      sum += (part.records.last?["loss"] ?? .nan) * Double(range.count)
      parts = trainer.network
    }
    #expect(parts.digest == whole.digest)
    #expect(abs(sum / Double(rows) - (outcome.records.last?["loss"] ?? .nan)) < 1e-6)
  }

  @Test("no rows are an error, not a trap")
  func noRows() throws {
    let nothing = Dataset(
      features: Matrix(rows: 0, columns: 3, values: []), targets: Matrix(rows: 0, columns: 1, values: []))
    var network = try network(3, [Dense(units: 1)])
    let before = network.digest
    if let (outcome, state) = try? fit(&network, nothing, epochs: 2) {
      #expect(state.stepsDone == 0)
      for record in outcome.records { #expect(record.values.allSatisfy { !$0.value.isInfinite }) }
    }
    #expect(network.digest == before)
    #expect(try network.predict(nothing.features).values.isEmpty)
  }

  // MARK: Uniform data

  @Test(
    "targets that are all equal are learned, by every optimizer that goes on",
    arguments: [-3, 0, 250] as [Float])
  func equalTargets(value: Float) throws {
    var data = syntheticRegression(rows: 50, inputs: 4, outputs: 1)
    data.targets = Matrix(rows: 50, columns: 1, values: [Float](repeating: value, count: 50))
    for optimizer in [SGD(learningRate: 0.05), Adam(learningRate: 0.05), RMSprop(learningRate: 0.05)]
      as [any Optimizer]
    {
      var network = try network(4, [Dense(units: 8, activation: Tanh()), Dense(units: 1)])
      let metrics: [any Metric] = [R2Score(), LossMetric(MeanAbsoluteError(), name: "mae")]
      var trainer = try Trainer(
        network: network, loss: MeanSquaredError(),
        options: FitOptions(epochs: 150, batchSize: 10, seed: 1, metrics: metrics, threads: 1))
      var state = TrainingState(optimizer: optimizer)
      let outcome = try trainer.fit(training: data, state: &state)
      network = trainer.network
      let first = try #require(outcome.records.first?["loss"])
      let last = try #require(outcome.records.last?["loss"])
      #expect(outcome.reason == .epochs)
      #expect(last <= first && last.isFinite, "\(optimizer) \(first) \(last)")
      #expect(network.parameters.allSatisfy { $0.values.allSatisfy(\.isFinite) })
    }
  }

  @Test("one class alone is learned, by one unit and by several", arguments: [1, 2, 5])
  func singleClass(units: Int) throws {
    let x = syntheticMatrix(rows: 30, columns: 3, seed: 11)
    let data = Dataset(
      features: x, targets: Matrix(rows: 30, columns: 1, values: [Float](repeating: 0, count: 30)))
    let loss: any Loss = units == 1 ? BinaryCrossentropy() : SparseCategoricalCrossentropy()
    var network = try network(
      3, [Dense(units: units, activation: units == 1 ? Sigmoid() as any Activation : Softmax())])
    let (outcome, _) = try fit(&network, data, loss: loss, SGD(learningRate: 0.5), epochs: 60, batch: 8)
    let last = try #require(outcome.records.last?["loss"])
    #expect(last < 0.1 && last >= 0)
    let answers = try network.predict(x)
    for row in 0..<30 {
      #expect(units == 1 ? answers.values[row] < 0.5 : answers.values[row * units] > 0.5)
    }
  }

  @Test("a column that never changes teaches no more than the bias does")
  func constantColumn() throws {
    let data = syntheticRegression(rows: 32, inputs: 3, outputs: 1)
    let flat: [Float] = (0..<32).flatMap { row in
      Array(data.features.values[row * 3..<row * 3 + 2]) + [Float(0)]
    }
    var network = try network(3, [Dense(units: 1)])
    let before = try values(network, "layers.0.kernel")
    _ = try fit(
      &network, Dataset(features: Matrix(rows: 32, columns: 3, values: flat), targets: data.targets),
      epochs: 10)
    let after = try values(network, "layers.0.kernel")
    #expect(after[2] == before[2] && after[0] != before[0])
  }

  // MARK: Huge and tiny

  @Test(
    "numbers beyond a float's range end the fit, and the weights stay",
    arguments: [1e18, 1e30, 3e38] as [Float])
  func huge(size: Float) throws {
    let data = syntheticRegression(rows: 20, inputs: 3, outputs: 1)
    var network = try network(3, [Dense(units: 4, activation: ReLU()), Dense(units: 1)])
    let before = network.digest
    let (outcome, _) = try fit(
      &network, Dataset(features: scaled(data.features, by: size), targets: data.targets),
      SGD(learningRate: 1), epochs: 5, batch: 5)
    guard case .nonFinite(let epoch, let step, _) = outcome.reason else {
      Issue.record("\(outcome.reason)")
      return
    }
    #expect(epoch == 1 && network.digest == before)
    let divergence = try #require(outcome.divergence)
    #expect(divergence.epoch == epoch && divergence.step == step && divergence.rows.count == 5)
    #expect(divergence.rows == Array((step - 1) * 5..<step * 5))
    #expect(!divergence.loss.isFinite && divergence.inputs.count == 3)
  }

  @Test(
    "numbers near zero give finite numbers, the same bits by every set of instructions",
    arguments: [1e-45, 1e-38, 1e-20] as [Float])
  func tiny(size: Float) throws {
    let data = syntheticRegression(rows: 20, inputs: 3, outputs: 1)
    let small = Dataset(features: scaled(data.features, by: size), targets: scaled(data.targets, by: size))
    var digests: Set<String> = []
    for set in InstructionSet.available {
      for optimizer in [SGD(momentum: 0.9), Adam()] as [any Optimizer] {
        var trainer = try Trainer(
          network: try network(3, [Dense(units: 4, activation: Tanh()), Dense(units: 1)]),
          loss: MeanSquaredError(),
          options: FitOptions(epochs: 3, batchSize: 5, seed: 1, threads: 1, instructionSet: set))
        var state = TrainingState(optimizer: optimizer)
        let outcome = try trainer.fit(training: small, state: &state)
        #expect(outcome.reason == .epochs)
        #expect(trainer.network.parameters.allSatisfy { $0.values.allSatisfy(\.isFinite) })
        digests.insert("\(type(of: optimizer)) \(trainer.network.digest)")
      }
    }
    #expect(digests.count == 2)
  }
}

/// The step at which a loss stopped being finite, looked at again.
@Suite("Divergence")
struct DivergenceTests {
  private func diverge(threads: Int, shuffle: Bool, rows: Int = 96) throws -> (Divergence, Network, Network) {
    var network = try Network(
      inputWidth: 20, layers: [Dense(units: 40, activation: ReLU()), Dropout(rate: 0.2), Dense(units: 3)])
    network.initializeWeights(seed: 1)
    var options = FitOptions(epochs: 50, batchSize: 32, shuffle: shuffle, seed: 5, threads: threads)
    options.grain = threads > 1 ? .finest : Grain()
    var trainer = try Trainer(network: network, loss: MeanSquaredError(), options: options)
    var state = TrainingState(optimizer: SGD(learningRate: 30))
    let outcome = try trainer.fit(
      training: syntheticRegression(rows: rows, inputs: 20, outputs: 3), state: &state)
    return (try #require(outcome.divergence), network, trainer.network)
  }

  @Test("what is told of the step does not depend on threads")
  func isTheSameOnAnyNumberOfThreads() throws {
    let (one, _, kept) = try diverge(threads: 1, shuffle: true)
    for threads in [2, 4] {
      let (other, _, network) = try diverge(threads: threads, shuffle: true)
      #expect("\(one)" == "\(other)" && network.digest == kept.digest)
    }
    #expect(Set(one.rows).count == 32 && one.rows.allSatisfy { (0..<96).contains($0) })
    #expect(one.rows != one.rows.sorted())
    // Input; output, kernel, bias with their gradients; dropout; the last layer.
    #expect(
      one.extents.map(\.kind.rawValue).joined(separator: " ")
        == "input output weight gradient weight gradient output output weight gradient weight gradient")
    #expect(one.extents.first?.count == 32 * 20 && one.extents.first?.notFinite == 0)
    let weights = one.extents.filter { $0.kind == .weight }
    #expect(weights.allSatisfy { $0.notFinite == 0 } && (weights.map(\.magnitude).max() ?? 0) > 1e3)
    #expect(one.learningRate == 30)
  }

  @Test("an extent is that of the numbers that are finite, of the view's columns and the batch's rows alone")
  func extentsAreOfWhatIsFinite() {
    // Three columns of four, two rows of three.
    var values: [Float] = [.nan, -3, 1, 900, .infinity, 2, -.infinity, 900, 900, 900, 900, 900]
    func extent(_ columns: Int, rows: Int) -> Divergence.Extent {
      values.withUnsafeMutableBufferPointer {
        Divergence.Extent(
          .output, layer: 1, name: "output",
          MatrixView(base: $0.baseAddress.unsafelyUnwrapped, columns: columns, stride: 4), rows: rows)
      }
    }
    let some = extent(3, rows: 2)
    #expect(some.minimum == -3 && some.maximum == 2 && some.meanMagnitude == 2)
    #expect(some.notFinite == 3 && some.count == 6 && some.magnitude == .infinity)
    let one = extent(2, rows: 1)
    #expect(one.minimum == -3 && one.maximum == -3 && one.meanMagnitude == 3 && one.notFinite == 1)
    let none = extent(1, rows: 2)
    #expect(none.minimum.isNaN && none.maximum.isNaN && none.meanMagnitude.isNaN && none.notFinite == 2)
  }

  @Test("the gradient's norm and the inputs' bounds are those by hand")
  func normByHand() throws {
    var network = try Network(inputWidth: 2, layers: [Dense(units: 2)])
    try network.setParameter(name: "layers.0.kernel", shape: [2, 2], values: [1e20, -1e20, 1e20, -1e20])
    try network.setParameter(name: "layers.0.bias", shape: [2], values: [0, 0])
    var trainer = try Trainer(
      network: network, loss: MeanSquaredError(), options: FitOptions(batchSize: 2, shuffle: false))
    var state = TrainingState(optimizer: SGD(learningRate: 0.5))
    let outcome = try trainer.fit(
      training: Dataset(
        features: Matrix(rows: 2, columns: 2, values: [1, 0, 0, -2]),
        targets: Matrix(rows: 2, columns: 2, values: [0, 0, 0, 0])), state: &state)
    let divergence = try #require(outcome.divergence)
    // Squares of 1e20 are beyond float32. The outputs are ±1e20 and ∓2e20, a quarter of twice which is the slope by each: by the
    // kernel's first row ±0.5e20, by its second ±2e20, by the bias ∓0.5e20.
    #expect(divergence.loss == .infinity && divergence.epoch == 1 && divergence.step == 1)
    #expect(abs(divergence.gradientNorm / (1e20 * 9.0.squareRoot()) - 1) < 1e-6)
    #expect(divergence.inputs == [1, 2] && divergence.rows == [0, 1] && divergence.learningRate == 0.5)
  }

  @Test("the weights shown are those before the step: a fit up to there has them")
  func showsTheWeightsBeforeTheStep() throws {
    let (divergence, start, _) = try diverge(threads: 1, shuffle: false)
    let steps = (divergence.epoch - 1) * 3 + divergence.step - 1
    var trainer = try Trainer(
      network: start, loss: MeanSquaredError(),
      options: FitOptions(epochs: 50, batchSize: 32, shuffle: false, seed: 5, stepLimit: steps, threads: 1))
    var state = TrainingState(optimizer: SGD(learningRate: 30))
    let outcome = try trainer.fit(
      training: syntheticRegression(rows: 96, inputs: 20, outputs: 3), state: &state)
    #expect(outcome.reason == .steps && outcome.divergence == nil)
    let kernel = try #require(trainer.network.parameters.first { $0.name == "layers.0.kernel" }).values.map {
      Double($0)
    }
    let shown = try #require(
      divergence.extents.first { $0.kind == .weight && $0.layer == 0 && $0.name == "kernel" })
    #expect(shown.minimum == kernel.min() && shown.maximum == kernel.max())
    #expect(
      abs(shown.meanMagnitude - kernel.map(abs).reduce(0, +) / Double(kernel.count)) <= 1e-9
        * shown.meanMagnitude)
  }
}
