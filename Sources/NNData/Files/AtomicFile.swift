#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that appears whole or not at all: written under another name in the same folder, synced, and renamed.
/// Whoever reads the path sees the old file or the new one. What is not committed is removed; what a process that was killed
/// has left, the next one that writes into the folder removes (see ``UnfinishedFiles``).
public final class AtomicFile {
  /// As it was given, for messages.
  public let path: String
  /// The file behind the path's links.
  private let target: String
  /// `nil` where the path is a device or a pipe, which is written to directly.
  private let temporary: String?
  private var descriptor: Int32
  private var isCommitted = false

  public init(path: String) throws(DataError) {
    self.path = path
    try checkName(path)
    var status = stat()
    let exists = stat(path, &status) == 0
    if exists, status.st_mode & S_IFMT == S_IFDIR { throw .isDirectory(path: path) }
    if exists, status.st_mode & S_IFMT != S_IFREG {
      target = path
      temporary = nil
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw .unwritable(path: path, reason: systemMessage(errno)) }
      return
    }
    if exists, access(path, W_OK) != 0 { throw .unwritable(path: path, reason: systemMessage(errno)) }
    target = exists ? Self.resolved(path) : path
    UnfinishedFiles.sweepOnce(Self.folder(of: target))
    var opened: Int32 = -1
    var name = ""
    var attempt = 0
    repeat {
      name = Self.folder(of: target) + UnfinishedFiles.name()
      opened = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      attempt += 1
    } while opened < 0 && errno == EEXIST && attempt < 100
    guard opened >= 0 else { throw .unwritable(path: path, reason: systemMessage(errno)) }
    UnfinishedFiles.claim(opened)
    // A file that is replaced keeps who may read it.
    if exists { _ = fchmod(opened, status.st_mode & 0o7777) }
    temporary = name
    descriptor = opened
  }

  deinit { abandon() }

  /// Writes the values as they lie in memory, which is little-endian wherever Swift runs.
  public func write<Value: BitwiseCopyable>(_ values: [Value]) throws(DataError) {
    try writeAll(values, to: descriptor, path: path)
  }

  /// The bytes at a place of what was written.
  func read(at place: Int, into buffer: UnsafeMutableRawBufferPointer) throws(DataError) {
    try readAll(buffer, at: place, of: descriptor, path: path)
  }

  /// Writes over what was written at a place.
  func overwrite(at place: Int, with bytes: UnsafeRawBufferPointer) throws(DataError) {
    var done = 0
    while done < bytes.count {
      // SAFETY: `bytes.count - done` bytes lie behind `done`.
      let count = pwrite(
        descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(place + done))
      if count < 0 {
        if errno == EINTR { continue }
        throw .unwritable(path: path, reason: systemMessage(errno))
      }
      done += count
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(DataError) {
    try writeAll(bytes, to: descriptor, path: path)
  }

  /// Makes what was written the file at `path`, and lasting.
  public func commit() throws(DataError) {
    guard !isCommitted else { return }
    guard let temporary else {
      isCommitted = true
      let result = close(descriptor)
      descriptor = -1
      guard result == 0 else { throw .unwritable(path: path, reason: systemMessage(errno)) }
      return
    }
    guard fsync(descriptor) == 0, closeOnce() == 0, rename(temporary, target) == 0 else {
      let code = errno
      abandon()
      throw .unwritable(path: path, reason: systemMessage(code))
    }
    isCommitted = true
    // The new name lasts when the folder is on the disk, too. Some file systems cannot sync a folder; then
    // the file is there all the same.
    let folder = Self.folder(of: target)
    let opened = open(folder.isEmpty ? "." : folder, O_RDONLY | O_CLOEXEC)
    if opened >= 0 {
      _ = fsync(opened)
      _ = close(opened)
    }
  }

  private func closeOnce() -> Int32 {
    guard descriptor >= 0 else { return 0 }
    let result = close(descriptor)
    descriptor = -1
    return result
  }

  private func abandon() {
    _ = closeOnce()
    if !isCommitted, let temporary { _ = unlink(temporary) }
  }

  /// The path's folder with its `/`, or nothing.
  private static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
    return String(path[...slash])
  }

  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    // SAFETY: realpath gives a NUL-terminated string that is ours until freed.
    return String(cString: real)
  }
}

/// Fills the buffer from a place of a file on. Throws where the file ends before.
func readAll(
  _ buffer: UnsafeMutableRawBufferPointer, at place: Int, of descriptor: Int32, path: String
) throws(DataError) {
  var done = 0
  while done < buffer.count {
    // SAFETY: the buffer has room for `buffer.count - done` bytes behind `done`.
    let count = pread(
      descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done, off_t(place + done))
    if count < 0, errno == EINTR { continue }
    guard count > 0 else {
      throw .unreadable(path: path, reason: count == 0 ? "it was cut off" : systemMessage(errno))
    }
    done += count
  }
}

/// Writes all of the bytes, however many calls it takes.
func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws(DataError) {
  guard let base = bytes.baseAddress else { return }
  var offset = 0
  while offset < bytes.count {
    // SAFETY: `bytes.count - offset` bytes lie behind `base + offset`.
    #if canImport(Glibc)
      let count = Glibc.write(descriptor, base + offset, bytes.count - offset)
    #elseif canImport(Musl)
      let count = Musl.write(descriptor, base + offset, bytes.count - offset)
    #else
      let count = Darwin.write(descriptor, base + offset, bytes.count - offset)
    #endif
    if count >= 0 {
      offset += count
      continue
    }
    let code = errno
    if code == EINTR { continue }
    if code == EPIPE { throw .closedPipe(path: path) }
    throw .unwritable(path: path, reason: systemMessage(code))
  }
}

func writeAll<Value: BitwiseCopyable>(
  _ values: [Value], to descriptor: Int32, path: String
) throws(DataError) {
  var failure: DataError?
  // SAFETY: the bytes are read within the call only.
  values.withUnsafeBytes { buffer in
    do throws(DataError) { try writeAll(buffer, to: descriptor, path: path) } catch { failure = error }
  }
  if let failure { throw failure }
}
