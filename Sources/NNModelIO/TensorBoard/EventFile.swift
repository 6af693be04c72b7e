import NNData
import SwiftProtobuf

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file of events as TensorBoard reads it: records, each behind its length and checksums, that are there as soon as they are written.
///
public final class EventFile: Sendable {
  private let file: LogFile

  /// Makes a file of its own in a folder, which may hold others of the same run.
  /// - Parameter number: tells files apart that this process makes in the same second.
  public init(folder: String, number: Int) throws(DataError) {
    let seconds = String(Int(Self.now))
    let padded = String(repeating: "0", count: max(0, 10 - seconds.count)) + seconds
    let path = "\(folder)/events.out.tfevents.\(padded).nn.\(getpid()).\(number).v2"
    try makeFolders(above: path)
    file = try LogFile(path: path, appends: false)
    var event = TBEvent()
    event.fileVersion = "brain.Event:2"
    try write(event)
  }

  /// Seconds since 1970.
  public static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  func write(_ event: TBEvent) throws(DataError) {
    var event = event
    event.wallTime = Self.now
    let bytes: [UInt8]
    do {
      bytes = try event.serializedBytes()
    } catch {
      throw .unwritable(path: file.path, reason: "an event has no form: \(error)")
    }
    try file.write(Self.record(bytes))
  }

  /// A record of TensorFlow: length, its checksum, the bytes, theirs; little-endian.
  static func record(_ bytes: [UInt8]) -> [UInt8] {
    let length = (0..<8).map { UInt8(truncatingIfNeeded: UInt64(bytes.count) >> (8 * UInt64($0))) }
    return length + checksum(length) + bytes + checksum(bytes)
  }

  private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
    let crc = CRC32C.of(bytes)
    // Turned and moved, since a checksum of data that hold checksums tells little.
    let masked = (crc >> 15 | crc << 17) &+ 0xA282_EAD8
    return (0..<4).map { UInt8(truncatingIfNeeded: masked >> (8 * UInt32($0))) }
  }
}

/// Castagnoli's cyclic redundancy check (RFC 3720, appendix B.4), a byte at a time.
enum CRC32C {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
  }

  static func of(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { crc, byte in table[Int((crc ^ UInt32(byte)) & 0xFF)] ^ crc >> 8 }
  }
}
