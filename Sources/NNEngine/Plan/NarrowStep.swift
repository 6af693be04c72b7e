import CKernels

/// The way there and back of a network whose layers are all dense and have at most eight inputs and units: a batch's matrices
/// lie by columns, so that its rows fill the kernels' lanes, which so few units would not.
///
/// The chains are those of any other step, so which way is taken never shows in a bit. All of it is plain memory, which lives as long
/// as the plan's arena: counting references would take a good part of such a step.
struct NarrowStep {
  /// The loss is computed by columns too; else outputs lie by rows after ``forward(_:_:rows:)`` and their gradient before
  /// ``backward(rows:)``, in the plan's own matrices.
  let hasLoss: Bool

  private let kernels: UnsafePointer<ck_kernels>
  private let layers: UnsafeMutablePointer<ck_dense>
  private let count: Int
  private let input: MatrixView
  /// Null where the loss is computed by rows.
  private let targets: UnsafeMutablePointer<Float>?
  /// The last layer's, by columns.
  private let products: MatrixView
  private let output: MatrixView
  private let gradient: MatrixView
  private let weights: UnsafePointer<Float>?
  private let form: ck_loss
  private let parameters: ck_params
  /// The last layer, by rows.
  private let last: LastLayer

  private struct LastLayer {
    let products: MatrixView
    let output: MatrixView
    let gradient: MatrixView
    let activation: ck_activation
    let parameters: ck_params
    let activates: Bool
    let differentiates: Bool

    init(_ layer: ck_dense, gradient: UnsafeMutablePointer<Float>) {
      products = MatrixView(base: layer.products, columns: layer.units, stride: layer.ldp)
      output = MatrixView(base: layer.output, columns: layer.units, stride: layer.ldo)
      self.gradient = MatrixView(base: gradient, columns: layer.units, stride: layer.ldg)
      activation = layer.activation
      parameters = layer.params
      activates = layer.activates != 0
      differentiates = layer.differentiates != 0
    }
  }

  /// Nil where the network is not narrow, its batches are so long that its matrices would leave the cache, or something needs to
  /// see what is between its layers.
  init?(
    _ plan: NetworkPlan, loss: LossPlan, targetColumns: Int, weights: UnsafeMutablePointer<Float>?,
    hasMetrics: Bool
  ) {
    guard let run = plan.chain.soleRun, plan.rows <= plan.executor.grain.narrowRows,
      plan.parameters.penalties.isEmpty
    else { return nil }
    let rowLayers = UnsafeBufferPointer(start: run.layers, count: run.count)
    guard let last = rowLayers.last, let lastGradient = last.gradient, NarrowStep.areNarrow(rowLayers) else {
      return nil
    }
    hasLoss =
      !hasMetrics && loss.form.isOfOutputs && !loss.kernel.dependsOnBatch
      && loss.kernel.custom == nil && loss.kernel.list.isEmpty && targetColumns == last.units
      && !(last.activates != 0 && last.activation.isOfRows)
    var layers = NarrowStep.byColumns(rowLayers, rows: plan.rows, arena: plan.arena)
    let end = layers[layers.count - 1]
    if !hasLoss {
      layers[layers.count - 1].activates = 0
      layers[layers.count - 1].differentiates = 0
    }
    func view(_ base: UnsafeMutablePointer<Float>, _ columns: Int) -> MatrixView {
      MatrixView(base: base, columns: columns, stride: end.ldp)
    }
    input = view(UnsafeMutablePointer(mutating: layers[0].input), plan.input.columns)
    products = view(end.products, end.units)
    output = view(last.activates != 0 ? end.output : end.products, end.units)
    gradient = view(end.gradient ?? end.products, end.units)
    self.last = LastLayer(last, gradient: lastGradient)
    kernels = plan.executor.kernels
    self.layers = plan.arena.copy(layers)
    count = layers.count
    targets = hasLoss ? plan.arena.floats(NarrowStep.width * end.ldp) : nil
    self.weights = weights.map { UnsafePointer($0) }
    form = loss.form
    var parameters = ck_params()
    loss.kernel.withParameters(outputs: last.units) { parameters = $0 }
    self.parameters = parameters
  }

  /// As wide as the kernels take it.
  private static let width = Int(CK_NARROW)

  /// The same layers with matrices by columns, for that many rows.
  static func byColumns(
    _ layers: UnsafeBufferPointer<ck_dense>, rows: Int, arena: Arena
  ) -> [ck_dense] {
    let stride = paddedWidth(rows)
    // Values are followed by a column of ones, whose weights are the bias.
    func values(_ count: Int) -> UnsafeMutablePointer<Float> {
      let base = arena.floats(width * stride)
      if count < width { (base + count * stride).update(repeating: 1, count: stride) }
      return base
    }
    var before = values(layers.first?.inputs ?? 0)
    var gradient: UnsafeMutablePointer<Float>?
    return layers.map { layer in
      var own = layer
      own.input = UnsafePointer(before)
      own.ldi = stride
      own.input_gradient = layer.input_gradient == nil ? nil : gradient
      own.ldx = stride
      own.products = values(layer.units)
      own.ldp = stride
      own.output = layer.products == layer.output ? own.products : values(layer.units)
      own.ldo = stride
      own.gradient = arena.floats(width * stride)
      own.ldg = stride
      own.transposed = arena.floats(width * width)
      own.ldt = width
      (before, gradient) = (own.output, own.gradient)
      return own
    }
  }

  private static func areNarrow(_ layers: UnsafeBufferPointer<ck_dense>) -> Bool {
    layers.allSatisfy { $0.inputs <= width && $0.units <= width }
      && !layers.dropLast().contains { $0.activation.isOfRows }
  }

  /// From some rows of the features to outputs.
  func forward(_ features: UnsafePointer<Float>, _ order: UnsafePointer<UInt32>, rows: Int) {
    // SAFETY: here and below, buffers were made for the plan's rows; `order` as in TrainingPlan.gather.
    kernels.pointee.narrow_gather(features, order, rows, input.columns, input.base, input.stride)
    kernels.pointee.narrow_forward(layers, count, rows)
    guard !hasLoss else { return }
    kernels.pointee.narrow_rows(
      products.base, products.stride, rows, products.columns, last.products.base, last.products.stride)
    if last.activates {
      kernels.pointee.activate(
        last.activation, last.parameters, last.products.base, last.products.stride, last.output.base,
        last.output.stride, rows, last.output.columns)
    }
  }

  /// Where the loss is computed by columns: the sum over rows, and the outputs' gradient.
  func loss(_ from: UnsafePointer<Float>, _ order: UnsafePointer<UInt32>, rows: Int) -> Float {
    guard let targets else { return 0 }
    kernels.pointee.narrow_gather(from, order, rows, output.columns, targets, output.stride)
    return kernels.pointee.narrow_loss(
      form, parameters, output.base, output.stride, targets, output.stride, weights, 1 / Float(rows), rows,
      output.columns, gradient.base, gradient.stride)
  }

  /// From the outputs' gradient to that of all weights.
  func backward(rows: Int) {
    if !hasLoss {
      let columns = last.gradient.columns
      if last.differentiates {
        kernels.pointee.activate_gradient(
          last.activation, last.parameters, last.products.base, last.products.stride, last.output.base,
          last.output.stride, last.gradient.base, last.gradient.stride, rows, columns)
      }
      kernels.pointee.narrow_columns(
        last.gradient.base, last.gradient.stride, rows, columns, gradient.base, gradient.stride)
    }
    kernels.pointee.narrow_backward(layers, count, rows)
  }
}

extension ck_loss {
  /// It is the mean of a term for each output.
  fileprivate var isOfOutputs: Bool { rawValue <= CK_BINARY_FOCAL_LOGITS.rawValue }
}

extension ck_activation {
  /// It is of a row as a whole, not of each number by itself.
  fileprivate var isOfRows: Bool { rawValue >= CK_SOFTMAX.rawValue }
}
