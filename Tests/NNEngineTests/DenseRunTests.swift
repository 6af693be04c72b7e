import CKernels
import Testing

@testable import NNEngine

/// A small network's kernels, which take rows and lines of weights in shares, against plain loops: the same bits.
@Suite("Runs of small dense layers")
struct DenseRunTests {
  /// Plain loops over one layer.
  private struct Layer {
    let inputs: Int
    let units: Int
    let activation: any Activation
    let kernel: [Float]
    let bias: [Float]?

    func products(_ x: [Float], rows: Int) -> [Float] {
      Reference.gemm(
        { x[$0 * inputs + $1] }, { kernel[$0 * units + $1] }, m: rows, n: units, k: inputs, bias: bias,
        relu: false)
    }

    func kernelGradient(_ x: [Float], _ g: [Float], rows: Int) -> [Float] {
      Reference.gemm(
        { x[$1 * inputs + $0] }, { g[$0 * units + $1] }, m: inputs, n: units, k: rows, bias: nil, relu: false)
    }

    func biasGradient(_ g: [Float], rows: Int) -> [Float] {
      (0..<units).map { unit in (0..<rows).reduce(Float(0)) { $0 + g[$1 * units + unit] } }
    }

    func inputGradient(_ g: [Float], rows: Int) -> [Float] {
      Reference.gemm(
        { g[$0 * units + $1] }, { kernel[$1 * units + $0] }, m: rows, n: inputs, k: units, bias: nil,
        relu: false)
    }
  }

  /// NaN is as good as any other NaN.
  private func bits(_ values: [Float]) -> [UInt32] { values.map { $0.isNaN ? 0x7fc0_0000 : $0.bitPattern } }

  private static let edges: [Float] = [
    0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude, .infinity, -.infinity,
    .nan,
    .greatestFiniteMagnitude, 1e-30,
  ]

  @Test(
    "forward, back and weights are the reference's bits, however they are shared out",
    arguments: 0..<40 as Range<UInt64>)
  func references(seed: UInt64) throws {
    var draw = SmallDraw(seed: seed)
    let sizes = [1, 2, 3, 4, 5, 6, 8, 9, 13, 16, 17, 24, 31, 33, 48, 65]
    let widths = (0..<(2 + draw.below(3))).map { _ in draw.pick(sizes) }
    let rows = draw.pick([1, 2, 3, 7, 12, 13, 23, 25, 32, 40])
    let hasEdges = draw.below(4) == 0
    func values(_ count: Int, edges: Bool = false) -> [Float] {
      (0..<count).map { _ in
        edges && draw.below(9) == 0 ? draw.pick(DenseRunTests.edges) : Float(draw.below(2001) - 1000) / 700
      }
    }
    let layers = zip(widths, widths.dropFirst()).map { inputs, units in
      Layer(
        inputs: inputs, units: units,
        activation: draw.pick([ReLU(), Linear(), ReLU(), Tanh(), Sigmoid(), GELU()]),
        kernel: values(inputs * units, edges: hasEdges),
        bias: draw.below(4) == 0 ? nil : values(units, edges: hasEdges))
    }
    let x = values(rows * widths[0], edges: hasEdges)
    let top = values(rows * (widths.last ?? 1), edges: hasEdges)
    let cut = draw.below(rows + 1)
    let lineCount = layers.reduce(0) { $0 + $1.inputs + ($1.bias == nil ? 0 : 1) }
    let lineCuts = [0, draw.below(lineCount + 1), draw.below(lineCount + 1), lineCount].sorted()

    for set in InstructionSet.available {
      let kernels = try #require(set.kernels)
      let bench = DenseBench(kernels: kernels, rows: rows, x: x, inputs: widths[0])
      for layer in layers {
        bench.add(
          units: layer.units, activation: layer.activation.kernel, kernel: layer.kernel, bias: layer.bias)
      }
      let run = bench.run()
      for (first, count) in [(0, cut), (cut, rows - cut)] {
        kernels.pointee.dense_forward(run.layers, run.count, first, count)
      }
      for part in 0..<3 { kernels.pointee.dense_transpose(run.layers, run.count, part, 3) }
      bench.setTopGradient(top)
      for (first, count) in [(cut, rows - cut), (0, cut)] {
        kernels.pointee.dense_backward(run.layers, run.count, first, count)
      }
      for (first, last) in zip(lineCuts, lineCuts.dropFirst()) {
        kernels.pointee.dense_weights(run.layers, run.count, rows, first, last)
      }

      // Forward, the activations by their own kernels, which have tests of their own.
      var inputs = [x]
      for (index, layer) in layers.enumerated() {
        let z = layer.products(inputs[index], rows: rows)
        let y = bench.activated(z, layer.activation.kernel, columns: layer.units)
        #expect(bits(bench.output(index)) == bits(y), "\(set): output \(index) of \(widths), \(rows) rows")
        inputs.append(y)
      }
      var gradient = top
      for (index, layer) in layers.enumerated().reversed() {
        let z = layer.products(inputs[index], rows: rows)
        gradient = bench.differentiated(
          gradient, z, inputs[index + 1], layer.activation.kernel, columns: layer.units)
        #expect(
          bits(bench.gradient(index)) == bits(gradient),
          "\(set): gradient \(index) of \(widths), \(rows) rows")
        #expect(
          bits(bench.kernelGradient(index))
            == bits(layer.kernelGradient(inputs[index], gradient, rows: rows)),
          "\(set): kernel \(index) of \(widths), \(rows) rows")
        if layer.bias != nil {
          #expect(
            bits(bench.biasGradient(index)) == bits(layer.biasGradient(gradient, rows: rows)),
            "\(set): bias \(index) of \(widths), \(rows) rows")
        }
        if index > 0 { gradient = layer.inputGradient(gradient, rows: rows) }
      }
    }
  }

  @Test("narrow layers by columns give the bits that they give by rows", arguments: 0..<60 as Range<UInt64>)
  func narrow(seed: UInt64) throws {
    var draw = SmallDraw(seed: seed, purpose: "narrow")
    let widths = (0..<(2 + draw.below(3))).map { _ in 1 + draw.below(8) }
    let rows = draw.pick([1, 2, 7, 15, 16, 17, 31, 32, 33, 47, 64, 65])
    let edgesIn = draw.below(3)
    func values(_ count: Int) -> [Float] {
      (0..<count).map { _ in
        edgesIn > 0 && draw.below(9 * edgesIn) == 0
          ? draw.pick(DenseRunTests.edges) : Float(draw.below(2001) - 1000) / 700
      }
    }
    let x = values(rows * widths[0])
    let top = values(rows * (widths.last ?? 1))
    let layers = zip(widths, widths.dropFirst()).map { inputs, units in
      Layer(
        inputs: inputs, units: units,
        activation: draw.pick([ReLU(), Linear(), ReLU(), Tanh(), Sigmoid(), GELU()]),
        kernel: values(inputs * units), bias: draw.below(4) == 0 ? nil : values(units))
    }
    let order = (0..<UInt32(rows)).map { _ in UInt32(draw.below(rows)) }
    for set in InstructionSet.available {
      let kernels = try #require(set.kernels)
      let shuffled = order.flatMap { row in x[Int(row) * widths[0]..<(Int(row) + 1) * widths[0]] }
      let bench = DenseBench(kernels: kernels, rows: rows, x: shuffled, inputs: widths[0])
      for layer in layers {
        bench.add(
          units: layer.units, activation: layer.activation.kernel, kernel: layer.kernel, bias: layer.bias)
      }
      let run = bench.run()
      let arena = Arena()
      let columns = arena.copy(
        NarrowStep.byColumns(
          UnsafeBufferPointer(start: run.layers, count: run.count), rows: rows, arena: arena))
      let last = columns[run.count - 1]
      x.withUnsafeBufferPointer { x in
        guard let x = x.baseAddress else { return }
        kernels.pointee.narrow_gather(
          x, order, rows, widths[0], UnsafeMutablePointer(mutating: columns[0].input), columns[0].ldi)
      }
      kernels.pointee.narrow_forward(columns, run.count, rows)
      top.withUnsafeBufferPointer { top in
        guard let top = top.baseAddress, let gradient = last.gradient else { return }
        let padded = arena.matrix(rows: rows, columns: last.units)
        copyRows(top, last.units, padded.base, padded.stride, rows, last.units)
        kernels.pointee.narrow_columns(padded.base, padded.stride, rows, last.units, gradient, last.ldg)
      }
      kernels.pointee.narrow_backward(columns, run.count, rows)
      let rowsOfOutput = arena.matrix(rows: rows, columns: last.units)
      kernels.pointee.narrow_rows(
        last.output, last.ldo, rows, last.units, rowsOfOutput.base, rowsOfOutput.stride)
      let output = (0..<rows * last.units).map {
        rowsOfOutput.base[$0 / last.units * rowsOfOutput.stride + $0 % last.units]
      }
      let found = layers.indices.map { bits(bench.kernelGradient($0) + bench.biasGradient($0)) }

      bench.setTopGradient(top)
      run.forward(rows: rows)
      run.backward(rows: rows)
      #expect(bits(output) == bits(bench.output(run.count - 1)), "\(set): output of \(widths), \(rows) rows")
      for index in layers.indices {
        #expect(
          found[index] == bits(bench.kernelGradient(index) + bench.biasGradient(index)),
          "\(set): weights \(index) of \(widths), \(rows) rows")
      }
    }
  }
}

/// Small numbers from the counter-based generator.
struct SmallDraw {
  private let generator: Philox
  private var place: UInt64 = 0

  init(seed: UInt64, purpose: String = "test") { generator = Philox(seed: seed, purpose: purpose) }

  mutating func below(_ bound: Int) -> Int {
    place += 1
    return Philox.below(bound, generator.bits(place, 0, 0))
  }

  mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices[below(choices.count)] }
}

/// Buffers of a run of layers, as plans lay them out.
private final class DenseBench {
  private let kernels: UnsafePointer<ck_kernels>
  private let arena = Arena()
  private let rows: Int
  private var described: [ck_dense] = []
  private var outputs: [MatrixView] = []
  private var gradients: [MatrixView] = []
  private var kernelGradients: [MatrixView] = []
  private var biasGradients: [MatrixView] = []
  private let input: MatrixView

  init(kernels: UnsafePointer<ck_kernels>, rows: Int, x: [Float], inputs: Int) {
    self.kernels = kernels
    self.rows = rows
    input = arena.matrix(rows: rows, columns: inputs)
    copyPart(x, 0, input, rows, inputs)
  }

  private func filled(_ values: [Float], rows: Int, columns: Int) -> MatrixView {
    let view = arena.matrix(rows: rows, columns: columns)
    copyPart(values, 0, view, rows, columns)
    return view
  }

  func add(units: Int, activation: ActivationKernel, kernel: [Float], bias: [Float]?) {
    let from = outputs.last ?? input
    let weights = filled(kernel, rows: from.columns, columns: units)
    let biases = bias.map { filled($0, rows: 1, columns: units) }
    let products = arena.matrix(rows: rows, columns: units)
    // The slope of some is to be had from the input alone.
    let output =
      activation.isLinear || !activation.needsInput ? products : arena.matrix(rows: rows, columns: units)
    let gradient = arena.matrix(rows: rows, columns: units)
    let kernelGradient = arena.matrix(rows: from.columns, columns: units)
    let biasGradient = arena.matrix(rows: 1, columns: units)
    let transposed = arena.matrix(rows: units, columns: from.columns)
    let below = gradients.last
    described.append(
      ck_dense(
        inputs: from.columns, units: units, kernel: weights.base, ld: weights.stride, bias: biases?.base,
        kernel_gradient: kernelGradient.base, bias_gradient: biases == nil ? nil : biasGradient.base,
        activation: activation.kind, params: activation.parameters, activates: activation.isLinear ? 0 : 1,
        differentiates: activation.isLinear ? 0 : 1, input: from.base, ldi: from.stride,
        products: products.base,
        ldp: products.stride, output: output.base, ldo: output.stride, gradient: gradient.base,
        ldg: gradient.stride,
        input_gradient: below?.base, ldx: below?.stride ?? 0, transposed: transposed.base,
        ldt: transposed.stride))
    outputs.append(output)
    gradients.append(gradient)
    kernelGradients.append(kernelGradient)
    biasGradients.append(biasGradient)
  }

  func run() -> DenseRun { DenseRun(described, kernels: kernels) }

  func setTopGradient(_ values: [Float]) {
    if let top = gradients.last { copyPart(values, 0, top, rows, top.columns) }
  }

  private func read(_ view: MatrixView, rows: Int) -> [Float] {
    (0..<rows).flatMap { row in (0..<view.columns).map { view.base[row * view.stride + $0] } }
  }

  func output(_ index: Int) -> [Float] { read(outputs[index], rows: rows) }
  func gradient(_ index: Int) -> [Float] { read(gradients[index], rows: rows) }
  func kernelGradient(_ index: Int) -> [Float] {
    read(kernelGradients[index], rows: Int(described[index].inputs))
  }
  func biasGradient(_ index: Int) -> [Float] { read(biasGradients[index], rows: 1) }

  func activated(_ z: [Float], _ activation: ActivationKernel, columns: Int) -> [Float] {
    let from = filled(z, rows: rows, columns: columns)
    let to = arena.matrix(rows: rows, columns: columns)
    activation.forward(kernels, from, to, rows: rows)
    return read(to, rows: rows)
  }

  func differentiated(
    _ g: [Float], _ z: [Float], _ y: [Float], _ activation: ActivationKernel, columns: Int
  ) -> [Float] {
    if activation.isLinear { return g }
    let gradient = filled(g, rows: rows, columns: columns)
    activation.backward(
      kernels, filled(z, rows: rows, columns: columns), filled(y, rows: rows, columns: columns),
      gradient: gradient,
      inner: gradient, rows: rows)
    return read(gradient, rows: rows)
  }
}
