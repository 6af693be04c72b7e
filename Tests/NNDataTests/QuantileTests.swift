import Testing

@testable import NNData

@Suite("Quantile scaling")
struct QuantileTests {
  /// scikit-learn 1.9: QuantileTransformer(n_quantiles=9).fit([[1],[2],[2],[2],[5],[7],[7],[10],[12]])
  @Test("equal values have the middle of their shares; what lies outside is 0 or 1")
  func ties() throws {
    let scaling = try Scaling(.quantile, of: [10, 2, 7, 1, 2, 12, 7, 5, 2])
    #expect(scaling.knots == [1, 2, 2, 2, 5, 7, 7, 10, 12])
    let expected: [(Float, Float)] = [
      (0, 0), (1, 0), (1.5, 0.5 / 8), (2, 2.0 / 8), (3.5, 3.5 / 8), (5, 4.0 / 8), (7, 5.5 / 8),
      (8.5, 6.5 / 8),
      (12, 1), (99, 1),
    ]
    for (value, share) in expected { #expect(abs(scaling.apply(value) - share) < 1e-6, "\(value)") }
    #expect(scaling.apply(.nan).isNaN)
  }

  @Test("at most 1,000 knots, monotonic, from 0 to 1", arguments: 0..<3)
  func many(_ seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let sample = (0..<5000).map { _ in
      Float.random(in: -3...3, using: &generator) * Float.random(in: 0...9, using: &generator)
    }
    let scaling = try Scaling(.quantile, of: sample)
    #expect(scaling.knots.count == Scaling.mostKnots)
    let shares = sample.sorted().map { scaling.apply($0) }
    #expect(zip(shares, shares.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(shares.first == 0 && shares.last == 1)
    for (index, share) in shares.enumerated() { #expect(abs(share - Float(index) / 4999) < 0.002) }
  }

  @Test("one value, or none")
  func constant() throws {
    #expect(try [1, 2, 3].map { try Scaling(.quantile, of: [2, 2, 2]).apply($0) } == [0, 0, 1])
    #expect(try Scaling(.quantile, of: []).apply(0) == 0)
    #expect(try Scaling(.quantile, of: [4]).apply(4) == 0)
  }
}
