import Dispatch
import Synchronization

/// The threads that many runs share, however they are nested: never more work at a time than there are threads. Whoever has
/// runs to make makes them too, and while it waits for those that others have taken, another takes its place.
///
/// Which thread makes which run, and when, decides nothing but the time it takes.
final class RunPool: Sendable {
  /// Runs of one stage, of which the next is taken by whoever is free.
  private final class Batch: Sendable {
    struct State {
      var next = 0
      var running = 0
      var isWaiting = false
    }

    let count: Int
    let body: @Sendable (_ index: Int, _ threads: Int) -> Void
    let ended = DispatchSemaphore(value: 0)

    init(count: Int, body: @escaping @Sendable (Int, Int) -> Void) {
      self.count = count
      self.body = body
    }
  }

  private struct State {
    /// The innermost last, with its progress.
    var batches: [(batch: Batch, state: Batch.State)] = []
    /// Threads at work.
    var active = 1
  }

  let threads: Int
  private let state = Mutex(State())

  /// - Parameter threads: at most so many work at a time, the one that asks for it among them.
  init(threads: Int) { self.threads = max(threads, 1) }

  /// Does `body` for every index below `count`, the first ones first; returns when all are done.
  /// - Parameter isAlone: one after another, each with all the threads.
  func run(count: Int, isAlone: Bool, _ body: @escaping @Sendable (_ index: Int, _ threads: Int) -> Void) {
    if isAlone || count < 2 {
      for index in 0..<max(count, 0) { body(index, share(own: count == 1 ? 1 : count)) }
      return
    }
    let batch = Batch(count: count, body: body)
    state.withLock { $0.batches.append((batch, Batch.State())) }
    while let (index, share) = take(of: batch) {
      summon()
      batch.body(index, share)
      finish(batch)
    }
    let mustWait = state.withLock { state in
      guard let place = state.batches.lastIndex(where: { $0.batch === batch }) else { return false }
      guard state.batches[place].state.running > 0 else {
        state.batches.remove(at: place)
        return false
      }
      state.batches[place].state.isWaiting = true
      state.active -= 1
      return true
    }
    guard mustWait else { return }
    summon()
    batch.ended.wait()
    state.withLock { $0.active += 1 }
  }

  /// The threads for a run that others may be beside.
  private func share(own: Int) -> Int {
    state.withLock { state in state.batches.isEmpty ? threads : max(1, threads / max(state.active, 1)) }
  }

  /// The next run of a batch, or of any.
  private func take(of batch: Batch) -> (index: Int, threads: Int)? {
    state.withLock { state in
      guard let place = state.batches.lastIndex(where: { $0.batch === batch }) else { return nil }
      return take(place, &state)
    }
  }

  private func take(_ place: Int, _ state: inout State) -> (index: Int, threads: Int)? {
    guard state.batches[place].state.next < state.batches[place].batch.count else { return nil }
    let index = state.batches[place].state.next
    state.batches[place].state.next += 1
    state.batches[place].state.running += 1
    // Where fewer runs are left than there are threads, each has several.
    let waiting = state.batches.reduce(0) { $0 + $1.batch.count - $1.state.next }
    let share = threads / max(1, min(threads, state.active + waiting))
    return (index, max(share, 1))
  }

  private func finish(_ batch: Batch) {
    state.withLock { state in
      guard let place = state.batches.lastIndex(where: { $0.batch === batch }) else { return }
      state.batches[place].state.running -= 1
      guard state.batches[place].state.isWaiting, state.batches[place].state.running == 0 else { return }
      state.batches.remove(at: place)
      batch.ended.signal()
    }
  }

  /// Brings threads to work, as many as there is work and room for.
  private func summon() {
    let count = state.withLock { state in
      let waiting = state.batches.reduce(0) { $0 + $1.batch.count - $1.state.next }
      let count = max(0, min(threads - state.active, waiting))
      state.active += count
      return count
    }
    for _ in 0..<count { DispatchQueue.global(qos: .userInitiated).async { self.help() } }
  }

  /// Takes runs of the innermost stage that has some, until there is none or somebody else needs the room.
  private func help() {
    while true {
      let next = state.withLock { state -> (batch: Batch, index: Int, threads: Int)? in
        if state.active <= threads {
          for place in state.batches.indices.reversed() {
            let batch = state.batches[place].batch
            if let (index, share) = take(place, &state) { return (batch, index, share) }
          }
        }
        state.active -= 1
        return nil
      }
      guard let next else { return }
      next.batch.body(next.index, next.threads)
      finish(next.batch)
    }
  }
}
