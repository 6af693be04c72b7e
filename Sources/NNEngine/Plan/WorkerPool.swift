import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// The process's helper threads, for work that splits into independent tasks.
///
/// A helper spins for a moment after its last task, for a step has the next one ready within microseconds, then blocks, so
/// that an idle pool costs nothing. Whoever calls works too, and waits only for helpers that took a task: a helper
/// that gets no core holds nobody up. One job runs at a time; a caller that finds the pool busy does its work alone, as
/// fits side by side should.
///
/// Each thread has a share of the tasks, the same in every job of as many, for what it worked on last is in its cache; when it is
/// through, it takes what others have not begun.
///
/// `@unchecked Sendable`: `function`, `context`, `count` and `shares` are written only while `state` says closed with nobody inside, by the
/// one caller that holds `busy`, and read only by helpers that came in through `state` afterwards; everything else is
/// atomic, a constant, or under `mutex`.
final class WorkerPool: @unchecked Sendable {
  /// Does one task. The context stays valid until the job's caller returns.
  typealias Task = @convention(c) (_ context: UnsafeRawPointer, _ task: Int) -> Void

  static let shared = WorkerPool()

  // The parts of `state`: the job's number in the upper half, then a bit for open, how many helpers have a share, and how many
  // are inside.
  private static let open: UInt64 = 1 << 31
  private static let wantedShift: UInt64 = 16
  private static let wanted: UInt64 = 0x7fff << wantedShift
  private static let inside: UInt64 = 0xffff

  /// Threads that a job may ask for; more would not be asked for by anyone who knows the machine.
  static let mostThreads = 256

  private let busy = Atomic<Bool>(false)
  private let state = Atomic<UInt64>(0)
  /// For each thread the tasks of its share that are taken: the caller's first, then the helpers'.
  private let taken: SpacedCounters
  private var shares = 1
  private let sleepers = Atomic<Int>(0)
  private var function: Task = { _, _ in }
  private var context = UnsafeRawPointer(bitPattern: 1)
  private var count = 0
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  /// Helpers that there are: as many as a job has asked for so far.
  private var helpers = 0

  private init() {
    taken = SpacedCounters(count: WorkerPool.mostThreads)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(wake, nil)
  }

  /// Runs `function(context, task)` for every task below `count`, on the caller and up to `threads - 1` helpers. Tasks
  /// must not depend on each other; which thread does which is open, but each begins with its share: the caller with the first
  /// tasks, the helpers with the others.
  func run(threads: Int, count: Int, context: UnsafeRawPointer, _ function: Task) {
    guard threads > 1, count > 1,
      busy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    else {
      for task in 0..<max(count, 0) { function(context, task) }
      return
    }
    defer { busy.store(false, ordering: .releasing) }
    shares = min(threads, count, WorkerPool.mostThreads)
    while helpers < shares - 1 {
      start(helpers)
      helpers += 1
    }
    self.function = function
    self.context = context
    self.count = count
    for share in 0..<shares { taken.at(share).pointee.store(0, ordering: .relaxed) }
    let number = (state.load(ordering: .relaxed) >> 32) &+ 1
    let wanted = UInt64(shares - 1) << WorkerPool.wantedShift
    state.store(number << 32 | WorkerPool.open | wanted, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
      pthread_mutex_lock(mutex)
      pthread_cond_broadcast(wake)
      pthread_mutex_unlock(mutex)
    }
    work(share: 0)
    // Nobody comes in any more; those inside finish the task they have.
    var seen = state.bitwiseAnd(~WorkerPool.open, ordering: .acquiringAndReleasing).newValue
    var spins = 0
    while seen & WorkerPool.inside != 0 {
      spins += 1
      if spins > 4096 { sched_yield() }
      seen = state.load(ordering: .acquiring)
    }
  }

  private func work(share own: Int) {
    guard let context else { return }
    for offset in 0..<shares {
      let share = (own + offset) % shares
      let first = count * share / shares
      let tasks = count * (share + 1) / shares - first
      while true {
        let task = taken.at(share).pointee.wrappingAdd(1, ordering: .relaxed).oldValue
        guard task < tasks else { break }
        function(context, first + task)
      }
    }
  }

  private func start(_ helper: Int) {
    let life = Unmanaged.passRetained(Helper(pool: self, share: helper + 1)).toOpaque()
    #if canImport(Darwin)
      var thread: pthread_t?
      let status = pthread_create(&thread, nil, { helperMain($0) }, life)
      if status == 0, let thread { pthread_detach(thread) }
    #else
      var thread = pthread_t()
      let status = pthread_create(&thread, nil, { helperMain($0) }, life)
      if status == 0 { pthread_detach(thread) }
    #endif
  }

  /// A thread of the pool's own.
  fileprivate final class Helper {
    let pool: WorkerPool
    let share: Int

    init(pool: WorkerPool, share: Int) {
      self.pool = pool
      self.share = share
    }
  }

  /// A helper's life.
  fileprivate func serve(share: Int) {
    var last: UInt64 = 0
    var idleSince = monotonicSeconds()
    var spins = 0
    while true {
      let seen = state.load(ordering: .acquiring)
      if seen & WorkerPool.open != 0, seen >> 32 != last {
        last = seen >> 32
        if enter(seen, share: share) {
          work(share: share)
          state.wrappingSubtract(1, ordering: .releasing)
          idleSince = monotonicSeconds()
        }
        spins = 0
        continue
      }
      spins += 1
      guard spins & 255 == 0 else { continue }
      sched_yield()
      if monotonicSeconds() - idleSince > 0.0002 {
        sleep(unless: last)
        idleSince = monotonicSeconds()
      }
    }
  }

  /// Goes into the job that `seen` tells of, if it is still open and has a share for this helper.
  private func enter(_ seen: UInt64, share: Int) -> Bool {
    var expected = seen
    guard share <= (seen & WorkerPool.wanted) >> WorkerPool.wantedShift else { return false }
    while expected & WorkerPool.open != 0, expected >> 32 == seen >> 32 {
      let (done, found) = state.compareExchange(
        expected: expected, desired: expected + 1, ordering: .acquiringAndReleasing)
      if done { return true }
      expected = found
    }
    return false
  }

  private func sleep(unless last: UInt64) {
    pthread_mutex_lock(mutex)
    sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
    while true {
      let seen = state.load(ordering: .sequentiallyConsistent)
      if seen & WorkerPool.open != 0, seen >> 32 != last { break }
      pthread_cond_wait(wake, mutex)
    }
    sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(mutex)
  }
}

/// Where a helper thread begins.
private func helperMain(_ raw: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let raw else { return nil }
  // SAFETY: the helper was retained for this thread, which never ends.
  let helper = Unmanaged<WorkerPool.Helper>.fromOpaque(raw).takeUnretainedValue()
  helper.pool.serve(share: helper.share)
  return nil
}
