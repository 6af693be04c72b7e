import CKernels

extension Dense: PlannedLayer {
  var lastActivation: ck_activation { activation.kernel.kind }

  // Wider than the output where the activation halves it.
  func bufferFloats(inputWidth: Int) -> Double { Double(paddedWidth(units)) }

  func makePlan(_ site: LayerSite) -> (any LayerPlan)? { DensePlan(self, site) }
}

/// y = f(x·W + b): forward, and the three gradients.
final class DensePlan: LayerPlan {
  let output: MatrixView
  let outputGradient: MatrixView?
  var logits: MatrixView? { products.base == output.base || activation.changesWidth ? nil : products }
  var outputActivation: ck_activation { activation.kind }

  private let executor: Executor
  private let shards: ShardCut?
  private let shardedProduct: ShardedProduct?
  private let kernels: UnsafePointer<ck_kernels>
  private let input: MatrixView
  private let inputGradient: MatrixView?
  /// x·W + b; the output's own buffer unless someone needs both.
  private let products: MatrixView
  /// The gradient by the products; the output's own unless their widths differ.
  private let productGradient: MatrixView?
  private let activation: ActivationKernel
  private let fused: Bool
  private let activates: Bool
  private let activity: L1L2?
  private let activityGradient: MatrixView?
  private let kernel: UnsafeMutablePointer<Float>
  private let kernelGradient: UnsafeMutablePointer<Float>
  private let stride: Int
  /// In one product of a whole batch.
  private let multiplications: Double
  /// The kernel as few rows read it, where it stays the same; laid out at the first of them.
  private let panels: UnsafeMutablePointer<Float>?
  private var hasPanels = false
  private let bias: UnsafeMutablePointer<Float>?
  private let biasGradient: UnsafeMutablePointer<Float>?
  /// Wᵀ, for the gradient by the input.
  private let transposed: MatrixView?
  /// xᵀ, for the kernel's gradient where the product is so large that reading x down its columns costs more.
  private let transposedInput: MatrixView?

  init?(_ layer: Dense, _ site: LayerSite) {
    guard let weights = site.parameters.tensor(site.path, "kernel") else { return nil }
    executor = site.executor
    shards = site.shards
    shardedProduct = site.resources.shardedProduct
    kernels = site.executor.kernels
    input = site.input
    inputGradient = site.training ? site.inputGradient : nil
    activation = layer.activation.kernel
    fused = site.fused
    output = site.arena.matrix(rows: site.rows, columns: site.outputWidth)
    let separate =
      activation.changesWidth
      || !activation.isLinear && (fused || site.keepsLogits || (site.training && activation.needsInput))
    products = separate ? site.arena.matrix(rows: site.rows, columns: layer.units) : output
    activity = (layer.activityRegularizer as? L1L2).flatMap { $0.isZero ? nil : $0 }
    activates = !activation.isLinear && !(fused && !site.wantsPredictions && activity == nil)
    outputGradient = site.training ? site.arena.matrix(rows: site.rows, columns: site.outputWidth) : nil
    productGradient =
      site.training && activation.changesWidth
      ? site.arena.matrix(rows: site.rows, columns: layer.units) : outputGradient
    activityGradient =
      site.training && fused && activity != nil
      ? site.arena.matrix(rows: site.rows, columns: site.outputWidth) : nil
    kernel = weights.values
    kernelGradient = weights.gradients
    stride = weights.stride
    let biases = site.parameters.tensor(site.path, "bias")
    bias = biases?.values
    biasGradient = biases?.gradients
    multiplications = Double(site.rows) * Double(layer.units) * Double(site.input.columns)
    panels =
      site.resources.keepsWeights
        && site.executor.readsPanels(rows: site.rows, weights: layer.units * site.input.columns)
      ? site.arena.floats(Executor.panelFloats(depth: site.input.columns, columns: layer.units)) : nil
    transposedInput =
      site.training && multiplications >= Double(site.executor.grain.run)
      ? site.arena.matrix(rows: site.input.columns, columns: site.rows) : nil
    transposed =
      inputGradient == nil ? nil : site.arena.matrix(rows: layer.units, columns: site.input.columns)
  }

  /// The layer as a run of small ones has it; nil if it is none of them.
  var small: ck_dense? {
    guard multiplications < Double(executor.grain.run), panels == nil, activity == nil,
      !activation.changesWidth, shardedProduct == nil,
      activation.custom == nil
    else {
      return nil
    }
    let gradient = outputGradient
    return ck_dense(
      inputs: input.columns, units: products.columns, kernel: kernel, ld: stride, bias: bias,
      kernel_gradient: gradient == nil ? nil : kernelGradient,
      bias_gradient: gradient == nil ? nil : biasGradient,
      activation: activation.kind, params: activation.parameters, activates: activates ? 1 : 0,
      differentiates: fused || activation.isLinear ? 0 : 1, input: input.base, ldi: input.stride,
      products: products.base, ldp: products.stride, output: output.base, ldo: output.stride,
      gradient: gradient?.base, ldg: gradient?.stride ?? 0, input_gradient: inputGradient?.base,
      ldx: inputGradient?.stride ?? 0, transposed: transposed?.base, ldt: transposed?.stride ?? 0)
  }

  func forward(rows: Int, step: UInt64) {
    let relu = activates && activation.isPlainReLU
    let product = Executor.Product(
      a: input.base, aRow: input.stride, aColumn: 1, b: kernel, bStride: stride, c: products.base,
      cStride: products.stride, rows: rows, columns: products.columns, depth: input.columns, bias: bias,
      relu: relu)
    if let panels {
      if !hasPanels {
        Executor.layPanels(
          kernel, stride: stride, depth: input.columns, columns: products.columns, to: panels)
        hasPanels = true
      }
      executor.multiply(product, panels: panels)
    } else {
      executor.multiply(product)
    }
    if activates, !relu { activation.forward(kernels, products, output, rows: rows) }
  }

  func penalty(_ rows: Range<Int>, of batch: Int) -> Float {
    guard let activity, !rows.isEmpty else { return 0 }
    let part = output.rows(from: rows.lowerBound)
    var sum: Float = 0
    if activity.l1 != 0 {
      sum += activity.l1 * kernels.pointee.sum_absolute(part.base, part.stride, rows.count, part.columns)
    }
    if activity.l2 != 0 {
      sum += activity.l2 * kernels.pointee.sum_squares(part.base, part.stride, rows.count, part.columns)
    }
    return sum / Float(batch)
  }

  func backward(rows: Int) {
    guard let outer = outputGradient, let gradient = productGradient else { return }
    throughActivation(outer, gradient, rows)
    let width = products.columns
    if let biasGradient {
      let kernels = kernels
      shards.add(rows: rows, into: biasGradient, wholeGroups(width)) { rows, sum in
        let part = gradient.rows(from: rows.lowerBound)
        kernels.pointee.column_sums(part.base, part.stride, rows.count, width, sum)
      }
    }
    var left = (base: input.base, row: 1, column: input.stride)
    if let transposedInput {
      executor.transpose(input, rows: rows, transposedInput)
      left = (transposedInput.base, transposedInput.stride, 1)
    }
    let product = Executor.Product(
      a: left.base, aRow: left.row, aColumn: left.column, b: gradient.base, bStride: gradient.stride,
      c: kernelGradient, cStride: stride, rows: input.columns, columns: width, depth: rows, bias: nil,
      relu: false)
    if let shardedProduct { shardedProduct.run(product) } else { executor.multiply(product) }
    if let inputGradient, let transposed {
      executor.transpose(
        MatrixView(base: kernel, columns: products.columns, stride: stride), rows: input.columns, transposed)
      executor.multiply(
        Executor.Product(
          a: gradient.base, aRow: gradient.stride, aColumn: 1, b: transposed.base, bStride: transposed.stride,
          c: inputGradient.base, cStride: inputGradient.stride, rows: rows, columns: input.columns,
          depth: products.columns, bias: nil, relu: false))
    }
  }

  /// From the gradient by the output to that by the products, which mostly lies in the same place.
  private func throughActivation(_ gradient: MatrixView, _ inner: MatrixView, _ rows: Int) {
    if let activity {
      let batch = Float(shards?.batchRows ?? rows)
      let l1 = activity.l1 / batch
      let l2 = activity.l2 / batch
      guard fused, let own = activityGradient else {
        kernels.pointee.penalty_gradient(
          output.base, output.stride, rows, output.columns, l1, l2, gradient.base, gradient.stride)
        return activate(gradient, inner, rows)
      }
      // The loss's gradient is by the logits already; the penalty's is by the output.
      own.base.update(repeating: 0, count: rows * own.stride)
      kernels.pointee.penalty_gradient(
        output.base, output.stride, rows, output.columns, l1, l2, own.base, own.stride)
      activate(own, own, rows)
      for i in 0..<(rows * own.stride) { gradient.base[i] += own.base[i] }
    } else if !fused {
      activate(gradient, inner, rows)
    }
  }

  private func activate(_ gradient: MatrixView, _ inner: MatrixView, _ rows: Int) {
    guard !activation.isLinear else { return }
    activation.backward(kernels, products, output, gradient: gradient, inner: inner, rows: rows)
  }
}
