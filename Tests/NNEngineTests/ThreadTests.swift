import Testing

@testable import NNEngine

@Suite("Threads")
struct ThreadTests {
  @Test("products large enough to be split give the bits of one thread", arguments: InstructionSet.available)
  func products(set: InstructionSet) throws {
    // Portable products run fma by fma: keep those small, but above the size from which work is split.
    for (rows, units, inputs) in set == .portable
      ? [(33, 170, 190)] : [(33, 170, 190), (300, 40, 130), (64, 97, 512)]
    {
      let data = syntheticRegression(rows: rows, inputs: inputs, outputs: 3)
      var digests: Set<String> = []
      for threads in [1, 2, 3] {
        let network = try Network(
          inputWidth: inputs,
          layers: [
            Dense(units: units, activation: ReLU()), Dense(units: units, activation: Tanh()), Dense(units: 3),
          ])
        var trainer = try Trainer(
          network: network, loss: MeanSquaredError(),
          options: FitOptions(epochs: 2, batchSize: rows, seed: 1, threads: threads, instructionSet: set))
        var state = TrainingState(optimizer: Adam())
        _ = try trainer.fit(training: data, state: &state)
        digests.insert(trainer.network.digest)
      }
      #expect(digests.count == 1, "\(rows) × \(units) × \(inputs)")
    }
  }

  @Test("the pool does every task once, again and again, from several callers")
  func pool() async {
    await withTaskGroup(of: Bool.self) { group in
      for caller in 0..<4 {
        group.addTask {
          let count = 50 + caller
          let tally = UnsafeMutablePointer<Int>.allocate(capacity: count)
          tally.initialize(repeating: 0, count: count)
          defer { tally.deallocate() }
          for _ in 0..<300 {
            WorkerPool.shared.run(threads: 2, count: count, context: tally) { raw, task in
              // Each task has a place of its own.
              UnsafeMutablePointer(mutating: raw.assumingMemoryBound(to: Int.self))[task] += 1
            }
          }
          return (0..<count).allSatisfy { tally[$0] == 300 }
        }
      }
      for await right in group { #expect(right) }
    }
  }

  @Test("fits side by side give what they give alone")
  func sideBySide() async throws {
    let data = syntheticRegression(rows: 64, inputs: 100, outputs: 2)
    @Sendable func fit(_ seed: UInt64) throws -> String {
      let network = try Network(
        inputWidth: 100, layers: [Dense(units: 200, activation: ELU()), Dense(units: 2)])
      var trainer = try Trainer(
        network: network, loss: MeanSquaredError(),
        options: FitOptions(epochs: 2, batchSize: 64, seed: seed, threads: 2))
      var state = TrainingState(optimizer: SGD())
      _ = try trainer.fit(training: data, state: &state)
      return trainer.network.digest
    }
    let alone = try (0..<4).map { try fit(UInt64($0)) }
    let together = try await withThrowingTaskGroup(of: (Int, String).self) { group in
      for seed in 0..<4 { group.addTask { (seed, try fit(UInt64(seed))) } }
      var digests = [String](repeating: "", count: 4)
      for try await (seed, digest) in group { digests[seed] = digest }
      return digests
    }
    #expect(alone == together)
  }
}
