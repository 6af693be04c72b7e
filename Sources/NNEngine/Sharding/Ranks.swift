/// The processes that train one network together, as one of them sees the others: each computes the gradients of its shards of a
/// batch, and all move the same weights by the same sum.
///
/// Every rank calls the same functions in the same order. What they cannot do, such as to reach a rank that has died, ends the
/// process: there is no fit to go on with.
public protocol Ranks: AnyObject, Sendable {
  /// This one, from 0.
  var rank: Int { get }
  var count: Int { get }
  /// The threads that this one may well use: the cores that it may run on, shared with the ranks beside it.
  var threadsHere: Int { get }

  /// Sends bytes to another rank while others come from it. Two threads may do so at a time, each on a channel of its own.
  func exchange(
    with partner: Int, sending: UnsafeRawPointer, _ sent: Int, receiving: UnsafeMutableRawPointer,
    _ received: Int, on channel: RankChannel)

  /// The same in parts: `take` is given each part that has come, and where it belongs, while others are on their way. The room, of a megabyte
  /// or so, holds those; parts are of whole sixteen bytes, but for the last.
  func exchange(
    with partner: Int, sending: UnsafeRawPointer, _ sent: Int, receiving received: Int,
    room: UnsafeMutableRawBufferPointer, on channel: RankChannel,
    _ take: (_ offset: Int, _ bytes: UnsafeRawPointer, _ size: Int) -> Void)

  /// Memory that some neighbouring ranks see, who all call this; nil on all of them where they are not on one machine, or it has not
  /// as much.
  func share(bytes: Int, among some: Range<Int>) -> RankMemory?

  /// Returns when all ranks have called it.
  func barrier()
  /// The bytes of rank 0, on all.
  func broadcast(_ bytes: [UInt8]) -> [UInt8]
  /// Each rank's bytes, on all.
  func gather(_ bytes: [UInt8]) -> [[UInt8]]
  /// Bytes for each rank; returns those from each.
  func exchangeAll(_ parts: [[UInt8]]) -> [[UInt8]]

  /// Deals the numbers from 0 up to a count to whoever is free.
  /// - Parameter taking: on rank 0 is given what is handed over, from several threads, one at a time from each.
  func deal(_ count: Int, taking: @escaping @Sendable ([UInt8]) -> Void) -> any RankDeal

  /// Each rank's status, if all ask for it within some time; nil if not.
  func agree(_ status: Int, within seconds: Double) -> [Int]?
  /// Ends all ranks.
  func abort(_ status: Int) -> Never
}

/// Numbers of which each is dealt to one rank.
public protocol RankDeal: Sendable {
  /// The next number; nil if all are dealt. What was done with the last one, more than one byte, goes to rank 0; empty for nothing.
  func next(handingOver result: [UInt8]) -> Int?
  /// To be called once by every rank, when it asks no more; returns on rank 0 when all have, and nothing is under way.
  func end()
}

/// Messages on one channel do not overtake each other, and those of two do not meet.
public enum RankChannel: Int, Sendable {
  /// The thread that trains.
  case step
  /// What goes on behind it.
  case overlapped
}

/// Adds up numbers of all ranks, element by element, by a binary tree over the ranks: neighbours first, then pairs of neighbours.
/// The order of additions is the tree's however the elements travel, and every rank ends with the same bits.
///
/// Few numbers go whole, log₂ ranks exchanges one after the other; many go as halves of halves and come back the same way
/// (recursive halving and doubling; Thakur, Rabenseifner and Gropp, 2005), 2 · log₂ ranks exchanges in which each rank sends less than twice
/// the numbers.
final class RankSum {
  let ranks: any Ranks
  private let channel: RankChannel
  /// Bytes for what is on its way of large sums.
  private static let largeRoom = 1 << 20
  private var scratch: UnsafeMutableRawPointer
  private var room: Int
  /// Bytes up to which numbers go whole.
  private let whole: Int
  /// Seconds spent in exchanges, waiting included.
  private(set) var seconds = 0.0

  /// - Parameter whole: bytes up to which numbers go whole; no result depends on it.
  init(_ ranks: any Ranks, on channel: RankChannel, room: Int = 1 << 12, whole: Int = 1 << 14) {
    self.ranks = ranks
    self.channel = channel
    self.room = max(room, 64)
    self.whole = whole
    scratch = .allocate(byteCount: self.room, alignment: 64)
  }

  deinit { scratch.deallocate() }

  /// Makes every rank's numbers the sum of all ranks'. As many must come from each.
  func add<Number: AdditiveArithmetic & BitwiseCopyable>(_ values: UnsafeMutablePointer<Number>, _ count: Int)
  {
    guard ranks.count > 1, count > 0 else { return }
    let started = monotonicSeconds()
    let bytes = count * MemoryLayout<Number>.stride
    if bytes <= whole || count < ranks.count { addWhole(values, count) } else { addHalves(values, count) }
    seconds += monotonicSeconds() - started
  }

  private func addWhole<Number: AdditiveArithmetic & BitwiseCopyable>(
    _ values: UnsafeMutablePointer<Number>, _ count: Int
  ) {
    var distance = 1
    while distance < ranks.count {
      let others = exchange(ranks.rank ^ distance, values, 0..<count, receiving: count)
      RankSum.add(others, to: values, count)
      distance *= 2
    }
  }

  private func addHalves<Number: AdditiveArithmetic & BitwiseCopyable>(
    _ values: UnsafeMutablePointer<Number>, _ count: Int
  ) {
    // What this rank is adding up, and what it left to its partner on the way there.
    var own = 0..<count
    var left: [(partner: Int, part: Range<Int>)] = []
    var distance = 1
    while distance < ranks.count {
      let partner = ranks.rank ^ distance
      let middle = own.lowerBound + own.count / 2
      let (kept, given) =
        ranks.rank & distance == 0
        ? (own.lowerBound..<middle, middle..<own.upperBound)
        : (middle..<own.upperBound, own.lowerBound..<middle)
      let stride = MemoryLayout<Number>.stride
      makeRoom(RankSum.largeRoom)
      ranks.exchange(
        with: partner, sending: values + given.lowerBound, given.count * stride,
        receiving: kept.count * stride,
        room: UnsafeMutableRawBufferPointer(start: scratch, count: RankSum.largeRoom), on: channel
      ) { offset, bytes, size in
        // SAFETY: parts are whole numbers of this type, as they were sent.
        RankSum.add(
          bytes.assumingMemoryBound(to: Number.self), to: values + kept.lowerBound + offset / stride,
          size / stride)
      }
      left.append((partner, given))
      own = kept
      distance *= 2
    }
    for (partner, part) in left.reversed() {
      let stride = MemoryLayout<Number>.stride
      ranks.exchange(
        with: partner, sending: values + own.lowerBound, own.count * stride,
        receiving: values + part.lowerBound, part.count * stride, on: channel)
      own = min(own.lowerBound, part.lowerBound)..<max(own.upperBound, part.upperBound)
    }
  }

  /// Gives a part of the numbers away, and takes the partner's share of the part that is kept.
  private func exchange<Number: BitwiseCopyable>(
    _ partner: Int, _ values: UnsafeMutablePointer<Number>, _ given: Range<Int>, receiving count: Int
  ) -> UnsafePointer<Number> {
    let stride = MemoryLayout<Number>.stride
    makeRoom(count * stride)
    ranks.exchange(
      with: partner, sending: values + given.lowerBound, given.count * stride, receiving: scratch,
      count * stride, on: channel)
    // SAFETY: the scratch holds as many numbers of this type as have come.
    return UnsafePointer(scratch.bindMemory(to: Number.self, capacity: count))
  }

  private func makeRoom(_ bytes: Int) {
    guard room < bytes else { return }
    scratch.deallocate()
    room = bytes
    scratch = .allocate(byteCount: room, alignment: 64)
  }

  private static func add<Number: AdditiveArithmetic>(
    _ others: UnsafePointer<Number>, to values: UnsafeMutablePointer<Number>, _ count: Int
  ) {
    for index in 0..<count { values[index] += others[index] }
  }
}
