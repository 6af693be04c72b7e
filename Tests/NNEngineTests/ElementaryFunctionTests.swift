import CKernels
import Testing

@testable import NNEngine

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How many float32 steps `value` lies from the true result.
func ulps(_ value: Float, _ truth: Double) -> Double {
  if value.isNaN || truth.isNaN { return value.isNaN && truth.isNaN ? 0 : .infinity }
  if Double(value) == truth { return 0 }
  let nearest = Float(truth)
  if nearest.isInfinite || value.isInfinite { return nearest == value ? 0 : .infinity }
  let step = max(Double(nearest.ulp), Double(Float.leastNormalMagnitude.ulp))
  return abs(Double(value) - truth) / step
}

@Suite("Elementary functions of the kernels")
struct ElementaryFunctionTests {
  typealias Apply = (UnsafePointer<ck_kernels>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) ->
    Void

  private func sweep(_ low: Float, _ high: Float, _ count: Int = 8_000) -> [Float] {
    (0..<(count / 16 * 16)).map { low + (high - low) * Float($0) / Float(count) }
  }

  private func run(_ set: InstructionSet, _ x: [Float], _ apply: Apply) throws -> [Float] {
    let kernels = try #require(set.kernels)
    var y = [Float](repeating: 0, count: x.count)
    y.withUnsafeMutableBufferPointer { to in
      x.withUnsafeBufferPointer { from in
        if let from = from.baseAddress, let to = to.baseAddress { apply(kernels, from, to, x.count) }
      }
    }
    return y
  }

  private func activation(_ kind: ck_activation) -> Apply {
    { kernels, x, y, count in
      kernels.pointee.activate(kind, ck_params(p0: 1, p1: 0, p2: 0), x, count, y, count, 1, count)
    }
  }

  private func check(_ x: [Float], below limit: Double, _ apply: Apply, _ truth: (Double) -> Double) throws {
    let reference = try run(.portable, x, apply)
    var worst = (ulp: 0.0, x: Float(0))
    for (input, value) in zip(x, reference) {
      let error = ulps(value, truth(Double(input)))
      if error > worst.ulp { worst = (error, input) }
    }
    #expect(worst.ulp < limit, "\(worst.ulp) ulp at \(worst.x)")
    for set in InstructionSet.available {
      let same = try run(set, x, apply)
      #expect(same.map(\.bitPattern) == reference.map(\.bitPattern), "\(set) gives other bits")
    }
  }

  @Test func exponential() throws {
    let apply: Apply = { $0.pointee.vector_exp($1, $2, $3) }
    try check(sweep(-87.3, 88.7), below: 2, apply, exp)
    try check(sweep(-1, 1), below: 2, apply, exp)
    let edges: [Float] = [
      0, -0.0, .infinity, -.infinity, .nan, 88.73, 100, 1e30, -87.4, -104, -1e30, 88.72, 1e-30, -1e-30, 1, -1,
    ]
    let y = try run(.portable, edges, apply)
    #expect(y[0] == 1 && y[1] == 1 && y[2] == .infinity && y[3] == 0 && y[4].isNaN)
    #expect(y[5] == .infinity && y[6] == .infinity && y[7] == .infinity)
    #expect(y[8] == 0 && y[9] == 0 && y[10] == 0 && y[11].isFinite)
  }

  @Test func logarithm() throws {
    let apply: Apply = { $0.pointee.vector_log($1, $2, $3) }
    try check(sweep(1e-3, 3), below: 2, apply, log)
    try check(sweep(1e-7, 2e-5), below: 2, apply, log)
    try check(sweep(1, 1e6), below: 2, apply, log)
    try check(sweep(2e-38, 1e38), below: 2, apply, log)
    let edges: [Float] = [0, -1, .infinity, .nan, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
    let y = try run(.portable, edges, apply)
    #expect(y[0] == -.infinity && y[1].isNaN && y[2] == .infinity && y[3].isNaN && y[4] == 0)
  }

  @Test func errorFunction() throws {
    let apply: Apply = { $0.pointee.vector_erf($1, $2, $3) }
    try check(sweep(-6, 6), below: 3, apply, erf)
    try check(sweep(-1e-3, 1e-3), below: 3, apply, erf)
  }

  @Test func hyperbolicTangent() throws {
    try check(sweep(-12, 12), below: 3, activation(CK_TANH), tanh)
    try check(sweep(-1e-3, 1e-3), below: 3, activation(CK_TANH), tanh)
  }

  @Test func logisticSigmoid() throws {
    try check(sweep(-86, 30), below: 4, activation(CK_SIGMOID)) { 1 / (1 + exp(-$0)) }
  }

  @Test func exponentialLinear() throws {
    try check(sweep(-20, 2), below: 4, activation(CK_ELU)) { $0 > 0 ? $0 : expm1($0) }
    try check(sweep(-1e-3, 1e-4), below: 4, activation(CK_ELU)) { $0 > 0 ? $0 : expm1($0) }
  }

  @Test func powers() throws {
    for exponent: Float in [0.3, 0.7, 1.5, 2.5, 3, 5, 7.25, -0.5, -1, -2, -3.3] {
      let apply: Apply = { $0.pointee.vector_power($1, exponent, $2, $3) }
      try check(sweep(1e-3, 3), below: 2, apply) { pow($0, Double(exponent)) }
      try check(sweep(0.99, 1.01), below: 2, apply) { pow($0, Double(exponent)) }
      // Results that would be subnormal are 0.
      if exponent < 6 { try check(sweep(1e-7, 2e-5), below: 2, apply) { pow($0, Double(exponent)) } }
      try check(sweep(1, 1e5), below: 2, apply) { pow($0, Double(exponent)) }
    }
    for exponent: Float in [0, 0.5, 1, 2] {
      let apply: Apply = { $0.pointee.vector_power($1, exponent, $2, $3) }
      try check(sweep(1e-9, 7), below: 0.51, apply) { pow($0, Double(exponent)) }
    }
    let edges: [Float] = [0, 1, .infinity, .nan, -2, -1, 1e-38, 3e38, 4, 4, 4, 4, 4, 4, 4, 4]
    let up = try run(.portable, edges) { $0.pointee.vector_power($1, 1.5, $2, $3) }
    #expect(
      up[0] == 0 && up[1] == 1 && up[2] == .infinity && up[3].isNaN && up[4].isNaN && up[7] == .infinity)
    let cube = try run(.portable, edges) { $0.pointee.vector_power($1, 3, $2, $3) }
    #expect(cube[4] == -8 && cube[5] == -1 && cube[6] == 0 && cube[8] == 64)
    let down = try run(.portable, edges) { $0.pointee.vector_power($1, -2, $2, $3) }
    #expect(down[0] == .infinity && down[2] == 0 && down[3].isNaN && down[4] == 0.25 && down[7] == 0)
  }

  @Test func smoothActivations() throws {
    try check(sweep(-86, 30), below: 4, activation(CK_SOFTPLUS)) { max($0, 0) + log1p(exp(-abs($0))) }
    try check(sweep(-1, 1), below: 4, activation(CK_SOFTPLUS)) { max($0, 0) + log1p(exp(-abs($0))) }
    try check(sweep(-30, 86), below: 4, activation(CK_LOG_SIGMOID)) { -max(-$0, 0) - log1p(exp(-abs($0))) }
    try check(sweep(-80, 30), below: 4, activation(CK_SILU)) { $0 / (1 + exp(-$0)) }
    try check(sweep(-80, 30), below: 4, activation(CK_MISH)) { x in
      let n = exp(x)
      return x * n * (n + 2) / (n * (n + 2) + 2)
    }
    try check(sweep(-1e-3, 1e-3), below: 4, activation(CK_MISH)) { x in
      let n = exp(x)
      return x * n * (n + 2) / (n * (n + 2) + 2)
    }
    try check(sweep(-20, 2), below: 4, activation(CK_CELU)) { $0 > 0 ? $0 : expm1($0) }
    try check(sweep(-87, 88), below: 2, activation(CK_EXPONENTIAL), exp)
    try check(sweep(-50, 50), below: 2, activation(CK_SOFTSIGN)) { $0 / (1 + abs($0)) }
  }

  @Test("SELU and tanh-shrink agree with their formulas to the rounding of the formulas' terms")
  func differences() throws {
    for (kind, truth) in [
      (CK_SELU, { (x: Double) in 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * expm1(x)) }),
      (CK_TANH_SHRINK, { (x: Double) in x - tanh(x) }),
      (CK_SQUAREPLUS, { (x: Double) in (x + (x * x + 1).squareRoot()) / 2 }),
    ] {
      let x = sweep(-8, 8)
      let y = try run(.portable, x, activation(kind))
      for (input, value) in zip(x, y) {
        #expect(abs(Double(value) - truth(Double(input))) <= 2e-7 * max(1, abs(Double(input))), "at \(input)")
      }
    }
  }

  @Test("GELU agrees with its formula to the rounding of the formula's terms")
  func gelu() throws {
    for (kind, truth) in [
      (CK_GELU, { (x: Double) in 0.5 * x * (1 + erf(x / 2.0.squareRoot())) }),
      (
        CK_GELU_TANH, { (x: Double) in 0.5 * x * (1 + tanh(0.7978845608028654 * (x + 0.044715 * x * x * x))) }
      ),
    ] {
      let x = sweep(-8, 8)
      let y = try run(.portable, x, activation(kind))
      for (input, value) in zip(x, y) {
        #expect(abs(Double(value) - truth(Double(input))) <= 4e-7 * max(1, abs(Double(input))), "at \(input)")
      }
    }
  }
}
