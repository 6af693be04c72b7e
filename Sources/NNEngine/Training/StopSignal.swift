import Synchronization

/// Asks a running fit to end after the step at hand, or other work at its next pause; may be requested from any thread or a signal's handler.
public final class StopSignal: Sendable {
  private let flag = Atomic<Bool>(false)
  private let outer: StopSignal?

  /// - Parameter outer: a signal that asks for this one's end, too.
  public init(within outer: StopSignal? = nil) { self.outer = outer }

  public func request() { flag.store(true, ordering: .relaxed) }

  public var isRequested: Bool { flag.load(ordering: .relaxed) || outer?.isRequested == true }
}
