#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A text file that grows line by line, so that what was written is there whenever the program ends.
public final class LogFile: Sendable {
  /// As it was given, for messages.
  public let path: String
  private let descriptor: Int32
  /// Its bytes when it was opened; 0 if it is not a plain file.
  public let size: Int

  /// Opens the file, and makes it if it is not there.
  /// - Parameter appends: what it holds stays, and what is written goes behind it.
  public init(path: String, appends: Bool) throws(DataError) {
    self.path = path
    try checkName(path)
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { throw .isDirectory(path: path) }
    let opened = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (appends ? 0 : O_TRUNC), 0o666)
    guard opened >= 0 else { throw .unwritable(path: path, reason: systemMessage(errno)) }
    descriptor = opened
    size = fstat(opened, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 0
  }

  deinit { _ = close(descriptor) }

  /// Writes at the end.
  public func write(_ text: String) throws(DataError) {
    try writeAll(Array(text.utf8), to: descriptor, path: path)
  }

  /// The same of bytes.
  public func write(_ bytes: [UInt8]) throws(DataError) { try writeAll(bytes, to: descriptor, path: path) }

  /// Forgets what lies behind so many bytes; a file that is shorter stays as it is.
  public func cut(to count: Int) throws(DataError) {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, Int(status.st_size) > count
    else { return }
    guard ftruncate(descriptor, off_t(count)) == 0 else {
      throw .unwritable(path: path, reason: systemMessage(errno))
    }
  }
}
