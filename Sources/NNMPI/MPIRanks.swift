import CMPI
import NNEngine

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// The ranks that `mpirun` has started.
public final class MPIRanks: Ranks {
  private let job: cmpi_job

  public var rank: Int { Int(job.rank) }
  public var count: Int { Int(job.count) }
  public var threadsHere: Int { Int(job.threads) }

  /// Takes this process's place among the ranks: once, before anything else. Nil where the MPI library does not let two threads
  /// call it at a time (`MPI_THREAD_MULTIPLE`).
  public init?() {
    job = cmpi_begin()
    if job.is_threaded == 0 { return nil }
  }

  // MARK: Together

  public func exchange(
    with partner: Int, sending: UnsafeRawPointer, _ sent: Int, receiving: UnsafeMutableRawPointer,
    _ received: Int, on channel: RankChannel
  ) {
    cmpi_exchange(Int32(partner), Int32(channel.rawValue), sending, sent, receiving, received)
  }

  public func exchange(
    with partner: Int, sending: UnsafeRawPointer, _ sent: Int, receiving received: Int,
    room: UnsafeMutableRawBufferPointer, on channel: RankChannel,
    _ take: (_ offset: Int, _ bytes: UnsafeRawPointer, _ size: Int) -> Void
  ) {
    withoutActuallyEscaping(take) { take in
      var context = take
      withUnsafeMutablePointer(to: &context) { pointer in
        // SAFETY: the closure lies where the context points for as long as the call lasts.
        guard let base = room.baseAddress else { return }
        cmpi_exchange_parts(
          Int32(partner), Int32(channel.rawValue), sending, sent, received, base, room.count, Int(CMPI_PART),
          { raw, offset, bytes, size in
            raw.assumingMemoryBound(to: ((Int, UnsafeRawPointer, Int) -> Void).self).pointee(
              offset, bytes, size)
          }, pointer)
      }
    }
  }

  public func share(bytes: Int, among some: Range<Int>) -> RankMemory? {
    guard let base = cmpi_share(Int32(some.lowerBound), Int32(some.upperBound), bytes) else { return nil }
    let address = UInt(bitPattern: base)
    return RankMemory(base) { UnsafeMutableRawPointer(bitPattern: address).map { cmpi_unshare($0, bytes) } }
  }

  public func barrier() { cmpi_barrier() }

  public func broadcast(_ bytes: [UInt8]) -> [UInt8] {
    let count = Int(numbers(bytes.count)[0])
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = count
      guard let base = buffer.baseAddress, count > 0 else { return }
      if rank == 0 { _ = buffer.update(fromContentsOf: bytes) }
      // SAFETY: the buffer has room for as many bytes as rank 0 said.
      cmpi_broadcast(base, count)
    }
  }

  public func gather(_ bytes: [UInt8]) -> [[UInt8]] {
    let sizes = numbers(bytes.count)
    let all = [UInt8](unsafeUninitializedCapacity: Int(sizes.reduce(0, +))) { buffer, filled in
      filled = buffer.count
      guard let base = buffer.baseAddress else { return }
      bytes.withUnsafeBytes { own in
        // SAFETY: the buffer has room for all ranks' bytes, whose sizes they have told each other.
        cmpi_gather(own.baseAddress ?? UnsafeRawPointer(base), own.count, base, sizes)
      }
    }
    return Self.parts(all, sizes)
  }

  public func exchangeAll(_ parts: [[UInt8]]) -> [[UInt8]] {
    let sent = parts.map { Int64($0.count) }
    // How much comes from each: the same exchange, of a number to each.
    var received = [Int64](repeating: 0, count: count)
    let each = [Int64](repeating: 8, count: count)
    cmpi_exchange_all(sent, each, &received, each)
    let bytes = parts.flatMap { $0 }
    let all = [UInt8](unsafeUninitializedCapacity: Int(received.reduce(0, +))) { buffer, filled in
      filled = Int(received.reduce(0, +))
      bytes.withUnsafeBytes { own in
        guard let nothing = UnsafeMutableRawPointer(bitPattern: 8) else { return }
        // SAFETY: as in gather(_:); where nothing comes or goes, the address is not used.
        cmpi_exchange_all(
          own.baseAddress ?? UnsafeRawPointer(nothing), sent,
          buffer.baseAddress.map { UnsafeMutableRawPointer($0) } ?? nothing,
          received)
      }
    }
    return Self.parts(all, received)
  }

  private func numbers(_ mine: Int) -> [Int64] {
    var all = [Int64](repeating: 0, count: count)
    cmpi_gather_numbers(Int64(mine), &all)
    return all
  }

  private static func parts(_ bytes: [UInt8], _ sizes: [Int64]) -> [[UInt8]] {
    var start = 0
    return sizes.map { size in
      defer { start += Int(size) }
      return Array(bytes[start..<start + Int(size)])
    }
  }

  // MARK: Dealing

  public func deal(_ count: Int, taking: @escaping @Sendable ([UInt8]) -> Void) -> any RankDeal {
    MPIDeal(self, count: count, taking: taking)
  }

  // MARK: The end

  public func agree(_ status: Int, within seconds: Double) -> [Int]? {
    var all = [Int32](repeating: 0, count: count)
    return cmpi_agree(Int32(truncatingIfNeeded: status), &all, seconds) == 0 ? nil : all.map { Int($0) }
  }

  public func abort(_ status: Int) -> Never { cmpi_abort(Int32(truncatingIfNeeded: status)) }

  /// Leaves the others: returns when all have come here.
  public func end() { cmpi_end() }
}
