import CKernels

/// Small dense layers that follow one another, run by one call a direction.
///
/// Its layers share lines: a kernel's rows, then its bias, are one each, counted over the layers. They lie in the order of the plan's
/// weights, so a range of lines is a range of those.
final class DenseRun {
  private let kernels: UnsafePointer<ck_kernels>
  let layers: UnsafeMutablePointer<ck_dense>
  let count: Int
  let lines: [Line]

  /// A kernel's row, or a bias.
  struct Line {
    /// With its padding.
    let floats: Int
    /// For each row of a batch, forward.
    let multiplications: Int
    /// The kernels take few units another way, by the rows of the batch.
    let isNarrow: Bool

    /// About how many cycles its gradient and its update take.
    func cost(rows: Int) -> Int { floats / 16 * ((isNarrow ? rows / 8 : rows) + 24) }
  }

  init(_ layers: [ck_dense], kernels: UnsafePointer<ck_kernels>) {
    self.kernels = kernels
    count = layers.count
    self.layers = UnsafeMutablePointer.allocate(capacity: max(layers.count, 1))
    self.layers.initialize(from: layers, count: layers.count)
    lines = layers.flatMap { layer -> [Line] in
      let isNarrow = layer.units <= 4
      return (0..<layer.inputs).map { _ in
        Line(floats: layer.ld, multiplications: layer.units, isNarrow: isNarrow)
      }
        + (layer.bias == nil
          ? [] : [Line(floats: paddedWidth(layer.units), multiplications: 0, isNarrow: true)])
    }
  }

  deinit { layers.deallocate() }

  func forward(rows: Int) {
    // SAFETY: here and below, the plans that described the layers sized their buffers for the plan's rows.
    kernels.pointee.dense_forward(layers, count, 0, rows)
  }

  /// The gradients by what is between the layers and by their weights.
  func backward(rows: Int) {
    kernels.pointee.dense_transpose(layers, count, 0, 1)
    kernels.pointee.dense_backward(layers, count, 0, rows)
    kernels.pointee.dense_weights(layers, count, rows, 0, lines.count)
  }
}
