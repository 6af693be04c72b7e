/// Memory that every rank of a machine sees, at an address of its own; zeros at first. It lies as long as this object.
public final class RankMemory: @unchecked Sendable {
  // Unchecked: an address that does not change; who writes where and when is agreed upon by those who write.
  let base: UnsafeMutableRawPointer
  private let release: @Sendable () -> Void

  /// - Parameters:
  ///   - base: aligned to a page.
  ///   - release: gives this rank's view of it back.
  public init(_ base: UnsafeMutableRawPointer, release: @escaping @Sendable () -> Void) {
    self.base = base
    self.release = release
  }

  deinit { release() }
}
