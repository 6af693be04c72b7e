import Foundation
import NNEngine
import Synchronization

/// Ranks that are threads of this process: what the processes of a fit do to each other, without a transport.
public final class LocalRanks: Ranks {
  public let rank: Int
  public let count: Int
  public var threadsHere: Int { 1 }
  private let boxes: Boxes
  /// Nil for ranks as on several machines.
  private let memories: Memories?

  /// What ranks have in common, one after the other.
  private final class Memories: Sendable {
    private let made = Mutex<[[Int]: UInt]>([:])

    func take(_ number: [Int], bytes: Int) -> UnsafeMutableRawPointer? {
      made.withLock { made in
        if made[number] == nil {
          let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 4096)
          memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
          made[number] = UInt(bitPattern: memory)
        }
        return made[number].flatMap { UnsafeMutableRawPointer(bitPattern: $0) }
      }
    }

    deinit {
      for address in made.withLock({ $0.values }) {
        UnsafeMutableRawPointer(bitPattern: address)?.deallocate()
      }
    }
  }

  /// Counts what was shared with whom, as all of them do.
  private let shared = Mutex<[Range<Int>: Int]>([:])

  public func share(bytes: Int, among some: Range<Int>) -> RankMemory? {
    let number = shared.withLock { shared in
      shared[some, default: 0] += 1
      return [some.lowerBound, some.upperBound, shared[some] ?? 0]
    }
    // The memory lies as long as the last rank that has some.
    return memories.flatMap { memories in
      memories.take(number, bytes: bytes).map { RankMemory($0) { withExtendedLifetime(memories) {} } }
    }
  }

  /// Messages on their way, by sender, receiver and channel.
  private final class Boxes: Sendable {
    private let messages = Mutex<[[Int]: [[UInt8]]]>([:])

    private let drawers = Mutex<[Int: Drawer]>([:])

    func drawer(_ number: Int) -> Drawer {
      drawers.withLock { drawers in
        let drawer = drawers[number] ?? Drawer()
        drawers[number] = drawer
        return drawer
      }
    }

    func put(_ key: [Int], _ bytes: [UInt8]) { messages.withLock { $0[key, default: []].append(bytes) } }

    func take(_ key: [Int]) -> [UInt8] {
      while true {
        let message = messages.withLock { boxes -> [UInt8]? in
          guard let first = boxes[key]?.first else { return nil }
          boxes[key]?.removeFirst()
          return first
        }
        if let message { return message }
        sched_yield()
      }
    }
  }

  private init(rank: Int, count: Int, boxes: Boxes, memories: Memories?) {
    self.rank = rank
    self.count = count
    self.boxes = boxes
    self.memories = memories
  }

  public static func make(_ count: Int, sharing: Bool) -> [LocalRanks] {
    let boxes = Boxes()
    let memories = sharing ? Memories() : nil
    return (0..<count).map { LocalRanks(rank: $0, count: count, boxes: boxes, memories: memories) }
  }

  public func exchange(
    with partner: Int, sending: UnsafeRawPointer, _ sent: Int, receiving: UnsafeMutableRawPointer,
    _ received: Int, on channel: RankChannel
  ) {
    boxes.put(
      [rank, partner, channel.rawValue], Array(UnsafeRawBufferPointer(start: sending, count: sent)))
    let message = boxes.take([partner, rank, channel.rawValue])
    precondition(message.count == received, "\(message.count) bytes came, \(received) were expected")
    message.withUnsafeBytes {
      if let base = $0.baseAddress { receiving.copyMemory(from: base, byteCount: received) }
    }
  }

  public func exchange(
    with partner: Int, sending: UnsafeRawPointer, _ sent: Int, receiving received: Int,
    room: UnsafeMutableRawBufferPointer, on channel: RankChannel,
    _ take: (_ offset: Int, _ bytes: UnsafeRawPointer, _ size: Int) -> Void
  ) {
    let all = UnsafeMutableRawPointer.allocate(byteCount: received, alignment: 64)
    defer { all.deallocate() }
    exchange(with: partner, sending: sending, sent, receiving: all, received, on: channel)
    for offset in stride(from: 0, to: received, by: room.count) {
      take(offset, all + offset, min(room.count, received - offset))
    }
  }

  public func exchangeAll(_ parts: [[UInt8]]) -> [[UInt8]] {
    let key = RankChannel.step.rawValue
    for (other, part) in parts.enumerated() { boxes.put([rank, other, key], part) }
    return (0..<count).map { boxes.take([$0, rank, key]) }
  }

  public func gather(_ bytes: [UInt8]) -> [[UInt8]] { exchangeAll(Array(repeating: bytes, count: count)) }
  public func broadcast(_ bytes: [UInt8]) -> [UInt8] { gather(bytes)[0] }
  public func barrier() { _ = gather([]) }
  public func agree(_ status: Int, within seconds: Double) -> [Int]? {
    gather([UInt8(status)]).map { Int($0[0]) }
  }
  public func abort(_ status: Int) -> Never { fatalError("a rank has ended all with status \(status)") }

  public func deal(_ count: Int, taking: @escaping @Sendable ([UInt8]) -> Void) -> any RankDeal {
    let number = dealt.wrappingAdd(1, ordering: .relaxed).oldValue
    return FreeDeal(self, boxes.drawer(number), count: count, taking: taking)
  }

  private let dealt = Atomic(0)

  /// First come, first served; what was done is handed over at the end.
  private final class FreeDeal: RankDeal {
    private let ranks: LocalRanks
    private let drawer: Drawer
    private let count: Int
    private let taking: @Sendable ([UInt8]) -> Void

    init(
      _ ranks: LocalRanks, _ drawer: Drawer, count: Int, taking: @escaping @Sendable ([UInt8]) -> Void
    ) {
      self.ranks = ranks
      self.drawer = drawer
      self.count = count
      self.taking = taking
    }

    func next(handingOver result: [UInt8]) -> Int? {
      let next = drawer.state.withLock { state in
        if !result.isEmpty { state.results.append(result) }
        state.next += 1
        return state.next - 1
      }
      return next < count ? next : nil
    }

    func end() {
      ranks.barrier()
      guard ranks.rank == 0 else { return }
      for result in drawer.state.withLock({ $0.results }) { taking(result) }
    }
  }

  /// What all have of one deal.
  private final class Drawer: Sendable {
    let state = Mutex<(next: Int, results: [[UInt8]])>((0, []))
  }

  /// Runs `body` for every rank at a time, each on a thread of its own.
  public static func run<Result: Sendable>(
    _ count: Int, sharing: Bool = false, _ body: @escaping @Sendable (LocalRanks) throws -> Result
  ) async throws -> [Result] {
    let results = Mutex<[Int: Swift.Result<Result, any Error>]>([:])
    let threads = make(count, sharing: sharing).map { ranks in
      Thread {
        let result = Swift.Result { try body(ranks) }
        results.withLock { $0[ranks.rank] = result }
      }
    }
    for thread in threads { thread.start() }
    while results.withLock({ $0.count }) < count { try await Task.sleep(for: .milliseconds(1)) }
    return try (0..<count).map { rank in try results.withLock { try $0[rank]!.get() } }
  }
}
