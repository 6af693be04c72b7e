import CKernels

/// Elementary functions of single numbers, in arithmetic of our own: a libm gives other bits on other machines. Those of
/// float32 are computed in double and rounded once.
enum Elementary {
  /// base^exponent for a whole exponent from 0 on, by squaring.
  static func power(_ base: Double, _ exponent: Int) -> Double {
    var result = 1.0
    var factor = base
    var left = exponent
    while left > 0 {
      if left & 1 == 1 { result *= factor }
      factor *= factor
      left >>= 1
    }
    return result
  }

  /// Keras's βᵗ: of β as float32, rounded to float32.
  static func power(_ base: Float, _ exponent: Int) -> Float { Float(power(Double(base), exponent)) }

  /// base^exponent for a base from 0 on.
  static func power(_ base: Float, _ exponent: Float) -> Float {
    Float(ck_power(Double(base), Double(exponent)))
  }

  static func logarithm(_ x: Float) -> Float {
    // As a double even the smallest float32 is a normal number.
    Float(ck_logarithm(Double(x)))
  }

  static func cosine(_ x: Float) -> Float { Float(ck_cosine(Double(x))) }
}

/// Elementary functions for those who draw or decide outside the engine, with the same bits everywhere.
public enum ExactMath {
  /// base^exponent for a base above 0.
  public static func power(_ base: Double, _ exponent: Double) -> Double { ck_power(base, exponent) }
  /// The natural logarithm of a number above 0.
  public static func logarithm(_ x: Double) -> Double { ck_logarithm(x) }
}
