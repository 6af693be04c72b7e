import CKernels

/// Sine and cosine of a share of a full turn, the same bits on every machine.
public enum UnitCircle {
  /// - Parameter turn: 1 is once around; from -1 to 1.
  public static func point(turn: Double) -> (sine: Float, cosine: Float) {
    let angle = 2 * Double.pi * turn
    return (Float(ck_cosine(angle - Double.pi / 2)), Float(ck_cosine(angle)))
  }
}
