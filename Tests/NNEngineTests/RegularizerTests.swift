import CKernels
import Testing

@testable import NNEngine

/// What penalties do where the golden networks do not go.
@Suite("Regularizers")
struct RegularizerTests {
  private func orthogonality(_ rows: Int, _ columns: Int, _ values: [Float]) throws -> (Float, [Float]) {
    let penalty = OrthogonalRegularizer(factor: 0.5)
    let kernels = try InstructionSet.resolve(nil)
    var (values, gradients) = (values, [Float](repeating: 0, count: values.count))
    var scratch = [Float](repeating: .nan, count: penalty.scratchCount(rows: rows, columns: columns))
    let found = values.withUnsafeMutableBufferPointer { values in
      gradients.withUnsafeMutableBufferPointer { gradients in
        scratch.withUnsafeMutableBufferPointer { scratch in
          let tensor = RegularizedTensor(
            kernels: kernels, values: values.baseAddress.unsafelyUnwrapped,
            gradients: gradients.baseAddress.unsafelyUnwrapped, rows: rows, columns: columns, stride: columns,
            scratch: scratch.baseAddress.unsafelyUnwrapped)
          penalty.addGradient(tensor)
          return penalty.penalty(tensor)
        }
      }
    }
    return (found, gradients)
  }

  /// Keras's `normalize` divides by no less than 1e-7: w · min(1 / √Σw², 1e7).
  @Test func aNearlyEmptyRowIsNotBlownUp() throws {
    let (tiny, _) = try orthogonality(2, 2, [1e-9, 0, 0.6, 0.8])
    #expect(abs(tiny - 0.5 * 1e-2 * 0.6) < 1e-9)
    // 1e-25² is 0 in float32, so that √Σw² is, too.
    let (least, _) = try orthogonality(2, 2, [1e-25, 0, 0.6, 0.8])
    #expect(least > 0 && least < 1e-18)
  }

  @Test("there must be two lines to compare: rows are inputs, columns are units")
  func linesToCompare() throws {
    typealias Mode = OrthogonalRegularizer.Mode
    for (inputs, units, mode, isTaken) in [
      (1, 2, Mode.rows, false), (2, 1, .rows, true), (2, 1, .columns, false), (1, 2, .columns, true),
    ] {
      let layer = Dense(units: units, kernelRegularizer: OrthogonalRegularizer(mode: mode))
      let network = try? Network(inputWidth: inputs, layers: [layer])
      #expect((network != nil) == isTaken, "\(inputs) × \(units) \(mode)")
    }
  }

  @Test("a penalty on activities is in a measured loss, as a mean over the rows, however many there are")
  func activities() throws {
    var network = try Network(
      inputWidth: 1, layers: [Dense(units: 1, activityRegularizer: L1L2(l1: 0.25, l2: 0.5))])
    try network.setParameter(name: "layers.0.kernel", shape: [1, 1], values: [1])
    try network.setParameter(name: "layers.0.bias", shape: [1], values: [0])
    func loss(_ values: [Float], _ targets: [Float]) throws -> Double? {
      try evaluate(
        network,
        on: Dataset(
          features: Matrix(rows: values.count, columns: 1, values: values),
          targets: Matrix(rows: targets.count, columns: 1, values: targets)),
        loss: MeanSquaredError(), metrics: []
      ).first?.value
    }
    // 4/3 of errors, 0.25 · (1 + 2 + 3) / 3 and 0.5 · (1 + 4 + 9) / 3.
    let found = try #require(try loss([1, -2, 3], [1, -2, 5]))
    #expect(abs(found - (4.0 / 3 + 0.5 + 7.0 / 3)) < 1e-6)
    for rows in [1, 4096, 4097, 9000] {
      let two = [Float](repeating: 2, count: rows)
      #expect(try loss(two, two) == 0.25 * 2 + 0.5 * 4)
    }
  }

  @Test func anEmptyRowIsOrthogonalToAll() throws {
    let (value, gradients) = try orthogonality(3, 2, [0, 0, 3, 4, 4, -3])
    #expect(value == 0 && gradients.allSatisfy { $0 == 0 })
  }
}
