/// Some neighbouring ranks of a job as ranks of their own, who train together while others do something else.
public final class RankGroup: Ranks {
  private let all: any Ranks
  private let first: Int
  public let count: Int
  public var rank: Int { all.rank - first }
  public var threadsHere: Int { all.threadsHere }

  /// The group of so many that this rank is in. They must divide the number of ranks, and be a power of two.
  public init(_ all: any Ranks, of count: Int) {
    self.all = all
    self.count = count
    first = all.rank / count * count
  }

  public func exchange(
    with partner: Int, sending: UnsafeRawPointer, _ sent: Int, receiving: UnsafeMutableRawPointer,
    _ received: Int, on channel: RankChannel
  ) {
    all.exchange(with: first + partner, sending: sending, sent, receiving: receiving, received, on: channel)
  }

  public func exchange(
    with partner: Int, sending: UnsafeRawPointer, _ sent: Int, receiving received: Int,
    room: UnsafeMutableRawBufferPointer, on channel: RankChannel,
    _ take: (_ offset: Int, _ bytes: UnsafeRawPointer, _ size: Int) -> Void
  ) {
    all.exchange(
      with: first + partner, sending: sending, sent, receiving: received, room: room, on: channel, take)
  }

  public func share(bytes: Int, among some: Range<Int>) -> RankMemory? {
    all.share(bytes: bytes, among: first + some.lowerBound..<first + some.upperBound)
  }

  public func exchangeAll(_ parts: [[UInt8]]) -> [[UInt8]] {
    var received = parts
    // Pair by pair, so that every rank is in one exchange at a time.
    for distance in 1..<max(count, 1) {
      let partner = rank ^ distance
      received[partner] = exchange(with: partner, parts[partner])
    }
    return received
  }

  private func exchange(with partner: Int, _ part: [UInt8]) -> [UInt8] {
    var (sent, coming) = (part.count, 0)
    exchange(with: partner, sending: &sent, 8, receiving: &coming, 8, on: .step)
    // One byte more, so that there is always something to point at.
    let whole = part + [0]
    return [UInt8](unsafeUninitializedCapacity: coming + 1) { buffer, filled in
      guard let base = buffer.baseAddress else { return }
      whole.withUnsafeBytes { bytes in
        guard let own = bytes.baseAddress else { return }
        // SAFETY: both sides have said how much they send, and each sends one byte more.
        exchange(with: partner, sending: own, sent + 1, receiving: base, coming + 1, on: .step)
      }
      filled = coming
    }
  }

  public func gather(_ bytes: [UInt8]) -> [[UInt8]] { exchangeAll(Array(repeating: bytes, count: count)) }
  public func broadcast(_ bytes: [UInt8]) -> [UInt8] { gather(rank == 0 ? bytes : [])[0] }
  public func barrier() { _ = gather([]) }

  public func deal(_ count: Int, taking: @escaping @Sendable ([UInt8]) -> Void) -> any RankDeal {
    TurnDeal(self, count: count, taking: taking)
  }

  // The end is every rank's.
  public func agree(_ status: Int, within seconds: Double) -> [Int]? { all.agree(status, within: seconds) }
  public func abort(_ status: Int) -> Never { all.abort(status) }
}
