import Testing

@testable import NNEngine

/// Student's t, and what it says of differences.
@Suite struct StudentTTests {
  /// Degrees, then SciPy's `t.ppf(0.975)` and `2·t.sf` of 0.5, 2 and 6.
  private static let published: [(degrees: Int, bound: Double, tails: [Double])] = [
    (1, 12.706204736174694, [0.7048327646991335, 0.2951672353008665, 0.10513691342250688]),
    (2, 4.302652729749462, [0.6666666666666667, 0.18350341907227397, 0.02667147321542477]),
    (3, 3.1824463052837078, [0.651447964848151, 0.13932596855884305, 0.009272714892284666]),
    (5, 2.5705818356363146, [0.6382988716409291, 0.10193947882985835, 0.0018461382895940143]),
    (9, 2.262157162798205, [0.6290712998260263, 0.07655282377070101, 0.00020249932206764079]),
    (10, 2.228138851986274, [0.627893605742973, 0.07338803477074037, 0.00013210886035478557]),
    (19, 2.0930240544083087, [0.6228164912864416, 0.06000203638609834, 8.979235472490839e-06]),
    (30, 2.0422724563012378, [0.6207230048851272, 0.054625044962983094, 1.3942768767204764e-06]),
    (100, 1.9839715185235518, [0.6181735658308866, 0.04821217873113365, 3.172491502802852e-08]),
    (1000, 1.9623390808264083, [0.6171850808338747, 0.04577034649325166, 2.7553691733774752e-09]),
  ]

  @Test func agreesWithSciPy() {
    for row in Self.published {
      #expect(abs(StudentT.bound(tails: 0.05, degrees: row.degrees) - row.bound) < 1e-9 * row.bound)
      for (t, expected) in zip([0.5, 2, 6], row.tails) {
        #expect(abs(StudentT.tails(t, degrees: row.degrees) - expected) < 1e-13, "\(row.degrees) \(t)")
        #expect(StudentT.tails(-t, degrees: row.degrees) == StudentT.tails(t, degrees: row.degrees))
      }
    }
  }

  @Test func oddValuesAreHarmless() {
    #expect(StudentT.tails(0, degrees: 7) == 1)
    #expect(StudentT.tails(.infinity, degrees: 7) == 0)
    #expect(StudentT.tails(.nan, degrees: 7) == 1)
    #expect(StudentT.tails(3, degrees: 0) == 1)
    #expect(StudentT.bound(tails: 0.05, degrees: 0) == .infinity)
    #expect(abs(StudentT.bound(tails: 0.05, degrees: 5_000_000) - 1.96) < 1e-3)
  }

  @Test func pairsByHand() throws {
    // 1, 2, 3: mean 2, s 1, standard error 1/√3, t 3.4641 with two degrees.
    let difference = try #require(Difference.paired([1, 2, 3]))
    #expect(difference.mean == 2 && difference.degrees == 2 && difference.test == .paired)
    #expect(abs(difference.standardError - 0.5773502691896258) < 1e-15)
    #expect(abs(difference.p - 0.07417990022744853) < 1e-12)
    #expect(!difference.isMoreThanLuck)
    // Nadeau and Bengio: (1/3 + 1/4)·s².
    let folds = try #require(Difference.paired([1, 2, 3], overlap: 0.25))
    #expect(abs(folds.standardError - 0.7637626158259734) < 1e-15 && folds.test == .correctedPaired)
    #expect(Difference.paired([1]) == nil)
    let least = try #require(Difference.paired([1, 3]))
    #expect(least.mean == 2 && least.degrees == 1 && least.count == 2 && least.standardError == 1)
    #expect(Difference.paired([1, .nan]) == nil)
    #expect(Difference.paired([2, 2])?.isMoreThanLuck == true)
    #expect(Difference.paired([0, 0])?.p == 1)
  }

  @Test func intervals() throws {
    // Two degrees: 4.302653 standard errors of 1/√3 on either side.
    let some = try #require(Difference.paired([1, 2, 3]))
    #expect(abs(some.halfWidth - 4.302652729749462 * 0.5773502691896258) < 1e-9)
    #expect(Difference.paired([2, 2])?.halfWidth == 0)
  }

  @Test func groupsByHand() throws {
    // SciPy: ttest_ind([1, 2, 3, 4], [2, 4, 6, 9], equal_var=False): t -1.6906, 4.08 degrees.
    let difference = try #require(Difference.welch([1, 2, 3, 4], [2, 4, 6, 9]))
    #expect(difference.mean == -2.75 && difference.degrees == 4 && difference.test == .welch)
    #expect(abs(difference.mean / difference.standardError + 1.690641214609248) < 1e-12)
    #expect(Difference.welch([1], [1, 2]) == nil)
    #expect(Difference.welch([1, 2], [1]) == nil)
    #expect(Difference.welch([1, 2], [1, .infinity]) == nil)
    // The smallest groups: variances 1/2 and 2, of the means 1/4 and 1; (5/4)² over (1/16 + 1) is 1.47 degrees.
    let least = try #require(Difference.welch([1, 2], [3, 5]))
    #expect(least.mean == -2.5 && least.degrees == 1 && least.count == 2)
    #expect(abs(least.standardError - 1.118033988749895) < 1e-15)
    // Nothing varies: as many degrees as the smaller group allows, and any difference is more than luck.
    let same = try #require(Difference.welch([1, 1, 1], [2, 2]))
    #expect(same.degrees == 1 && same.standardError == 0 && same.isMoreThanLuck)
  }
}
