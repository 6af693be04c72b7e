import Foundation
import Synchronization

@testable import NNEngine

/// Ranks that are threads of this process: what the processes of a fit do to each other, without a transport.
final class LocalRanks: Ranks {
  let rank: Int
  let count: Int
  let overlaps: Bool
  private let boxes: Boxes

  /// Messages on their way, by sender, receiver and channel.
  private final class Boxes: Sendable {
    private let messages = Mutex<[[Int]: [[UInt8]]]>([:])

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

  private init(rank: Int, count: Int, overlaps: Bool, boxes: Boxes) {
    self.rank = rank
    self.count = count
    self.overlaps = overlaps
    self.boxes = boxes
  }

  static func make(_ count: Int, overlaps: Bool = true) -> [LocalRanks] {
    let boxes = Boxes()
    return (0..<count).map { LocalRanks(rank: $0, count: count, overlaps: overlaps, boxes: boxes) }
  }

  func exchange(
    with partner: Int, sending: UnsafeRawPointer, _ sent: Int, receiving: UnsafeMutableRawPointer,
    _ received: Int, on channel: RankChannel
  ) {
    boxes.put(
      [rank, partner, channel.rawValue], Array(UnsafeRawBufferPointer(start: sending, count: sent)))
    let message = boxes.take([partner, rank, channel.rawValue])
    precondition(message.count == received, "\(message.count) bytes came, \(received) were expected")
    message.withUnsafeBytes { if let base = $0.baseAddress { receiving.copyMemory(from: base, byteCount: received) } }
  }

  /// Runs `body` for every rank at a time, each on a thread of its own.
  static func run<Result: Sendable>(
    _ count: Int, overlaps: Bool = true, _ body: @escaping @Sendable (LocalRanks) throws -> Result
  ) async throws -> [Result] {
    let results = Mutex<[Int: Swift.Result<Result, any Error>]>([:])
    let threads = make(count, overlaps: overlaps).map { ranks in
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
