import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What programs that were ended from outside have left in a folder: files that were being written (see ``AtomicFile``).
///
/// Whoever writes one has it locked, and the lock goes with the process. So a file that can be locked has no writer any more,
/// on this machine and, where the file system carries locks, on any other; where it has none, nothing is removed.
enum UnfinishedFiles {
  private static let prefix = ".nn-"
  private static let suffix = ".tmp"

  /// A new name in a folder.
  static func name() -> String {
    prefix + String(UInt64.random(in: .min ... .max), radix: 36) + suffix
  }

  /// Whether a file's name is that of one whose writing was cut off.
  static func isOne(_ name: String) -> Bool { name.hasPrefix(prefix) && name.hasSuffix(suffix) }

  /// Says that the file is being written. A file system without locks may say no, and then nobody can take it for a dead one.
  static func claim(_ descriptor: Int32) { _ = flock(descriptor, LOCK_EX | LOCK_NB) }

  /// How old a file must be before anybody but the owner of its folder removes it, in seconds. Its writer locks it as soon
  /// as it is there; this is for those that are stopped in between, and for network file systems that keep locks to themselves.
  static let leastAge = 600

  /// The folders that this process has looked through.
  private static let seen = Mutex<Set<String>>([])
  private static let mostSeen = 1000

  /// Removes the files that the dead have left, once in each folder.
  static func sweepOnce(_ folder: String) {
    let isNew = seen.withLock { seen in
      if seen.count >= mostSeen { seen = [] }
      return seen.insert(folder).inserted
    }
    if isNew { sweep(folder, leastAge: leastAge) }
  }

  /// Removes the files that the dead have left.
  /// - Parameter folder: with its `/`; nothing for the working folder.
  static func sweep(_ folder: String, leastAge: Int) {
    guard let directory = opendir(folder.isEmpty ? "." : folder) else { return }
    var names: [String] = []
    while let entry = readdir(directory) {
      // SAFETY: d_name is a NUL-terminated array within the entry, which lives until the next readdir.
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if isOne(name) { names.append(name) }
    }
    _ = closedir(directory)
    for name in names { remove(folder + name, leastAge: leastAge) }
  }

  private static func remove(_ path: String, leastAge: Int) {
    // What is no file of its own is not opened: a pipe would wait, a link may lead anywhere.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return }
    defer { _ = close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      time(nil) - modified(status) >= leastAge, flock(descriptor, LOCK_EX | LOCK_NB) == 0
    else { return }
    _ = unlink(path)
  }

  private static func modified(_ status: stat) -> Int {
    #if canImport(Darwin)
      Int(status.st_mtimespec.tv_sec)
    #else
      Int(status.st_mtim.tv_sec)
    #endif
  }
}
