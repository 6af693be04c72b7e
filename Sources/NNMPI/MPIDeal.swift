import CMPI
import Foundation
import NNEngine
import Synchronization

/// Numbers from 0, dealt by a thread of rank 0 to whoever asks, first come first served.
final class MPIDeal: RankDeal {
  private let ranks: MPIRanks
  private let count: Int
  private let taking: @Sendable ([UInt8]) -> Void
  private let dealt = Atomic(0)
  /// Requests of this rank's threads go one after another.
  private let asking = Mutex<Bool>(false)
  /// Ranks besides this one that still ask.
  private let open: Atomic<Int>
  private let closed = DispatchSemaphore(value: 0)

  init(_ ranks: MPIRanks, count: Int, taking: @escaping @Sendable ([UInt8]) -> Void) {
    self.ranks = ranks
    self.count = count
    self.taking = taking
    open = Atomic(ranks.count - 1)
    if ranks.rank == 0 { Thread.detachNewThread { self.serve() } }
  }

  func next(handingOver result: [UInt8]) -> Int? {
    if ranks.rank == 0 {
      if !result.isEmpty { taking(result) }
      return draw()
    }
    return asking.withLock { isOver in
      if isOver, result.isEmpty { return nil }
      let next = result.withUnsafeBytes { bytes in
        cmpi_request(
          bytes.baseAddress ?? UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque()), bytes.count)
      }
      if next < 0 { isOver = true }
      return next < 0 ? nil : Int(next)
    }
  }

  /// Returns when rank 0 has what all have done.
  func end() {
    if ranks.rank == 0 {
      closed.wait()
    } else {
      // The last word: nothing more will be asked.
      asking.withLock { _ in
        var last: UInt8 = 0
        _ = withUnsafeBytes(of: &last) { cmpi_request($0.baseAddress!, 1) }
      }
    }
  }

  private func draw() -> Int? {
    let next = dealt.wrappingAdd(1, ordering: .relaxed).oldValue
    return next < count ? next : nil
  }

  private func serve() {
    while open.load(ordering: .relaxed) > 0 {
      var size: Int64 = 0
      let from = cmpi_request_wait(&size)
      var bytes = [UInt8](repeating: 0, count: max(Int(size), 1))
      bytes.withUnsafeMutableBytes { cmpi_request_take(from, $0.baseAddress!, Int(size)) }
      // One byte is the last word of a rank; what has been done is more.
      if size == 1 {
        open.wrappingSubtract(1, ordering: .relaxed)
        cmpi_request_answer(from, -1)
        continue
      }
      if size > 0 { taking(bytes) }
      cmpi_request_answer(from, draw().map { Int64($0) } ?? -1)
    }
    closed.signal()
  }
}
