import CKernels
import Testing

@testable import NNEngine

/// Plain loops that say what each kernel computes; the kernels must give these very bits.
enum Reference {
  static func gemm(
    _ a: (Int, Int) -> Float, _ b: (Int, Int) -> Float, m: Int, n: Int, k: Int, bias: [Float]?, relu: Bool
  ) -> [Float] {
    var c: [Float] = []
    for i in 0..<m {
      for j in 0..<n {
        var sum: Float = 0
        for p in 0..<k { sum = sum.addingProduct(a(i, p), b(p, j)) }
        if let bias { sum += bias[j] }
        if relu, sum <= 0 { sum = 0 }
        c.append(sum)
      }
    }
    return c
  }

  static func tree(_ lanes: [Float]) -> Float {
    let eight = (0..<8).map { lanes[$0] + lanes[$0 + 8] }
    let four = (0..<4).map { eight[$0] + eight[$0 + 4] }
    return (four[0] + four[2]) + (four[1] + four[3])
  }

  static func laneSum(_ values: [Float], weights: [Float]?) -> Float {
    var lanes = [Float](repeating: 0, count: 16)
    for (index, value) in values.enumerated() {
      lanes[index % 16] += weights.map { $0[index] * value } ?? value
    }
    return tree(lanes)
  }
}

@Suite("Kernels against plain references")
struct KernelReferenceTests {
  static let shapes: [(m: Int, n: Int, k: Int)] = [
    (1, 1, 1), (2, 6, 4), (3, 16, 5), (5, 17, 3), (7, 33, 13), (12, 48, 9), (13, 64, 2), (25, 40, 31),
    (4, 100, 0),
  ]

  @Test("products are one chain of fma, k ascending", arguments: InstructionSet.available, shapes.indices)
  func products(set: InstructionSet, shape: Int) throws {
    let kernels = try #require(set.kernels)
    let (m, n, k) = KernelReferenceTests.shapes[shape]
    let arena = Arena()
    func fill(_ view: MatrixView, _ rows: Int, _ seed: UInt64) -> Matrix {
      let matrix = syntheticMatrix(rows: rows, columns: view.columns, seed: seed, scale: 3)
      copyPart(matrix.values, 0, view, rows, view.columns)
      return matrix
    }
    func result(_ view: MatrixView, _ rows: Int) -> [UInt32] {
      (0..<rows).flatMap { row in (0..<view.columns).map { view.base[row * view.stride + $0].bitPattern } }
    }
    let groups = (n + 15) / 16 * 16
    let left = arena.matrix(rows: m, columns: max(k, 1))
    let right = arena.matrix(rows: max(k, 1), columns: n)
    let out = arena.matrix(rows: m, columns: n)
    let bias = arena.matrix(rows: 1, columns: n)
    let a = fill(left, m, 1)
    let b = fill(right, max(k, 1), 2)
    let biases = fill(bias, 1, 3)
    for (useBias, relu) in [(false, false), (true, false), (true, true)] {
      kernels.pointee.gemm(
        left.base, left.stride, 1, right.base, right.stride, out.base, out.stride, m, groups, k,
        useBias ? bias.base : nil, relu ? 1 : 0)
      let expected = Reference.gemm(
        { a.values[$0 * max(k, 1) + $1] }, { b.values[$0 * n + $1] }, m: m, n: n, k: k,
        bias: useBias ? biases.values : nil, relu: relu)
      #expect(result(out, m) == expected.map(\.bitPattern))
    }
    // The left operand read down its columns, as for the kernel's gradient.
    let tall = arena.matrix(rows: max(k, 1), columns: m)
    let t = fill(tall, max(k, 1), 4)
    kernels.pointee.gemm(
      tall.base, 1, tall.stride, right.base, right.stride, out.base, out.stride, m, groups, k, nil, 0)
    let expected = Reference.gemm(
      { t.values[$1 * m + $0] }, { b.values[$0 * n + $1] }, m: m, n: n, k: k, bias: nil, relu: false)
    #expect(result(out, m) == expected.map(\.bitPattern))
  }

  @Test("transposing moves every element and clears the padding", arguments: InstructionSet.available)
  func transpose(set: InstructionSet) throws {
    let kernels = try #require(set.kernels)
    for (rows, columns) in [(1, 1), (3, 20), (17, 5), (40, 33), (16, 16)] {
      let arena = Arena()
      let from = arena.matrix(rows: rows, columns: columns)
      let to = arena.matrix(rows: columns, columns: rows)
      let values = syntheticMatrix(rows: rows, columns: columns, seed: 5)
      copyPart(values.values, 0, from, rows, columns)
      to.base.update(repeating: 9, count: columns * to.stride)
      kernels.pointee.transpose(from.base, from.stride, rows, columns, to.base, to.stride)
      for j in 0..<columns {
        for i in 0..<to.stride {
          let expected = i < rows ? values.values[i * columns + j] : 0
          #expect(to.base[j * to.stride + i] == expected, "\(rows) × \(columns) at \(j), \(i)")
        }
      }
    }
  }

  @Test("sums run in sixteen lanes and the tree 8-4-2-1", arguments: InstructionSet.available)
  func sums(set: InstructionSet) throws {
    let kernels = try #require(set.kernels)
    for count in [1, 2, 15, 16, 17, 31, 32, 100, 333] {
      let values = syntheticMatrix(rows: 1, columns: count, seed: 6, scale: 100).values
      let weights = syntheticMatrix(rows: 1, columns: count, seed: 7).values
      #expect(kernels.pointee.lane_sum(values, nil, count) == Reference.laneSum(values, weights: nil))
      #expect(kernels.pointee.lane_sum(values, weights, count) == Reference.laneSum(values, weights: weights))
    }
    let arena = Arena()
    let view = arena.matrix(rows: 5, columns: 19)
    let values = syntheticMatrix(rows: 5, columns: 19, seed: 8)
    copyPart(values.values, 0, view, 5, 19)
    var absolute = [Float](repeating: 0, count: 16)
    var squares = absolute
    for row in 0..<5 {
      for unit in 0..<19 {
        let x = values.values[row * 19 + unit]
        absolute[unit % 16] += abs(x)
        squares[unit % 16] += x * x
      }
    }
    #expect(kernels.pointee.sum_absolute(view.base, view.stride, 5, 19) == Reference.tree(absolute))
    #expect(kernels.pointee.sum_squares(view.base, view.stride, 5, 19) == Reference.tree(squares))
    let sums = arena.matrix(rows: 1, columns: 19)
    kernels.pointee.column_sums(view.base, view.stride, 5, 32, sums.base)
    for unit in 0..<19 {
      #expect(sums.base[unit] == (0..<5).reduce(Float(0)) { $0 + values.values[$1 * 19 + unit] })
    }
  }

  @Test("a NaN passes relu, and -0 and +0 are both 0", arguments: InstructionSet.available)
  func reluEdges(set: InstructionSet) throws {
    let kernels = try #require(set.kernels)
    let arena = Arena()
    let view = arena.matrix(rows: 1, columns: 5)
    for (index, value) in [Float.nan, -0.0, 0.0, -3, .infinity].enumerated() { view.base[index] = value }
    let relu = ReLU().kernel
    kernels.pointee.activate(relu.kind, relu.parameters, view.base, view.stride, view.base, view.stride, 1, 5)
    #expect(view.base[0].isNaN)
    #expect((1..<4).allSatisfy { view.base[$0].bitPattern == 0 })
    #expect(view.base[4] == .infinity)
  }

  @Test("every activation at every width: the same bits, and gradients that leave the padding at 0")
  func activations() throws {
    let kernels = try InstructionSet.available.map { try #require($0.kernels) }
    for activation in GradientTests.activations {
      let kernel = activation.kernel
      for width in [1, 2, 7, 16, 17, 33] {
        var results: Set<[UInt32]> = []
        for kernels in kernels {
          let arena = Arena()
          let wide = kernel.changesWidth ? 2 * width : width
          let (z, inner) = (arena.matrix(rows: 3, columns: wide), arena.matrix(rows: 3, columns: wide))
          let (y, gradient) = (arena.matrix(rows: 3, columns: width), arena.matrix(rows: 3, columns: width))
          let values = syntheticMatrix(rows: 3, columns: wide, seed: 8, scale: 4)
          copyPart(values.values, 0, z, 3, wide)
          // What stands in padding columns must not matter.
          for row in 0..<3 { for column in wide..<z.stride { z.base[row * z.stride + column] = 1e30 } }
          copyPart(syntheticMatrix(rows: 3, columns: width, seed: 9).values, 0, gradient, 3, width)
          kernel.forward(kernels, z, y, rows: 3)
          let by = kernel.changesWidth ? inner : gradient
          kernel.backward(kernels, z, y, gradient: gradient, inner: by, rows: 3)
          for row in 0..<3 {
            let expected = ReferenceNetwork.activate(
              activation, values.values[(row * wide)..<((row + 1) * wide)].map(Double.init))
            for (column, value) in expected.enumerated() {
              let own = Double(y.base[row * y.stride + column])
              #expect(abs(own - value) < 3e-6 * max(1, abs(value)), "\(activation.name), width \(width)")
            }
            let padding = (wide..<by.stride).map { by.base[row * by.stride + $0] }
            #expect(padding.allSatisfy { $0 == 0 }, "\(activation.name), width \(width)")
          }
          results.insert(
            (0..<3).flatMap { row in
              (0..<width).map { y.base[row * y.stride + $0].bitPattern }
                + (0..<wide).map { by.base[row * by.stride + $0].bitPattern }
            })
        }
        #expect(results.count == 1, "\(activation.name), width \(width)")
      }
    }
  }

  @Test(
    "sparsemax with equal values: the first of them counts as the larger", arguments: InstructionSet.available
  )
  func sparsemaxTies(set: InstructionSet) throws {
    let kernels = try #require(set.kernels)
    let arena = Arena()
    let kernel = Sparsemax().kernel
    for (values, outer, expected, inner) in [
      ([0.5, 0.5, 0, -1], [1, 2, 3, 4], [0.25, 0.25, 0, 0], [-2, 0.5, 0, 0]),
      ([2, 1, 0, -1], [1, 2, 3, 4], [1, 0, 0, 0], [-2, 2, 0, 0]),
      ([-3, 1, 1, -3], [1, 2, 4, 8], [0, 0, 0, 0], [0, -4, 1, 0]),
    ] as [([Float], [Float], [Float], [Float])] {
      let (z, y) = (arena.matrix(rows: 1, columns: 4), arena.matrix(rows: 1, columns: 4))
      let gradient = arena.matrix(rows: 1, columns: 4)
      copyPart(values, 0, z, 1, 4)
      copyPart(outer, 0, gradient, 1, 4)
      kernel.forward(kernels, z, y, rows: 1)
      kernel.backward(kernels, z, y, gradient: gradient, inner: gradient, rows: 1)
      #expect((0..<4).map { y.base[$0] } == expected)
      #expect((0..<4).map { gradient.base[$0] } == inner)
    }
  }

  @Test("finiteness sees real columns only", arguments: InstructionSet.available)
  func finite(set: InstructionSet) throws {
    let kernels = try #require(set.kernels)
    let arena = Arena()
    let view = arena.matrix(rows: 3, columns: 4)
    #expect(kernels.pointee.all_finite(view.base, view.stride, 3, 4) == 1)
    view.base[4] = .nan
    #expect(kernels.pointee.all_finite(view.base, view.stride, 3, 4) == 1)
    for bad in [Float.nan, .infinity, -.infinity] {
      view.base[2 * view.stride + 3] = bad
      #expect(kernels.pointee.all_finite(view.base, view.stride, 3, 4) == 0)
    }
  }
}
