import Testing

@testable import NNEngine

/// As ``GoldenDigestTests``, for every optimizer, bare and with all that can surround it.
@Suite("Golden digests of optimizers")
struct OptimizerGoldenTests {
  /// In the order of ``AnyOptimizers``: bare, then surrounded.
  static let digests: [String] = [
    "7d30fcc001fe8b25", "a195272e11ded5d8", "98ce1d30faf62787", "ae8aa0da2a4e83d1",
    "68526bbada278628", "1fe28bbdfc9828f0", "f47d69ce5edf4bf0", "fa65da262002293d",
    "a7e598bc6b28ef7d", "be126011af05f266", "b6cac61e57a6ed2e", "886c1b0a609af23b",
    "89f27bda7041993b", "7d82fb445062cc4f", "37c88e970e772857", "5a7654160008ba7e",
    "891a27c0e8d89012", "6a232cf6fea16b43", "0b794ad81456a9f8", "1bccd47c08fb722a",
    "aafc1d2abcdb1332", "72cd1bbcb708647a", "58e719d4f7a2c2ef", "6b7d57f9ae6806fc",
    "ca366be0bc33a065", "2042cc572ceb3a66", "7369b773103984b3", "03504d02dfc7ef29",
    "ecfb1b74c0a65e66", "240dafb001b0e593", "c47c5b577fe78482", "6b0fc365512e1b40",
    "d21fc45c54fbe28e", "cae0c04b6fd6ecac", "0924de2ddaadd36f", "19b37cdc02656ba4",
  ]

  @Test func golden() throws {
    let optimizers = AnyOptimizers.plain + AnyOptimizers.surrounded
    #expect(Self.digests.count == optimizers.count)
    let data = syntheticClasses(rows: 37, inputs: 5, classes: 3)
    var found: [String] = []
    for (index, optimizer) in optimizers.enumerated() {
      for set in InstructionSet.available {
        for threads in [1, 2] {
          var trainer = try Trainer(
            network: Network(
              inputWidth: 5,
              layers: [Dense(units: 19, activation: GELU()), Dense(units: 3, activation: Softmax())]),
            loss: SparseCategoricalCrossentropy(),
            options: FitOptions(epochs: 3, batchSize: 8, seed: 7, threads: threads, instructionSet: set))
          var state = TrainingState(optimizer: optimizer)
          _ = try trainer.fit(training: data, validation: data, state: &state)
          let digest = trainer.network.digest
          if set == .portable, threads == 1 { found.append(digest) }
          #expect(digest == found[index], "\(index): \(optimizer.name), \(set), \(threads) threads")
        }
      }
    }
    #expect(found == Self.digests)
  }
}
