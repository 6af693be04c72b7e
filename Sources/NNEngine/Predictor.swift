/// A network ready to answer: its buffers are made once, and an answer allocates nothing but what it is returned in.
///
/// ```swift
/// let predictor = try Predictor(network, rows: 1)
/// var outputs = [Float](repeating: 0, count: network.outputWidth)
/// try predictor.predict(row: features, into: &outputs)
/// ```
///
/// One thread at a time may use a predictor; several predictors of one network do not disturb each other.
public final class Predictor {
  private let plan: NetworkPlan
  public let inputWidth: Int
  public let outputWidth: Int

  /// - Parameters:
  ///   - rows: how many go through the network at a time; the answers do not depend on it.
  ///   - threads: at most so many; the machine's cores if nil. The answers do not depend on it.
  public init(
    _ network: Network, rows: Int? = nil, threads: Int? = nil, instructionSet: InstructionSet? = nil
  ) throws(EngineError) {
    guard network.hasWeights else { throw .noWeights }
    let rows = max(rows ?? forwardBlock, 1)
    try checkMemory(
      floats: NetworkPlan.floats(network, rows: rows, slots: nil), "a network with batches of \(rows) rows")
    inputWidth = network.inputWidth
    outputWidth = network.outputWidth
    let executor = Executor(
      kernels: try InstructionSet.resolve(instructionSet), threads: threads ?? machineThreads)
    plan = NetworkPlan(network, rows: rows, executor: executor, slotNames: nil, keepsWeights: true)
  }

  /// The network's outputs [rows × outputs] for features [rows × inputs], dropout off.
  public func predict(_ x: Matrix) throws(EngineError) -> Matrix {
    try x.check()
    guard x.columns == inputWidth else { throw .featureWidth(expected: inputWidth, found: x.columns) }
    try x.checkFinite("a feature")
    let (count, overflow) = x.rows.multipliedReportingOverflow(by: outputWidth)
    guard !overflow else { throw .tooLarge(what: "the predictions of \(x.rows) rows") }
    try checkMemory(floats: Double(count), "the predictions of \(x.rows) rows")
    guard x.rows > 0 else { return Matrix(rows: 0, columns: outputWidth, values: []) }
    var out = [Float](repeating: 0, count: count)
    x.values.withUnsafeBufferPointer { from in
      out.withUnsafeMutableBufferPointer { to in
        guard let source = from.baseAddress, let target = to.baseAddress else { return }
        // SAFETY: `from` holds rows × inputWidth and `to` rows × outputWidth floats.
        run(source, x.rows, target)
      }
    }
    return Matrix(rows: x.rows, columns: outputWidth, values: out)
  }

  /// The outputs for one row, written over `outputs`, which holds one number for each.
  public func predict(row: [Float], into outputs: inout [Float]) throws(EngineError) {
    guard row.count == inputWidth else { throw .featureWidth(expected: inputWidth, found: row.count) }
    guard outputs.count == outputWidth else {
      throw .malformedMatrix(rows: 1, columns: outputWidth, values: outputs.count)
    }
    for column in row.indices where !row[column].isFinite {
      throw .notFinite(what: "a feature", row: 0, column: column)
    }
    row.withUnsafeBufferPointer { from in
      outputs.withUnsafeMutableBufferPointer { to in
        guard let source = from.baseAddress, let target = to.baseAddress else { return }
        // SAFETY: their counts were checked above.
        run(source, 1, target)
      }
    }
  }

  private func run(_ source: UnsafePointer<Float>, _ count: Int, _ target: UnsafeMutablePointer<Float>) {
    var start = 0
    while start < count {
      let rows = min(plan.rows, count - start)
      copyRows(source + start * inputWidth, inputWidth, plan.input.base, plan.input.stride, rows, inputWidth)
      plan.forward(rows: rows, step: 0)
      copyRows(
        plan.output.base, plan.output.stride, target + start * outputWidth, outputWidth, rows, outputWidth)
      start += rows
    }
  }
}

extension Network {
  /// The network's outputs for each row, dropout off. Whoever asks again and again keeps a ``Predictor``.
  public func predict(_ x: Matrix, threads: Int? = nil, instructionSet: InstructionSet? = nil)
    throws(EngineError) -> Matrix
  {
    try Predictor(
      self, rows: min(forwardBlock, max(x.rows, 1)), threads: threads, instructionSet: instructionSet
    ).predict(x)
  }
}
