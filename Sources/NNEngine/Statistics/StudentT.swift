/// Student's t distribution for a whole number of degrees of freedom, in arithmetic of our own: whether a difference is called
/// luck must not depend on a machine's libm.
///
/// Source: Abramowitz and Stegun, 26.7.3 and 26.7.4, finite sums in cos θ with θ = atan(t / √ν).
public enum StudentT {
  /// Degrees from which on the distribution is as good as the one for so many.
  private static let mostDegrees = 20_000

  /// The probability that |T| is greater than |t|, to about 1e-14. 1 for fewer than one degree of freedom.
  public static func tails(_ t: Double, degrees: Int) -> Double {
    guard degrees >= 1, !t.isNaN else { return 1 }
    let t = abs(t)
    guard t.isFinite else { return 0 }
    let degrees = min(degrees, mostDegrees)
    let freedom = Double(degrees)
    let hypotenuse = (freedom + t * t).squareRoot()
    let sine = t / hypotenuse
    let cosine = freedom.squareRoot() / hypotenuse
    let square = cosine * cosine
    var sum = 0.0
    let inside: Double
    if degrees % 2 == 1 {
      var term = cosine
      var j = 3.0
      while j <= freedom {
        sum += term
        term *= square * (j - 1) / j
        j += 2
      }
      inside = 2 / Double.pi * (arctangent(t / freedom.squareRoot()) + sine * sum)
    } else {
      var term = 1.0
      var j = 2.0
      while j <= freedom {
        sum += term
        term *= square * (j - 1) / j
        j += 2
      }
      inside = sine * sum
    }
    return min(max(1 - inside, 0), 1)
  }

  /// The t beyond which, on both sides together, a share `tails` of the distribution lies: 2.262 for 5 % and nine degrees.
  /// - Parameter tails: above 0 and below 1.
  public static func bound(tails share: Double, degrees: Int) -> Double {
    guard degrees >= 1, share > 0, share < 1 else { return .infinity }
    var (low, high) = (0.0, 1.0)
    while tails(high, degrees: degrees) > share, high < 1e15 { high *= 2 }
    for _ in 0..<200 {
      let middle = low + (high - low) / 2
      if middle == low || middle == high { break }
      if tails(middle, degrees: degrees) > share { low = middle } else { high = middle }
    }
    return high
  }

  /// The angle whose tangent is x, for x from 0 on: three halvings of the angle, then the series.
  static func arctangent(_ x: Double) -> Double {
    if x > 1 { return Double.pi / 2 - arctangent(1 / x) }
    var small = x
    for _ in 0..<3 { small /= 1 + (1 + small * small).squareRoot() }
    let square = small * small
    var sum = 0.0
    // tan(π/32) is below 0.1, so that the twelfth term is below 1e-25.
    for k in stride(from: 12, through: 0, by: -1) { sum = 1 / Double(2 * k + 1) - square * sum }
    return 8 * small * sum
  }
}
