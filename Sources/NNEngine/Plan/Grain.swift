/// From which sizes on work is split over threads, or done another way. No result depends on these.
struct Grain: Sendable {
  /// Multiplications of a product that is split by itself.
  var product = 1 << 20
  /// Weights of a layer that few rows go through, from which they are laid out anew and their columns shared: reading them is what
  /// takes the time.
  var weights = 1 << 17
  /// Multiplications of a layer's product from which the layer is not one of a run of small ones.
  var run = 1 << 24
  /// Rows of a batch up to which a narrow network's matrices lie by columns.
  var narrowRows = 1 << 10
  /// Multiplications of a forward pass for each thread that shares a step. Where cores are far apart, less would not pay.
  var share = 1 << 17
  /// Floats of an optimizer's step, or of a transpose, that is split.
  var update = 1 << 16
  /// Multiplications of a product that even one thread takes in tiles, and of a step that is given up in its midst, so that
  /// an interruption does not wait for its end.
  var interruption = 1 << 26

  /// Everything that can be split is: for tests, whose networks are small.
  static let finest = Grain(product: 1, weights: 1, run: 1, share: 1, update: 1, interruption: 1)
  /// Every layer is small, and every step shared.
  static let shared = Grain(share: 1)
}
