import Synchronization

/// Adds up a step's gradients between ranks of one machine, which read each other's from memory. The run of gradients is cut into chunks,
/// counted from its end; each chunk goes to whichever rank is free as soon as all ranks have its gradients, so that the one that is
/// through with its rows first does more of what is left. Where the ranks have one and the same weights it moves them as well.
///
/// Counters count over steps and never go back, so that no rank has to wait until another has seen them.
final class SharedStep: StepExchange {
  /// Floats: a chunk of every rank's gradients, weights and slots stays in a core's cache.
  private static let chunk = 1 << 14

  private let memory: SharedParameters
  private let ranks: any Ranks
  private let executor: Executor
  private let ownSums: UnsafeMutablePointer<Float>
  private let count: Int
  private let chunks: Int
  private let isSplit: Bool
  /// Steps that are finished.
  private var step = 0
  /// Chunks of the step at hand that are complete here; nil before the first.
  private var complete: Int?
  private(set) var waited = 0.0

  /// Moves the weights that all ranks have, where they do.
  struct Update {
    let optimizer: OptimizerPlan
    let step: OptimizerStep
  }
  /// For the step at hand; nil if gradients are to be added up alone.
  var update: Update?

  init(_ memory: SharedParameters, store: ParameterStore, executor: Executor) {
    self.memory = memory
    ranks = memory.ranks
    self.executor = executor
    ownSums = store.sums
    count = store.trainableCount
    chunks = max(1, (count + SharedStep.chunk - 1) / SharedStep.chunk)
    isSplit = executor.threads > 1 && count >= executor.grain.update
  }

  func ready(from place: Int) {
    // The last chunk is complete only with the step.
    let now = min((count - place) / SharedStep.chunk, chunks - 1)
    if now > complete ?? 0 { publish(now) }
  }

  private func publish(_ now: Int) {
    if complete == nil {
      memory.sums(ranks.rank, step: step).update(from: ownSums, count: ParameterStore.sumCount)
    }
    complete = now
    memory.progress(ranks.rank).pointee.store(step * chunks + now, ordering: .releasing)
  }

  func finish() {
    publish(chunks)
    if isSplit {
      let context = Unmanaged.passUnretained(self).toOpaque()
      WorkerPool.shared.run(threads: executor.threads, count: executor.threads, context: context) {
        raw, task in
        // SAFETY: the context is this object, which outlives the run.
        Unmanaged<SharedStep>.fromOpaque(raw)._withUnsafeGuaranteedRef { step in
          let seconds = step.work()
          // One thread's waiting stands for the others'.
          if task == 0 { step.waited += seconds }
        }
      }
    } else {
      waited += work()
    }
    addSums(into: ownSums)
    update = nil
    complete = nil
    step += 1
  }

  func close() {}

  /// Adds up this step's other sums of all ranks.
  private func addSums(into sum: UnsafeMutablePointer<Float>) {
    let size = ParameterStore.sumCount
    withUnsafeTemporaryAllocation(of: Float.self, capacity: ranks.count * size) { buffer in
      guard let all = buffer.baseAddress else { return }
      for rank in 0..<ranks.count {
        (all + rank * size).initialize(from: memory.sums(rank, step: step), count: size)
      }
      memory.add(size) { all + $0 * size }
      sum.update(from: all, count: size)
    }
  }

  /// Does chunks of this step until all are done.
  /// - Returns: seconds in which there was nothing to do.
  private func work() -> Double {
    let end = (step + 1) * chunks
    var patience = Patience()
    var moves: Bool?
    while true {
      let next = memory.taken.pointee.load(ordering: .relaxed)
      if next >= end {
        if memory.finished.pointee.load(ordering: .acquiring) >= end { break }
      } else if next < available() {
        guard
          memory.taken.pointee.compareExchange(
            expected: next, desired: next + 1, ordering: .acquiringAndReleasing
          ).exchanged
        else { continue }
        patience.end()
        // Every rank's sums are there with the first of its chunks.
        let isMoved = moves ?? lossIsFinite()
        moves = isMoved
        run(next - step * chunks, moving: isMoved)
        memory.finished.pointee.wrappingAdd(1, ordering: .acquiringAndReleasing)
        continue
      }
      patience.pause()
    }
    patience.end()
    return patience.seconds
  }

  /// Chunks of all steps of which every rank has its gradients.
  private func available() -> Int {
    var least = Int.max
    for rank in 0..<ranks.count {
      least = min(least, memory.progress(rank).pointee.load(ordering: .acquiring))
    }
    return least
  }

  private func lossIsFinite() -> Bool {
    guard update != nil else { return false }
    return withUnsafeTemporaryAllocation(of: Float.self, capacity: ParameterStore.sumCount) { buffer in
      guard let sums = buffer.baseAddress else { return false }
      sums.initialize(repeating: 0, count: ParameterStore.sumCount)
      addSums(into: sums)
      return sums[ParameterStore.lossSum].isFinite
    }
  }

  private func run(_ chunk: Int, moving: Bool) {
    let upper = count - chunk * SharedStep.chunk
    let lower = max(0, upper - SharedStep.chunk)
    guard lower < upper else { return }
    memory.add(upper - lower) { memory.gradients($0) + lower }
    let sum = memory.gradients(0)
    if let update {
      if moving { update.optimizer.move(lower..<upper, by: sum, update.step) }
    } else {
      for rank in 1..<ranks.count {
        (memory.gradients(rank) + lower).update(from: sum + lower, count: upper - lower)
      }
    }
  }
}
