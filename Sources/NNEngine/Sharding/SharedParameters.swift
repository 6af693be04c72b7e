import Synchronization

/// Where the ranks of one machine have their gradients before each other, and, where an optimizer moves each weight by itself, one and the
/// same weights and slots.
///
/// It holds two counters, each rank's progress, each rank's other sums of two steps, each rank's gradients, then the weights and slots.
final class SharedParameters {
  private static let page = 4096
  /// Bytes between counters: two cache lines, which some processors fetch together.
  private static let apart = 128

  let ranks: any Ranks
  private let memory: RankMemory
  private let sums: Int
  private let firstGradients: Int
  private let eachGradients: Int
  /// Nil where each rank has its own.
  let values: UnsafeMutablePointer<Float>?
  let slots: [UnsafeMutablePointer<Float>]

  /// - Parameters:
  ///   - count: floats of all weights.
  ///   - slotCount: nil where weights and slots are each rank's own.
  /// - Returns: nil where ranks are on several machines, or the memory is not to be had.
  init?(_ ranks: any Ranks, count: Int, slotCount: Int?) {
    func pages(_ bytes: Int) -> Int {
      (bytes + SharedParameters.page - 1) / SharedParameters.page * SharedParameters.page
    }
    // A group of sixteen more, as in Arena.
    let run = pages((count + 16) * 4)
    sums = (2 + ranks.count) * SharedParameters.apart
    firstGradients = pages(sums + 2 * ranks.count * ParameterStore.sumCount * 4)
    eachGradients = pages((ParameterStore.sumCount + count + 16) * 4)
    let firstValues = firstGradients + ranks.count * eachGradients
    let runs = slotCount.map { 1 + $0 } ?? 0
    guard ranks.count > 1, let memory = ranks.share(bytes: firstValues + runs * run, among: 0..<ranks.count)
    else { return nil }
    self.ranks = ranks
    self.memory = memory
    // SAFETY: here and below, offsets lie within the bytes that were asked for.
    let floats = (0..<runs).map { (memory.base + firstValues + $0 * run).assumingMemoryBound(to: Float.self) }
    values = floats.first
    slots = Array(floats.dropFirst())
    progress(ranks.rank).initialize(to: Atomic(0))
  }

  private func counter(_ place: Int) -> UnsafeMutablePointer<Atomic<Int>> {
    (memory.base + place * SharedParameters.apart).assumingMemoryBound(to: Atomic<Int>.self)
  }

  /// Chunks of all steps that somebody has begun. Memory of zeros is a counter at 0.
  var taken: UnsafeMutablePointer<Atomic<Int>> { counter(0) }
  /// Chunks of all steps that are done.
  var finished: UnsafeMutablePointer<Atomic<Int>> { counter(1) }
  /// Chunks of all steps of which a rank's gradients are complete.
  func progress(_ rank: Int) -> UnsafeMutablePointer<Atomic<Int>> { counter(2 + rank) }

  /// A rank's other sums of a step. No rank is two steps ahead of another.
  func sums(_ rank: Int, step: Int) -> UnsafeMutablePointer<Float> {
    let place = (step & 1) * ranks.count + rank
    return (memory.base + sums).assumingMemoryBound(to: Float.self) + place * ParameterStore.sumCount
  }

  /// A rank's gradients, with room for sums before them.
  func gradients(_ rank: Int) -> UnsafeMutablePointer<Float> {
    (memory.base + firstGradients + rank * eachGradients).assumingMemoryBound(to: Float.self)
      + ParameterStore.sumCount
  }

  /// Makes rank 0's numbers the sum of all ranks', by the tree of ``RankSum``: neighbours first, then pairs of neighbours.
  func add(_ count: Int, _ numbers: (_ rank: Int) -> UnsafeMutablePointer<Float>) {
    var distance = 1
    while distance < ranks.count {
      for rank in stride(from: 0, to: ranks.count, by: 2 * distance) {
        let (sum, other) = (numbers(rank), numbers(rank + distance))
        for index in 0..<count { sum[index] += other[index] }
      }
      distance *= 2
    }
  }
}
