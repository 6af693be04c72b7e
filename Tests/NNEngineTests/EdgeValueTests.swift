import CKernels
import Testing

@testable import NNEngine

/// Zeros of both signs, subnormal and huge numbers, infinities and NaN through every kernel that works on single elements.
@Suite("Edge values")
struct EdgeValueTests {
  static let edges: [Float] = [
    0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 1e-39, -1e-39, .leastNormalMagnitude, 1e-30,
    -1e-30, 0.5,
    1, -1, 3, -3, 6, 20, -20, 88, -88, 100, -100, 1e30, -1e30, .greatestFiniteMagnitude,
    -.greatestFiniteMagnitude,
    .infinity, -.infinity, .nan,
  ]

  /// NaN is as good as any other NaN.
  private func bits(_ view: MatrixView) -> [UInt32] {
    (0..<view.columns).map { view.base[$0].isNaN ? 0x7fc0_0000 : view.base[$0].bitPattern }
  }

  private func row(_ arena: Arena, _ values: [Float]) -> MatrixView {
    let view = arena.matrix(rows: 1, columns: values.count)
    copyPart(values, 0, view, 1, values.count)
    return view
  }

  @Test("activations: one set of bits, the formula's value where there is one, and NaN stays NaN")
  func activations() throws {
    let edges = EdgeValueTests.edges
    let rowwise: [any Activation.Type] = [Softmax.self, LogSoftmax.self, Sparsemax.self, GLU.self]
    for activation in GradientTests.activations where !rowwise.contains(where: { $0 == type(of: activation) })
    {
      var found: Set<[UInt32]> = []
      for set in InstructionSet.available {
        let kernels = try #require(set.kernels)
        let arena = Arena()
        let (z, y) = (row(arena, edges), row(arena, edges))
        let gradient = row(arena, [Float](repeating: 1, count: edges.count))
        activation.kernel.forward(kernels, z, y, rows: 1)
        activation.kernel.backward(kernels, z, y, gradient: gradient, inner: gradient, rows: 1)
        found.insert(bits(y) + bits(gradient))
        for (index, x) in edges.enumerated() {
          let value = y.base[index]
          if x.isNaN { #expect(value.isNaN, "\(activation.name)(NaN) by \(set)") }
          guard abs(x) <= 100 else { continue }
          let expected = ReferenceNetwork.activate(activation, [Double(x)])[0]
          if abs(expected) > Double(Float.greatestFiniteMagnitude) {
            #expect(value.isInfinite, "\(activation.name)(\(x)) by \(set)")
          } else {
            #expect(
              abs(Double(value) - expected) <= 3e-6 * max(1, abs(expected)),
              "\(activation.name)(\(x)) by \(set)")
          }
        }
      }
      #expect(found.count == 1, "\(activation.name)")
    }
  }

  @Test("losses: one set of bits, and a prediction that is NaN is seen")
  func losses() throws {
    let edges = EdgeValueTests.edges
    for loss in GradientTests.losses {
      let isSparse = loss is SparseCategoricalCrossentropy || loss is CategoricalGeneralizedCrossEntropy
      for form in [
        loss.kernel.fromPredictions, loss.kernel.form(behind: CK_SOFTMAX),
        loss.kernel.form(behind: CK_SIGMOID),
      ] {
        guard let form else { continue }
        var found: Set<[UInt32]> = []
        for set in InstructionSet.available {
          let kernels = try #require(set.kernels)
          let arena = Arena()
          let rows = edges.count
          // Each edge beside a plain number.
          let outputs = arena.matrix(rows: rows, columns: 2)
          let gradient = arena.matrix(rows: rows, columns: 2)
          let targets = arena.matrix(rows: rows, columns: isSparse ? 1 : 2)
          for index in 0..<rows {
            outputs.base[index * outputs.stride] = edges[index]
            outputs.base[index * outputs.stride + 1] = 0.25
            targets.base[index * targets.stride] = isSparse ? 0 : Float(index % 2)
            if !isSparse { targets.base[index * targets.stride + 1] = Float((index + 1) % 2) }
          }
          let values = arena.floats(rows)
          loss.kernel.run(
            kernels, form, outputs: outputs, targets: targets, scale: 0.5, rows: rows, values: values,
            gradient: gradient)
          found.insert(
            (0..<rows).flatMap { index in
              [
                values[index], gradient.base[index * gradient.stride],
                gradient.base[index * gradient.stride + 1],
              ].map {
                $0.isNaN ? 0x7fc0_0000 : $0.bitPattern
              }
            })
          #expect(!values[rows - 1].isFinite, "\(loss.name), form \(form.rawValue), by \(set)")
        }
        #expect(found.count == 1, "\(loss.name), form \(form.rawValue)")
      }
    }
  }

  @Test("optimizers: one set of bits, step after step")
  func optimizers() throws {
    let edges = EdgeValueTests.edges
    let count = (edges.count + 15) / 16 * 16
    for case let optimizer as any ElementwiseOptimizer in BitIdentityTests.optimizers {
      var found: Set<[UInt32]> = []
      for set in InstructionSet.available {
        let kernels = try #require(set.kernels)
        let arena = Arena()
        let (weights, gradients) = (arena.floats(count), arena.floats(count))
        let slots = UnsafeMutablePointer<UnsafeMutablePointer<Float>>.allocate(
          capacity: max(optimizer.slots.count, 1))
        defer { slots.deallocate() }
        for (index, slot) in optimizer.slots.enumerated() {
          let floats = arena.floats(count)
          floats.update(repeating: slot.initial, count: count)
          (slots + index).initialize(to: floats)
        }
        var carried: Float = 1
        for step in 0..<4 {
          for index in edges.indices { gradients[index] = edges[(index + step) % edges.count] }
          carried = optimizer.carry(carried, iteration: step)
          optimizer.update(
            UpdateRegion(
              kernels: kernels, weights: weights, gradients: gradients, slots: slots, count: count),
            OptimizerStep(rate: 0.01, iteration: step, carried: carried))
        }
        let all = [weights] + (0..<optimizer.slots.count).map { slots[$0] }
        found.insert(
          all.flatMap { floats in (0..<count).map { floats[$0].isNaN ? 0x7fc0_0000 : floats[$0].bitPattern } }
        )
      }
      #expect(found.count == 1, "\(optimizer.name)")
    }
  }

  @Test("rows are gathered as they are, whatever their width, and nothing beside them is touched")
  func gather() throws {
    for set in InstructionSet.available {
      let kernels = try #require(set.kernels)
      for columns in [1, 2, 3, 4, 7, 8, 15, 16, 17, 20, 33] {
        for stride in [columns, columns + 3] {
          let arena = Arena()
          let source = arena.floats(10 * stride)
          for index in 0..<10 * stride {
            source[index] = EdgeValueTests.edges[index % EdgeValueTests.edges.count]
          }
          let to = arena.matrix(rows: 5, columns: columns)
          to.base.update(repeating: 7, count: 5 * to.stride)
          let order: [UInt32] = [9, 0, 3, 3, 5]
          kernels.pointee.gather(source, stride, order, 5, columns, to.base, to.stride)
          for (row, from) in order.enumerated() {
            for column in 0..<to.stride {
              let expected = column < columns ? source[Int(from) * stride + column] : 7
              #expect(
                to.base[row * to.stride + column].bitPattern == expected.bitPattern || expected.isNaN,
                "\(set): \(columns) of \(stride) columns")
            }
          }
        }
      }
    }
  }
}
