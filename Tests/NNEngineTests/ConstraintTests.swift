import Testing

@testable import NNEngine

/// Constraints after a step that moves nothing: what they make of the weights alone.
@Suite("Constraints")
struct ConstraintTests {
  private static let kernel: [Float] = [3, 0.1, -4, 0.2, 0, -0.2]

  /// The kernel [3 × 2] and the bias after one step at rate 0.
  private func constrained(
    _ kernel: (any Constraint)?, bias: (any Constraint)? = nil
  ) throws -> (kernel: [Float], bias: [Float]) {
    var network = try Network(
      inputWidth: 3, layers: [Dense(units: 2, kernelConstraint: kernel, biasConstraint: bias)])
    try network.setParameter(name: "layers.0.kernel", shape: [3, 2], values: ConstraintTests.kernel)
    try network.setParameter(name: "layers.0.bias", shape: [2], values: [-3, 4])
    var trainer = try Trainer(network: network, loss: MeanSquaredError(), options: FitOptions(epochs: 1))
    var state = TrainingState(optimizer: SGD(learningRate: 0))
    _ = try trainer.fit(training: syntheticRegression(rows: 4, inputs: 3, outputs: 2), state: &state)
    return (trainer.network.parameters[0].values, trainer.network.parameters[1].values)
  }

  private func near(_ values: [Float], _ expected: [Float]) -> Bool {
    zip(values, expected).allSatisfy { abs($0 - $1) < 2e-6 }
  }

  @Test("max_norm shortens what is longer, by units, by inputs or as a whole")
  func maxNorm() throws {
    // The first unit's weights (3, −4, 0) have norm 5, the second's 0.3.
    #expect(near(try constrained(MaxNorm()).kernel, [1.2, 0.1, -1.6, 0.2, 0, -0.2]))
    let rows = try constrained(MaxNorm(maxValue: 1, axis: .outputs)).kernel
    #expect(near(rows, [0.999445, 0.033315, -0.998752, 0.049938, 0, -0.2]))
    let all = try constrained(MaxNorm(maxValue: 2.5, axis: .all)).kernel
    #expect(near(all, ConstraintTests.kernel.map { $0 * 2.5 / Float(25.09).squareRoot() }))
    #expect(near(try constrained(nil, bias: MaxNorm(maxValue: 1)).bias, [-0.6, 0.8]))
  }

  @Test("unit_norm and min_max_norm set norms, the latter only in part if asked")
  func norms() throws {
    #expect(near(try constrained(UnitNorm()).kernel, [0.6, 1.0 / 3, -0.8, 2.0 / 3, 0, -2.0 / 3]))
    let bounded = try constrained(MinMaxNorm(minValue: 0.6, maxValue: 2.5)).kernel
    #expect(near(bounded, [1.5, 0.2, -2, 0.4, 0, -0.4]))
    let half = try constrained(MinMaxNorm(minValue: 0.6, maxValue: 2.5, rate: 0.5)).kernel
    #expect(near(half, [2.25, 0.15, -3, 0.3, 0, -0.3]))
  }

  @Test("a constraint looks at its own tensor alone", arguments: [2, 16, 17])
  func neighbours(units: Int) throws {
    for constraint in [MaxNorm(maxValue: 1), UnitNorm(), NonNegative(), MinMaxNorm(maxValue: 2)]
      as [any Constraint]
    {
      var network = try Network(
        inputWidth: 3,
        layers: [
          Dense(units: units, kernelConstraint: constraint, biasConstraint: constraint), Dense(units: 5),
        ])
      for parameter in network.parameters {
        let count = parameter.shape.reduce(1, *)
        try network.setParameter(
          name: parameter.name, shape: parameter.shape, values: (0..<count).map { $0 % 2 == 0 ? 3 : -4 })
      }
      let before = network.parameters.map(\.values)
      var trainer = try Trainer(network: network, loss: MeanSquaredError(), options: FitOptions(epochs: 1))
      var state = TrainingState(optimizer: SGD(learningRate: 0))
      _ = try trainer.fit(training: syntheticRegression(rows: 4, inputs: 3, outputs: 5), state: &state)
      let after = trainer.network.parameters.map(\.values)
      #expect(after[0] != before[0] && after[1] != before[1])
      #expect(Array(after[2...]) == Array(before[2...]), "\(constraint.name)")
      // Norms and signs are those that the tensor's own numbers have.
      let norm = (before[1].reduce(0) { $0 + $1 * $1 }).squareRoot()
      let expected: [Float] =
        switch constraint {
        case let longest as MaxNorm: before[1].map { $0 * longest.maxValue / norm }
        case let bounds as MinMaxNorm: before[1].map { $0 * bounds.maxValue / norm }
        case is UnitNorm: before[1].map { $0 / norm }
        default: before[1].map { max($0, 0) }
        }
      #expect(near(after[1], expected), "\(constraint.name)")
    }
  }

  @Test("non_neg lifts what is below 0, and keeps the rest as it is")
  func nonNegative() throws {
    let (kernel, bias) = try constrained(NonNegative(), bias: NonNegative())
    #expect(kernel == [3, 0.1, 0, 0.2, 0, 0])
    #expect(bias == [0, 4])
  }
}
