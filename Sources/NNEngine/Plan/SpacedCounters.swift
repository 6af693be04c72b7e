import Synchronization

/// Counters on cache lines of their own, so that threads that write to different ones do not disturb each other.
final class SpacedCounters: @unchecked Sendable {
  /// Words of two cache lines, which some processors fetch together.
  private static let distance = 16

  private let words: UnsafeMutablePointer<Atomic<Int>>
  private let count: Int

  init(count: Int) {
    self.count = max(count, 1) * SpacedCounters.distance
    words = UnsafeMutablePointer.allocate(capacity: self.count)
    for index in 0..<self.count { (words + index).initialize(to: Atomic(0)) }
  }

  deinit {
    words.deinitialize(count: count)
    words.deallocate()
  }

  func at(_ index: Int) -> UnsafeMutablePointer<Atomic<Int>> { words + index * SpacedCounters.distance }
}
