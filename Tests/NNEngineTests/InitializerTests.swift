import Testing

@testable import NNEngine

@Suite("Initializers")
struct InitializerTests {
  static let shape = [300, 200]

  private func draw(_ initializer: any Initializer, seed: UInt64 = 1) -> [Float] {
    initializer.values(
      shape: InitializerTests.shape, generator: Philox(seed: seed, purpose: "initializer", path: "x"))
  }

  @Test("uniform ones lie within their limit, with its variance and mean 0")
  func uniforms() {
    for (initializer, scale) in [
      (VarianceScaling.glorotUniform, 2.0 / 500), (VarianceScaling.heUniform, 2.0 / 300),
      (VarianceScaling.lecunUniform, 1.0 / 300),
    ] as [(any Initializer, Double)] {
      let values = draw(initializer)
      let limit = Float((3 * scale).squareRoot())
      let statistics = ColumnStatistics(values)
      #expect(statistics.count == 60_000)
      #expect(statistics.minimum >= -limit && statistics.maximum < limit)
      #expect(statistics.minimum < -0.999 * limit && statistics.maximum > 0.999 * limit)
      let variance = statistics.standardDeviation * statistics.standardDeviation
      #expect(abs(variance / scale - 1) < 0.02, "\(initializer.name)")
      #expect(abs(statistics.mean) < 4 * (scale / 60_000).squareRoot(), "\(initializer.name)")
    }
  }

  @Test("normal ones have their variance after the cut at two standard deviations")
  func normals() {
    for (initializer, scale) in [
      (VarianceScaling.glorotNormal, 2.0 / 500), (VarianceScaling.heNormal, 2.0 / 300),
      (VarianceScaling.lecunNormal, 1.0 / 300),
    ] as [(any Initializer, Double)] {
      let statistics = ColumnStatistics(draw(initializer))
      let cut = Float(2 * scale.squareRoot() / 0.87962566103423978)
      #expect(statistics.minimum >= -cut && statistics.maximum <= cut)
      #expect(statistics.maximum > 0.99 * cut)
      let variance = statistics.standardDeviation * statistics.standardDeviation
      #expect(abs(variance / scale - 1) < 0.02, "\(initializer.name)")
      #expect(abs(statistics.mean) < 4 * (scale / 60_000).squareRoot(), "\(initializer.name)")
    }
  }

  @Test("the plain ones follow their numbers")
  func plain() {
    let normal = ColumnStatistics(draw(RandomNormal(mean: 2, stddev: 0.5)))
    #expect(abs(normal.mean - 2) < 0.01 && abs(normal.standardDeviation - 0.5) < 0.005)
    #expect(normal.maximum > 3.5)
    let uniform = ColumnStatistics(draw(RandomUniform(min: 1, max: 3)))
    #expect(uniform.minimum >= 1 && uniform.maximum < 3 && abs(uniform.mean - 2) < 0.01)
    #expect(draw(Zeros()).allSatisfy { $0 == 0 } && draw(Ones()).allSatisfy { $0 == 1 })
    #expect(draw(Constant(value: 0.25)).allSatisfy { $0 == 0.25 })
    #expect(throws: EngineError.self) { try RandomUniform(min: 1, max: 0).check() }
    #expect(throws: EngineError.self) { try RandomNormal(stddev: -1).check() }
  }

  @Test("variance_scaling has the variance of its mode and distribution")
  func varianceScaling() {
    let counts: [VarianceScaling.Mode: Double] = [.fanIn: 300, .fanOut: 200, .fanAverage: 250]
    for (mode, count) in counts {
      for distribution in [VarianceScaling.Distribution.truncatedNormal, .normal, .uniform] {
        let values = draw(VarianceScaling(scale: 3, mode: mode, distribution: distribution))
        let statistics = ColumnStatistics(values)
        let variance = statistics.standardDeviation * statistics.standardDeviation
        #expect(abs(variance / (3 / count) - 1) < 0.02, "\(mode) \(distribution)")
        let bound = (3 / count).squareRoot() * 2.5
        #expect((Double(statistics.maximum) > bound) == (distribution == .normal), "\(mode) \(distribution)")
      }
    }
  }

  @Test("a truncated normal ends two standard deviations from its mean")
  func truncated() {
    let statistics = ColumnStatistics(draw(TruncatedNormal(mean: 1, stddev: 0.5)))
    #expect(statistics.minimum >= 0 && statistics.minimum < 0.01)
    #expect(statistics.maximum <= 2 && statistics.maximum > 1.99)
    #expect(abs(statistics.mean - 1) < 0.01)
    // The cut leaves 0.8796 of the standard deviation.
    #expect(abs(statistics.standardDeviation - 0.43981) < 0.005)
  }

  @Test(
    "orthogonal: the shorter side's vectors are orthogonal, of length `gain`, and in no preferred direction")
  func orthogonal() {
    for shape in [[40, 23], [23, 40], [17, 17], [5, 1]] {
      let values = Orthogonal(gain: 1.5).values(
        shape: shape, generator: Philox(seed: 3, purpose: "initializer"))
      let (rows, columns) = (shape[0], shape[1])
      let count = min(rows, columns)
      func vector(_ k: Int) -> [Double] {
        rows >= columns
          ? (0..<rows).map { Double(values[$0 * columns + k]) }
          : (0..<columns).map { Double(values[k * columns + $0]) }
      }
      for i in 0..<count {
        for j in 0...i {
          let product = zip(vector(i), vector(j)).reduce(0) { $0 + $1.0 * $1.1 }
          #expect(abs(product - (i == j ? 2.25 : 0)) < 2e-6, "\(shape): \(i), \(j)")
        }
      }
    }
    let many = (0..<300).map { seed in
      Orthogonal().values(shape: [6, 6], generator: Philox(seed: seed, purpose: "initializer"))
    }
    for place in 0..<36 {
      let entries = many.map { Double($0[place]) }
      let mean = entries.reduce(0, +) / 300
      let square = entries.reduce(0) { $0 + $1 * $1 } / 300
      #expect(abs(mean) < 0.1 && abs(square - 1.0 / 6) < 0.05)
    }
  }

  @Test("identity has its gain on the diagonal, square or not")
  func identity() {
    let generator = Philox(seed: 1, purpose: "initializer")
    #expect(Identity(gain: 2).values(shape: [2, 3], generator: generator) == [2, 0, 0, 0, 2, 0])
    #expect(Identity().values(shape: [3, 2], generator: generator) == [1, 0, 0, 1, 0, 0])
  }

  @Test("a normal draw passes the quartiles of its distribution")
  func quartiles() {
    let values = draw(RandomNormal(mean: 0, stddev: 1)).sorted()
    for (share, z) in [(0.25, -0.6745), (0.5, 0.0), (0.75, 0.6745), (0.977, 1.9954)] {
      #expect(abs(Double(values[Int(share * Double(values.count))]) - z) < 0.03)
    }
  }

  @Test("weights depend on seed and path, and one network's seed gives them again")
  func seeds() throws {
    var network = try Network(inputWidth: 20, layers: [Dense(units: 20), Dense(units: 20)])
    network.initializeWeights(seed: 4)
    #expect(network.parameters[0].values != network.parameters[2].values)
    let digest = network.digest
    network.initializeWeights(seed: 5)
    #expect(network.digest != digest)
    network.initializeWeights(seed: 4)
    #expect(network.digest == digest)
    #expect(network.parameters[1].values.allSatisfy { $0 == 0 })
  }
}
