#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// Adds up a step's gradients by messages between ranks, while the backward pass goes on. Small tensors travel together; the last part takes
/// the step's other sums along, which lie before the gradients.
///
/// `@unchecked Sendable`: `queue`, `open` and `isEnding` are under `mutex`; gradients of a part are left alone by the step from the moment it
/// is queued until ``finish()`` returns, and ``RankSum`` is the second thread's alone.
final class GradientExchange: StepExchange, @unchecked Sendable {
  /// Floats that are worth a message of their own: 1 MB.
  private static let part = 1 << 18

  private let gradients: UnsafeMutablePointer<Float>
  private let count: Int
  private let inStep: RankSum
  private let behind: RankSum?
  /// The end of what has not been handed over in this step.
  private var end: Int
  /// The second thread has parts of this step.
  private var handsOver = false
  /// Seconds in which steps waited for what was handed over.
  private(set) var waited = 0.0

  /// Parts that are handed over and not yet begun, and how many are not yet done.
  private var queue: [Range<Int>] = []
  private var open = 0
  private var isEnding = false
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  #if canImport(Darwin)
    private var thread: pthread_t?
  #else
    private var thread: pthread_t = 0
  #endif
  private var hasThread = false

  init(_ ranks: any Ranks, sum: RankSum, store: ParameterStore) {
    gradients = store.gradients
    count = store.trainableCount
    end = count
    inStep = sum
    let overlaps = count > GradientExchange.part
    behind = overlaps ? RankSum(ranks, on: .overlapped) : nil
    queue.reserveCapacity(64)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(changed, nil)
    if overlaps { startThread() }
  }

  deinit {
    mutex.deallocate()
    changed.deallocate()
  }

  /// Ends the second thread. Nothing may be handed over afterwards.
  func close() {
    guard hasThread else { return }
    pthread_mutex_lock(mutex)
    isEnding = true
    pthread_cond_broadcast(changed)
    pthread_mutex_unlock(mutex)
    #if canImport(Darwin)
      if let thread { pthread_join(thread, nil) }
    #else
      pthread_join(thread, nil)
    #endif
    hasThread = false
  }

  func ready(from place: Int) {
    guard hasThread, place > 0, end - place >= GradientExchange.part else { return }
    handsOver = true
    hand(place..<end)
    end = place
  }

  func finish() {
    let rest = -ParameterStore.sumCount..<end
    end = count
    if handsOver {
      handsOver = false
      let started = monotonicSeconds()
      hand(rest)
      pthread_mutex_lock(mutex)
      while open > 0 { pthread_cond_wait(changed, mutex) }
      pthread_mutex_unlock(mutex)
      waited += monotonicSeconds() - started
    } else {
      inStep.add(gradients + rest.lowerBound, rest.count)
    }
  }

  private func hand(_ part: Range<Int>) {
    pthread_mutex_lock(mutex)
    queue.append(part)
    open += 1
    pthread_cond_broadcast(changed)
    pthread_mutex_unlock(mutex)
  }

  private func startThread() {
    let me = Unmanaged.passUnretained(self).toOpaque()
    #if canImport(Darwin)
      let status = pthread_create(&thread, nil, { exchangeMain($0) }, me)
    #else
      let status = pthread_create(&thread, nil, { exchangeMain($0) }, me)
    #endif
    hasThread = status == 0
  }

  /// The second thread's life: part after part in the order in which they came.
  fileprivate func serve() {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while true {
      while queue.isEmpty, !isEnding { pthread_cond_wait(changed, mutex) }
      guard !queue.isEmpty else { return }
      let part = queue.removeFirst()
      pthread_mutex_unlock(mutex)
      behind?.add(gradients + part.lowerBound, part.count)
      pthread_mutex_lock(mutex)
      open -= 1
      if open == 0 { pthread_cond_broadcast(changed) }
    }
  }
}

/// Where the second thread begins.
private func exchangeMain(_ raw: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let raw else { return nil }
  // SAFETY: whoever made the exchange closes it, and so waits for this thread, before letting it go.
  Unmanaged<GradientExchange>.fromOpaque(raw).takeUnretainedValue().serve()
  return nil
}
