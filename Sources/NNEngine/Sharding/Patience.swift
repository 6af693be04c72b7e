#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// How to wait for what another process does: looking often at first, for it mostly comes within microseconds, then leaving the core to
/// others, one of whom may be waited for.
struct Patience {
  private static let busy = 2000
  private var looks = 0
  private var began = 0.0
  /// Seconds waited so far, but for what took no more than some looks.
  private(set) var seconds = 0.0

  /// What was waited for has come.
  mutating func end() {
    if looks > Patience.busy / 10 { seconds += monotonicSeconds() - began }
    looks = 0
  }

  mutating func pause() {
    looks += 1
    if looks == Patience.busy / 10 { began = monotonicSeconds() }
    guard looks > Patience.busy else { return }
    guard looks > 2 * Patience.busy else {
      sched_yield()
      return
    }
    var moment = timespec(tv_sec: 0, tv_nsec: looks < 10 * Patience.busy ? 20_000 : 1_000_000)
    nanosleep(&moment, nil)
  }
}
