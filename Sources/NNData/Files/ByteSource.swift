#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Bytes as they lie: a file, which is read anew, or a stream or an array, which is kept.
final class ByteSource: ByteReading {
  private enum Kind {
    case file(descriptor: Int32)
    /// What has been read is kept, since it comes only once.
    case stream(descriptor: Int32)
    case memory
  }

  /// Of a stream; the rest goes to the disk.
  static let keptInMemory = 16 << 20

  let name: String
  /// The number of bytes, where it is known.
  let size: Int?
  private let kind: Kind
  private let closes: Bool
  /// Where in a file the first byte stands.
  private let start: Int
  private var kept: [UInt8]
  /// Where what is kept of a stream goes on, if it is much: a file without a name.
  private var spool: SpoolFile?
  private var position = 0
  /// Asked before every read, and while a stream has nothing to give.
  private let shouldStop: (@Sendable () -> Bool)?
  /// What is read of a stream from now on is forgotten.
  private var keepsNothing = false
  /// How long a stream is waited for before `shouldStop` is asked again, in milliseconds.
  private static let patience: Int32 = 50

  /// - Parameters:
  ///   - path: `-` is standard input.
  ///   - shouldStop: once it is true, reading throws ``DataError/stopped(source:)``.
  init(path: String, shouldStop: (@Sendable () -> Bool)? = nil) throws(DataError) {
    kept = []
    self.shouldStop = shouldStop
    if path == "-" {
      name = "standard input"
      closes = false
      var status = stat()
      let place = lseek(STDIN_FILENO, 0, SEEK_CUR)
      // Where a file is redirected into it, it can be read again like one.
      if fstat(STDIN_FILENO, &status) == 0, status.st_mode & S_IFMT == S_IFREG, place >= 0 {
        start = Int(place)
        size = max(0, Int(status.st_size) - start)
        kind = .file(descriptor: STDIN_FILENO)
      } else {
        start = 0
        size = nil
        kind = .stream(descriptor: STDIN_FILENO)
        widen(STDIN_FILENO)
      }
      return
    }
    start = 0
    name = path
    guard !path.utf8.contains(0) else { throw .fileMissing(path: path) }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let code = errno
      if code == ENOENT || code == ENOTDIR { throw .fileMissing(path: path) }
      throw .unreadable(path: path, reason: systemMessage(code))
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      _ = close(descriptor)
      throw .unreadable(path: path, reason: systemMessage(code))
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR:
      _ = close(descriptor)
      throw .isDirectory(path: path)
    case S_IFREG:
      size = Int(status.st_size)
      kind = .file(descriptor: descriptor)
    default:
      size = nil
      kind = .stream(descriptor: descriptor)
    }
    closes = true
  }

  /// A pipe holds a megabyte instead of 64 KiB, where the system knows how and allows it: whoever writes waits less often for
  /// who reads, and pieces are larger.
  private func widen(_ descriptor: Int32) {
    #if os(Linux)
      // F_SETPIPE_SZ, which the headers show to GNU sources alone.
      _ = fcntl(descriptor, 1031, Int32(1 << 20))
    #endif
  }

  init(bytes: [UInt8], name: String) {
    self.name = name
    kept = bytes
    shouldStop = nil
    size = bytes.count
    kind = .memory
    closes = false
    start = 0
  }

  /// Whether it is a file that its path leads to again.
  var canBeOpenedAgain: Bool {
    if case .file = kind { closes } else { false }
  }

  deinit {
    switch kind {
    case .file(let descriptor), .stream(let descriptor):
      if closes { _ = close(descriptor) }
    case .memory: break
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    guard let base = buffer.baseAddress, buffer.count > 0 else { return 0 }
    if shouldStop?() == true { throw .stopped(source: name) }
    switch kind {
    case .file(let descriptor):
      return try readDescriptor(descriptor, into: base, count: buffer.count)
    case .stream(let descriptor):
      if position < kept.count { return copyKept(into: buffer) }
      if let spool, position - kept.count < spool.count {
        let count = try spool.read(at: position - kept.count, into: buffer)
        position += count
        return count
      }
      try waitForBytes(descriptor)
      let count = try readDescriptor(descriptor, into: base, count: buffer.count)
      if !keepsNothing {
        try keep(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]))
        position += count
      }
      return count
    case .memory:
      return copyKept(into: buffer)
    }
  }

  var isIdle: Bool {
    guard case .stream(let descriptor) = kind, position >= kept.count, spool == nil || keepsNothing else {
      return false
    }
    var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&wanted, 1, 0) == 0
  }

  /// A stream that has been read as far as it was kept is not kept any further, and cannot be read again.
  func keepNothingMore() {
    guard case .stream = kind, position >= kept.count, spool == nil else { return }
    keepsNothing = true
    kept = []
    position = 0
  }

  func rewind() throws(DataError) {
    position = 0
    switch kind {
    case .file(let descriptor):
      guard lseek(descriptor, off_t(start), SEEK_SET) >= 0 else {
        throw .unreadable(path: name, reason: systemMessage(errno))
      }
    case .stream, .memory:
      break
    }
  }

  /// Keeps bytes of a stream: the first in memory, the rest in a file, so that memory stays bounded.
  private func keep(_ bytes: UnsafeRawBufferPointer) throws(DataError) {
    if spool == nil, kept.count + bytes.count <= Self.keptInMemory {
      kept.append(contentsOf: bytes)
      return
    }
    if spool == nil { spool = try SpoolFile(of: name) }
    try spool?.append(bytes)
  }

  private func copyKept(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, kept.count - position)
    guard count > 0 else { return 0 }
    // SAFETY: `count` bytes from `position` lie within the array, and within the buffer.
    kept.withUnsafeBytes {
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[position..<position + count]))
    }
    position += count
    return count
  }

  /// Returns once a stream has something to read, be it its end or why it cannot be read.
  private func waitForBytes(_ descriptor: Int32) throws(DataError) {
    guard let shouldStop else { return }
    var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while true {
      let ready = poll(&wanted, 1, Self.patience)
      if ready > 0 || (ready < 0 && errno != EINTR) { return }
      if shouldStop() { throw .stopped(source: name) }
    }
  }

  private func readDescriptor(
    _ descriptor: Int32, into base: UnsafeMutableRawPointer, count: Int
  ) throws(DataError) -> Int {
    while true {
      // SAFETY: the caller's buffer holds `count` bytes from `base`.
      #if canImport(Glibc)
        let result = Glibc.read(descriptor, base, count)
      #elseif canImport(Musl)
        let result = Musl.read(descriptor, base, count)
      #else
        let result = Darwin.read(descriptor, base, count)
      #endif
      if result >= 0 { return result }
      let code = errno
      if code == EINTR { continue }
      throw .unreadable(path: name, reason: systemMessage(code))
    }
  }
}
