import CKernels
import Testing

@testable import NNEngine

@Suite("Random numbers and digests")
struct RandomTests {
  @Test("Philox gives the published vectors of Random123")
  func vectors() {
    let zero = Philox(key0: 0, key1: 0).block(0, 0, 0, 0)
    #expect(zero == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    let ones = Philox(key0: .max, key1: .max).block(.max, .max, .max, .max)
    #expect(ones == (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    let pi = Philox(key0: 0xa409_3822, key1: 0x299f_31d0).block(
      0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344)
    #expect(pi == (0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test("seed, purpose and path each make another generator")
  func keys() {
    let base = Philox(seed: 1, purpose: "shuffle").block(0, 0, 0, 0)
    #expect(Philox(seed: 1, purpose: "shuffle").block(0, 0, 0, 0) == base)
    #expect(Philox(seed: 2, purpose: "shuffle").block(0, 0, 0, 0) != base)
    #expect(Philox(seed: 1 << 40, purpose: "shuffle").block(0, 0, 0, 0) != base)
    #expect(Philox(seed: 1, purpose: "split").block(0, 0, 0, 0) != base)
    #expect(Philox(seed: 1, purpose: "shuffle", path: "layers.0").block(0, 0, 0, 0) != base)
  }

  @Test("a permutation holds every row once, and each round another order")
  func permutation() {
    for count in [0, 1, 2, 3, 100, 1001] {
      let order = Philox.permutation(count: count, seed: 3, purpose: "test")
      #expect(order.sorted() == Array(0..<count))
      #expect(order == Philox.permutation(count: count, seed: 3, purpose: "test"))
    }
    let first = Philox.permutation(count: 100, seed: 3, purpose: "test", round: 1)
    #expect(first != Philox.permutation(count: 100, seed: 3, purpose: "test", round: 2))
    #expect(Philox.permutation(count: -5, seed: 3, purpose: "test").isEmpty)
  }

  @Test("an epoch's order is the permutation of its seed and number", arguments: [1, 2, 257, 1000])
  func epochOrder(rows: Int) throws {
    // One epoch in batches of one row, the loss of each being its target: the order shows in what the metric adds up.
    final class Order: Metric, @unchecked Sendable {  // used by one fit on one thread
      let name = "order"
      let direction: MetricDirection? = .minimize
      var seen: [Int] = []
      func update(_ accumulator: UnsafeMutablePointer<Double>, batch: MetricBatch) {
        seen.append(Int(batch.targets.base[0]))
      }
    }
    let metric = Order()
    let data = Dataset(
      features: Matrix(rows: rows, columns: 1, values: [Float](repeating: 0, count: rows)),
      targets: Matrix(rows: rows, columns: 1, values: (0..<rows).map { Float($0) }))
    var trainer = try Trainer(
      network: Network(inputWidth: 1, layers: [Dense(units: 1)]), loss: MeanAbsoluteError(),
      options: FitOptions(epochs: 2, batchSize: 1, seed: 5, metrics: [metric]))
    var state = TrainingState(optimizer: SGD(learningRate: 0))
    _ = try trainer.fit(training: data, state: &state)
    let expected = (0..<2).flatMap { Philox.permutation(count: rows, seed: 5, purpose: "shuffle", round: $0) }
    #expect(metric.seen == expected)
  }

  @Test("every row comes first about equally often")
  func fairness() {
    var counts = [Int](repeating: 0, count: 6)
    for round in 0..<6000 {
      counts[Philox.permutation(count: 6, seed: 9, purpose: "test", round: round)[0]] += 1
    }
    // 1,000 expected, standard deviation 29.
    #expect(counts.allSatisfy { abs($0 - 1000) < 150 }, "\(counts)")
  }

  @Test(
    "SHA-256 gives NIST's vectors",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
      ),
    ])
  func sha256(text: String, digest: String) {
    var whole = SHA256()
    whole.update(Array(text.utf8))
    #expect(SHA256.hex(whole.finish()) == digest)
    var parts = SHA256()
    for byte in text.utf8 { parts.update([byte]) }
    #expect(SHA256.hex(parts.finish()) == digest)
  }

  @Test("SHA-256 is the same without the processor's instructions for it")
  func plainSHA256() {
    let bytes = (0..<64 * 9).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 / 64) }
    for blocks in 1...9 {
      var (first, second) = ([UInt32](1...8), [UInt32](1...8))
      ck_sha256(&first, bytes, blocks)
      ck_sha256_plain(&second, bytes, blocks)
      #expect(first == second)
    }
  }

  @Test("SHA-256 of 100,000 letters, fed in uneven parts")
  func long() {
    let letters = [UInt8](repeating: UInt8(ascii: "a"), count: 100_000)
    var whole = SHA256()
    whole.update(letters)
    var parts = SHA256()
    var at = 0
    var size = 1
    while at < letters.count {
      let end = min(at + size, letters.count)
      parts.update(Array(letters[at..<end]))
      at = end
      size = size * 3 % 131 + 1
    }
    #expect(whole.finish() == parts.finish())
  }

  @Test("the normal quantile agrees with known values")
  func quantile() {
    for (p, z) in [
      (0.5, 0.0), (0.975, 1.959963984540054), (0.025, -1.959963984540054), (0.8413447460685429, 1.0),
      (0.022750131948179207, -2.0), (1e-10, -6.361340902404056), (1e-20, -9.262340089798408),
    ] {
      #expect(abs(Normal.quantile(p) - z) < 1e-14 * max(1, abs(z)) * 10, "at \(p): \(Normal.quantile(p))")
    }
    for x in [1e-300, 1e-5, 0.3, 0.999, 1, 1.5, 2, 10, 1e10] {
      let e = Normal.logarithm(x)
      #expect(abs(e - referenceLog(x)) <= 4e-16 * max(abs(e), 1))
    }
  }
}
