/// Looks at the clock seldom enough not to slow down short steps: a reading costs some 25 ns.
struct Pace {
  private let started: Double
  private let budget: Double?
  private var interval = 1
  private var countdown = 1
  private var lastReading: Double
  private var lastReport: Double
  private(set) var isSpent: Bool

  init(started: Double, budget: Double?) {
    self.started = started
    self.budget = budget
    lastReading = started
    lastReport = started
    isSpent = budget.map { $0 <= 0 } ?? false
  }

  /// Counts a step. - Returns: whether progress should be reported, at most twenty times a second.
  mutating func tick() -> Bool {
    countdown -= 1
    guard countdown <= 0 else { return false }
    let now = monotonicSeconds()
    let taken = now - lastReading
    lastReading = now
    // About a reading a millisecond.
    if taken < 0.0005, interval < 1024 { interval *= 2 } else if taken > 0.002, interval > 1 { interval /= 2 }
    countdown = interval
    if let budget, now - started >= budget { isSpent = true }
    guard now - lastReport >= 0.05 else { return false }
    lastReport = now
    return true
  }
}
