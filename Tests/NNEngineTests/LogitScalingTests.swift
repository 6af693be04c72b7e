import Testing

@testable import NNEngine

/// Calibration against SciPy's and scikit-learn's on the same numbers.
@Suite("Scaling of logits")
struct LogitScalingTests {
  private let logits = Matrix(
    rows: 20, columns: 1,
    values: [
      6.12, -7.67, 1.25, -1.7, -1.36, -0.65, -6.06, -0.7, -2.6, 9.97, 0.68, -1.06, -0.84, -2, -3.17, -1.17,
      1.45, -0.72, 2.87, -0.6,
    ])
  private let classes = [1, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 0]

  @Test("the temperature of two classes is scipy.optimize's")
  func binary() throws {
    let found = try LogitScaling.temperature(logits: logits, classes: classes)
    #expect(abs(found.scale - 0.160_660_31) < 1e-6)
    #expect(found.offset == 0)
    #expect(abs(found.before - 1.029_632_404) < 1e-7)
    #expect(abs(found.after - 0.655_688_128) < 1e-7)
  }

  @Test("Platt's scale and offset are those of sklearn.calibration")
  func platt() throws {
    let found = try LogitScaling.platt(logits: logits, classes: classes)
    #expect(abs(found.scale - 0.124_201_54) < 1e-4)
    #expect(abs(found.offset + 0.149_134_99) < 1e-4)
    #expect(abs(found.after - 0.654_550_905) < 1e-6)
  }

  @Test("logits in another unit give the same probabilities", arguments: [1.0 / 1024, 1.0 / 32, 32])
  func unitsOfLogits(unit: Float) throws {
    var other = logits
    other.values = logits.values.map { $0 * unit }
    let (found, expected) = (
      try LogitScaling.platt(logits: other, classes: classes),
      try LogitScaling.platt(logits: logits, classes: classes)
    )
    #expect(abs(found.scale * Double(unit) - expected.scale) < 1e-5)
    #expect(abs(found.offset - expected.offset) < 1e-5 && abs(found.after - expected.after) < 1e-9)
  }

  @Test("the temperature of three classes is scipy.optimize's")
  func three() throws {
    let logits = Matrix(
      rows: 15, columns: 3,
      values: [
        0.83, 2.1, -1.33, -3.23, 0.08, -0.16, 4.22, 2.24, 0.58, 3.33, -0.62, -2.78, 1.75, 1.75, -0.64, -2.35,
        0.69, -7.48, 2.07, 1.47, -4.92, 0.18, -2.89, 2.27, -6.1, -2.74, 2.13, 3.47, -6.47, -1.49, 0.98, -1.83,
        4.77, -3.57, 1.06, -3.15, 4.22, -0.06, -1.12, -5.15, 5.05, 2.26, 2.26, 3.41, 1.05,
      ])
    let found = try LogitScaling.temperature(
      logits: logits, classes: [1, 1, 2, 0, 0, 1, 0, 2, 2, 0, 2, 1, 0, 1, 0])
    #expect(abs(found.scale - 0.739_452_6) < 1e-6)
    #expect(abs(found.before - 0.511_102_384) < 1e-7)
    #expect(abs(found.after - 0.489_358_341) < 1e-7)
  }

  @Test("what cannot be learned says so")
  func failures() {
    let sure = Matrix(rows: 2, columns: 1, values: [3, -2])
    #expect(throws: LogitScaling.Failure.separable) {
      try LogitScaling.temperature(logits: sure, classes: [1, 0])
    }
    #expect(throws: LogitScaling.Failure.misleading) {
      try LogitScaling.temperature(logits: sure, classes: [0, 1])
    }
    #expect(throws: LogitScaling.Failure.misleading) {
      try LogitScaling.platt(logits: sure, classes: [0, 1])
    }
    let alike = Matrix(rows: 4, columns: 1, values: [0.300_000_0, 0.300_000_04, 0.3, 0.299_999_98])
    #expect(throws: LogitScaling.Failure.allAlike) {
      try LogitScaling.platt(logits: alike, classes: [0, 1, 0, 1])
    }
    let none = Matrix(rows: 0, columns: 1, values: [])
    #expect(throws: LogitScaling.Failure.noRows) { try LogitScaling.temperature(logits: none, classes: []) }
    #expect(throws: LogitScaling.Failure.noRows) { try LogitScaling.platt(logits: none, classes: []) }
  }

  @Test("a row whose class no column has counts as one with a logit of 0")
  func classesThatNoColumnHas() throws {
    let logits = Matrix(
      rows: 4, columns: 3, values: [2, 0.5, -1, 0.3, 1.5, 0.2, 1.2, 0.4, 0.1, 0, 0.7, -0.7])
    let found = try LogitScaling.temperature(logits: logits, classes: [0, 1, -1, 3])
    // The mean of logΣe^z − z of the class, z being 0 for the last two rows: by hand in float64.
    #expect(abs(found.before - 0.932_079_574_4) < 1e-9)
    #expect(found.after <= found.before && found.scale > 0)
  }

  @Test("logits beyond what an exponential holds stay finite")
  func large() throws {
    let logits = Matrix(rows: 3, columns: 1, values: [1e30, -1e30, 1e30])
    let found = try? LogitScaling.temperature(logits: logits, classes: [1, 0, 0])
    #expect(found.map { $0.after.isFinite && $0.scale > 0 } ?? true)
  }

  @Test("folded into the last layer, the probabilities are those of the scaled logits")
  func folding() throws {
    let scaling = LogitScaling(scale: 0.4, offset: 0.3, before: 0, after: 0)
    for (activation, units) in [(Sigmoid() as any Activation, 1), (Softmax(), 3)] {
      for isApart in [false, true] {
        var network = try Network(
          inputWidth: 4,
          layers: [Dense(units: 6, activation: Tanh())]
            + (isApart
              ? [Dense(units: units), ActivationLayer(activation)]
              : [Dense(units: units, activation: activation)])
        )
        network.initializeWeights(seed: 5)
        let head = try #require(try LogitHead(network, lossTakesLogits: false))
        let folded = try head.folding(scaling, into: network)
        let x = Matrix(rows: 3, columns: 4, values: (0..<12).map { Float($0) / 6 - 1 })
        let logits = try head.logits.predict(x)
        let said = try folded.predict(x)
        for row in 0..<3 {
          let z = (0..<units).map { Double(logits.values[row * units + $0]) * 0.4 + 0.3 }
          let exponentials = z.map { referenceExp($0) }
          for column in 0..<units {
            let expected =
              units == 1
              ? exponentials[0] / (1 + exponentials[0]) : exponentials[column] / exponentials.reduce(0, +)
            #expect(abs(Double(said.values[row * units + column]) - expected) < 1e-6)
          }
        }
        // The layers before it are as they were.
        #expect(folded.parameters.first?.values == network.parameters.first?.values)
        #expect(folded.digest != network.digest)
      }
    }
  }

  private func referenceExp(_ x: Double) -> Double {
    // A plain series, so that the test does not lean on what it looks at.
    var (term, sum) = (1.0, 1.0)
    for n in 1..<60 {
      term *= x / Double(n)
      sum += term
    }
    return sum
  }

  @Test("networks that end otherwise have no logits to scale")
  func heads() throws {
    var normalized = try Network(
      inputWidth: 2, layers: [Dense(units: 2), BatchNormalization(), ActivationLayer(Softmax())])
    normalized.initializeWeights(seed: 1)
    #expect(try LogitHead(normalized, lossTakesLogits: false) == nil)
    var linear = try Network(inputWidth: 2, layers: [Dense(units: 2)])
    linear.initializeWeights(seed: 1)
    #expect(try LogitHead(linear, lossTakesLogits: false) == nil)
    #expect(try LogitHead(linear, lossTakesLogits: true) != nil)
  }
}
