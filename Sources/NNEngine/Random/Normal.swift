import CKernels

/// Functions in double for initializers and schedules, built from arithmetic and the square root only: a libm gives other
/// bits on other machines.
enum Normal {
  /// ln x for a positive normal number.
  static func logarithm(_ x: Double) -> Double { ck_logarithm(x) }

  /// Φ⁻¹(p), the quantile of the standard normal distribution for 0 < p < 1, to about 1e-16.
  static func quantile(_ p: Double) -> Double { ck_normal_quantile(p) }
}
