import NNData

/// A step of an imported network: what it does with the units [rows × width] of those before it.
final class NetNode {
  enum Operation {
    /// The features.
    case input
    /// Row-major, [in × out].
    case dense(kernel: [Float], bias: [Float]?)
    case activation(CallRecord)
    case prelu(alpha: [Float])
    case batchNorm(
      epsilon: Float, momentum: Float, gamma: [Float], beta: [Float], mean: [Float], variance: [Float])
    case layerNorm(epsilon: Float, gamma: [Float]?, beta: [Float]?)
    /// scale · x + shift, a number a unit each.
    case affine(scale: [Float], shift: [Float])
    case add
    case concat
  }

  let operation: Operation
  let inputs: [NetNode]
  let width: Int
  /// How many were made before it; what goes in is older.
  let age: Int
  /// The last step that everything on the way here goes through; the step itself for the input.
  private(set) unowned var gate: NetNode!

  init(_ operation: Operation, _ inputs: [NetNode], width: Int, age: Int) {
    self.operation = operation
    self.inputs = inputs
    self.width = width
    self.age = age
    guard var common = inputs.first else {
      gate = self
      return
    }
    for input in inputs.dropFirst() { common = NetNode.common(common, input) }
    gate = common
  }

  /// The last step that both ways go through (Cooper, Harvey and Kennedy, "A simple, fast dominance algorithm").
  private static func common(_ a: NetNode, _ b: NetNode) -> NetNode {
    var (a, b) = (a, b)
    while a !== b {
      if a.age > b.age { a = a.gate } else { b = b.gate }
    }
    return a
  }
}

/// Makes steps, and folds what scales and shifts into the dense layers before and behind it.
struct NetBuilder {
  private var count = 0
  /// Numbers in the matrices that were made.
  private(set) var made = 0
  /// All steps, which are kept until the network is put together.
  private(set) var nodes: [NetNode] = []

  mutating func make(_ operation: NetNode.Operation, _ inputs: [NetNode], width: Int) -> NetNode {
    let node = NetNode(operation, inputs, width: width, age: count)
    if case .dense(let kernel, _) = operation { made += kernel.count }
    count += 1
    nodes.append(node)
    return node
  }

  mutating func dense(_ x: NetNode, kernel: [Float], bias: [Float]?, width: Int) -> NetNode {
    guard case .affine(let scale, let shift) = x.operation, let before = x.inputs.first, !before.isInput
    else {
      return make(.dense(kernel: kernel, bias: bias), [x], width: width)
    }
    var scaled = kernel
    var moved = (bias ?? [Float](repeating: 0, count: width)).map { Double($0) }
    for row in 0..<x.width {
      for column in 0..<width {
        moved[column] += Double(shift[row]) * Double(kernel[row * width + column])
        scaled[row * width + column] *= scale[row]
      }
    }
    return make(.dense(kernel: scaled, bias: moved.map { Float($0) }), [before], width: width)
  }

  mutating func affine(_ x: NetNode, scale: [Float], shift: [Float]) -> NetNode {
    if scale.allSatisfy({ $0 == 1 }), shift.allSatisfy({ $0 == 0 }) { return x }
    switch x.operation {
    case .dense(let kernel, let bias):
      let scaled =
        scale.allSatisfy { $0 == 1 } ? kernel : kernel.indices.map { kernel[$0] * scale[$0 % x.width] }
      let moved = shift.indices.map { (bias?[$0] ?? 0) * scale[$0] + shift[$0] }
      return make(.dense(kernel: scaled, bias: moved), x.inputs, width: x.width)
    case .affine(let first, let offset):
      let scales = scale.indices.map { first[$0] * scale[$0] }
      let shifts = shift.indices.map { offset[$0] * scale[$0] + shift[$0] }
      return make(.affine(scale: scales, shift: shifts), x.inputs, width: x.width)
    default:
      return make(.affine(scale: scale, shift: shift), [x], width: x.width)
    }
  }
}

extension NetNode {
  var isInput: Bool { if case .input = operation { true } else { false } }
}
