#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Bytes on the disk that are gone with the program: a file without a name, in TMPDIR or /tmp.
final class SpoolFile {
  /// What is kept here, for messages.
  private let name: String
  private let descriptor: Int32
  private(set) var count = 0

  init(of name: String) throws(DataError) {
    self.name = name
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array((folder + "/nn-XXXXXX").utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw .unwritable(path: folder, reason: systemMessage(errno)) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    _ = unlink(template)
  }

  deinit { _ = close(descriptor) }

  func append(_ bytes: UnsafeRawBufferPointer) throws(DataError) {
    try writeAll(bytes, to: descriptor, path: "a temporary file for \(name)")
    count += bytes.count
  }

  /// - Returns: how many bytes there were, at least one unless it is asked behind the end.
  func read(at place: Int, into buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    let wanted = min(buffer.count, count - place)
    guard wanted > 0 else { return 0 }
    while true {
      // SAFETY: the buffer holds `wanted` bytes at least.
      let result = pread(descriptor, buffer.baseAddress, wanted, off_t(place))
      if result > 0 { return result }
      if result < 0, errno == EINTR { continue }
      throw .unreadable(
        path: name, reason: result == 0 ? "its temporary file was cut off" : systemMessage(errno))
    }
  }
}
