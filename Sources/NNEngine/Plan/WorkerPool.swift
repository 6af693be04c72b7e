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
/// `@unchecked Sendable`: `function` and `context` are written only while `state` says closed with nobody inside, by the
/// one caller that holds `busy`, and read only by helpers that came in through `state` afterwards; everything else is
/// atomic, a constant, or under `mutex`.
final class WorkerPool: @unchecked Sendable {
  /// Does one task. The context stays valid until the job's caller returns.
  typealias Task = @convention(c) (_ context: UnsafeRawPointer, _ task: Int) -> Void

  static let shared = WorkerPool(helpers: machineThreads - 1)

  // The parts of `state`: the job's number in the upper half, then a bit for open, how many helpers it wants, and how many
  // are inside.
  private static let open: UInt64 = 1 << 31
  private static let wantedShift: UInt64 = 16
  private static let wanted: UInt64 = 0x7fff << wantedShift
  private static let inside: UInt64 = 0xffff

  private let helpers: Int
  private let busy = Atomic<Bool>(false)
  private let state = Atomic<UInt64>(0)
  private let next = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private var function: Task = { _, _ in }
  private var context = UnsafeRawPointer(bitPattern: 1)
  private var count = 0
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var started = false

  private init(helpers: Int) {
    self.helpers = max(helpers, 0)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(wake, nil)
  }

  /// Runs `function(context, task)` for every task below `count`, on the caller and up to `threads - 1` helpers. Tasks
  /// must not depend on each other; which thread does which is open.
  func run(threads: Int, count: Int, context: UnsafeRawPointer, _ function: Task) {
    guard threads > 1, count > 1, helpers > 0,
      busy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    else {
      for task in 0..<max(count, 0) { function(context, task) }
      return
    }
    defer { busy.store(false, ordering: .releasing) }
    if !started {
      started = true
      for _ in 0..<helpers { start() }
    }
    self.function = function
    self.context = context
    self.count = count
    next.store(0, ordering: .relaxed)
    let number = (state.load(ordering: .relaxed) >> 32) &+ 1
    let wanted = UInt64(min(threads - 1, helpers, 0x7fff)) << WorkerPool.wantedShift
    state.store(number << 32 | WorkerPool.open | wanted, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
      pthread_mutex_lock(mutex)
      pthread_cond_broadcast(wake)
      pthread_mutex_unlock(mutex)
    }
    work()
    // Nobody comes in any more; those inside finish the task they have.
    var seen = state.bitwiseAnd(~WorkerPool.open, ordering: .acquiringAndReleasing).newValue
    var spins = 0
    while seen & WorkerPool.inside != 0 {
      spins += 1
      if spins > 4096 { sched_yield() }
      seen = state.load(ordering: .acquiring)
    }
  }

  private func work() {
    guard let context else { return }
    while true {
      let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard task < count else { return }
      function(context, task)
    }
  }

  private func start() {
    let pool = Unmanaged.passRetained(self).toOpaque()
    #if canImport(Darwin)
      var thread: pthread_t?
      let status = pthread_create(&thread, nil, { helperMain($0) }, pool)
      if status == 0, let thread { pthread_detach(thread) }
    #else
      var thread = pthread_t()
      let status = pthread_create(&thread, nil, { helperMain($0) }, pool)
      if status == 0 { pthread_detach(thread) }
    #endif
  }

  /// A helper's life.
  fileprivate func serve() {
    var last: UInt64 = 0
    var idleSince = monotonicSeconds()
    var spins = 0
    while true {
      let seen = state.load(ordering: .acquiring)
      if seen & WorkerPool.open != 0, seen >> 32 != last {
        last = seen >> 32
        if enter(seen) {
          work()
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

  /// Goes into the job that `seen` tells of, if it is still open and wants one more.
  private func enter(_ seen: UInt64) -> Bool {
    var expected = seen
    while expected & WorkerPool.open != 0, expected >> 32 == seen >> 32,
      expected & WorkerPool.inside < (expected & WorkerPool.wanted) >> WorkerPool.wantedShift
    {
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
  // SAFETY: the pool was retained for this thread, which never ends.
  if let raw { Unmanaged<WorkerPool>.fromOpaque(raw).takeUnretainedValue().serve() }
  return nil
}
