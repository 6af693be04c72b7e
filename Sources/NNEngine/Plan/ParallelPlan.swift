import CKernels

extension Parallel: PlannedLayer {
  func makePlan(_ site: LayerSite) -> (any LayerPlan)? { ParallelPlan(self, site) }

  func bufferFloats(inputWidth: Int) -> Double {
    let joined = Double(paddedWidth((try? outputWidth(inputWidth: inputWidth)) ?? 0))
    let inputs = Double(branches.count) * Double(paddedWidth(inputWidth))
    return branches.reduce(joined + inputs) { $0 + $1.bufferFloats(inputWidth: inputWidth) }
  }
}

/// Branches side by side. Their gradients by the input add up in the branches' order.
final class ParallelPlan: LayerPlan {
  let output: MatrixView
  let outputGradient: MatrixView?

  private struct Branch {
    let chain: Chain
    /// Its first column in the joined output.
    let column: Int
    let inputGradient: MatrixView?
  }

  private let kernels: UnsafePointer<ck_kernels>
  private let inputGradient: MatrixView?
  private let branches: [Branch]

  init(_ layer: Parallel, _ site: LayerSite) {
    kernels = site.executor.kernels
    inputGradient = site.training ? site.inputGradient : nil
    output = site.arena.matrix(rows: site.rows, columns: site.outputWidth)
    outputGradient = site.training ? site.arena.matrix(rows: site.rows, columns: site.outputWidth) : nil
    var branches: [Branch] = []
    var column = 0
    let builder = ChainBuilder(resources: site.resources)
    for (index, layers) in layer.branches.enumerated() {
      let own = inputGradient.map { site.arena.matrix(rows: site.rows, columns: $0.columns) }
      let chain = builder.chain(
        layers, path: "\(site.path).branches.\(index).layers", input: site.input, inputGradient: own)
      branches.append(Branch(chain: chain, column: column, inputGradient: own))
      column += chain.output.columns
    }
    self.branches = branches
  }

  func forward(rows: Int, step: UInt64) {
    for index in 0..<branches.count {
      let branch = branches[index]
      branch.chain.forward(rows: rows, step: step)
      let part = branch.chain.output
      copyRows(part.base, part.stride, output.base + branch.column, output.stride, rows, part.columns)
    }
  }

  func backward(rows: Int) {
    guard let gradient = outputGradient else { return }
    if let inputGradient { inputGradient.base.update(repeating: 0, count: rows * inputGradient.stride) }
    for index in 0..<branches.count {
      let branch = branches[index]
      guard let inner = branch.chain.outputGradient else { continue }
      copyRows(gradient.base + branch.column, gradient.stride, inner.base, inner.stride, rows, inner.columns)
      branch.chain.backward(rows: rows)
      if let inputGradient, let own = branch.inputGradient {
        kernels.pointee.add(
          inputGradient.base, inputGradient.stride, own.base, own.stride, rows, inputGradient.columns)
      }
    }
  }

  func penalty(_ rows: Range<Int>, of batch: Int) -> Float {
    var sum: Float = 0
    for index in 0..<branches.count { sum += branches[index].chain.penalty(rows, of: batch) }
    return sum
  }
}
