import NN
import NNShell

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The history file, `$XDG_STATE_HOME/nn/history`, which any number of shells share: each statement is added under a lock as soon as it
/// is known, and when a shell ends what has come together is written anew without duplicates.
///
/// What cannot be read or written is lost, which is no reason to complain at the door.
final class HistoryStore {
  private let path: String
  /// Whether the file is somebody else's, as under `sudo`: then it is read, and left alone.
  private var isForeign = false
  /// Of a file that is larger, the end.
  private static let largest = 16 << 20

  /// Nil without a place for it.
  init?() {
    let state: String
    if let directory = environment("XDG_STATE_HOME"), directory.hasPrefix("/") {
      state = directory
    } else if let home = environment("HOME"), home.hasPrefix("/") {
      state = home + "/.local/state"
    } else {
      return nil
    }
    var folder = ""
    for part in (state + "/nn").split(separator: "/") {
      folder += "/" + part
      mkdir(folder, 0o700)
    }
    path = folder + "/history"
  }

  func read() -> [String] { HistoryText.entries(bytes()) }

  func add(_ entry: String) {
    guard let line = HistoryText.line(entry) else { return }
    locked {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o600)
      guard descriptor >= 0 else { return }
      defer { close(descriptor) }
      guard isOurs(descriptor) else { return }
      var bytes = Array((line + "\n").utf8)
      let end = lseek(descriptor, 0, SEEK_END)
      var last: UInt8 = 0
      // A shell that was killed may have left half a line.
      if end > 0, pread(descriptor, &last, 1, end - 1) == 1, last != UInt8(ascii: "\n") {
        bytes.insert(UInt8(ascii: "\n"), at: 0)
      }
      _ = write(descriptor, bytes, bytes.count)
    }
  }

  /// Leaves every entry once.
  func tidy() {
    locked {
      let before = bytes()
      guard !before.isEmpty, !isForeign else { return }
      let text = HistoryText.entries(before).compactMap(HistoryText.line).map { $0 + "\n" }.joined()
      guard Array(text.utf8) != before, let file = try? AtomicFile(path: path) else { return }
      try? file.write(Array(text.utf8))
      try? file.commit()
      chmod(path, 0o600)
    }
  }

  private func bytes() -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return [] }
    isForeign = status.st_uid != geteuid()
    let size = Int(status.st_size)
    if size > Self.largest { lseek(descriptor, off_t(size - Self.largest), SEEK_SET) }
    var bytes = [UInt8](repeating: 0, count: min(size, Self.largest))
    var filled = 0
    while filled < bytes.count {
      let rest = bytes.count - filled
      let count = bytes.withUnsafeMutableBytes { buffer -> Int in
        guard let base = buffer.baseAddress else { return 0 }
        // SAFETY: `rest` bytes of the buffer lie behind `base + filled`.
        return systemRead(descriptor, base + filled, rest)
      }
      if count <= 0 { break }
      filled += count
    }
    return Array(bytes.prefix(filled))
  }

  private func isOurs(_ descriptor: Int32) -> Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_uid == geteuid()
  }

  /// The lock is on a file beside it, for the file itself is replaced.
  private func locked(_ body: () -> Void) {
    let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard lock >= 0 else { return body() }
    defer { close(lock) }
    // Another shell holds it for a moment; one that is stopped in it must not hold this one up for ever.
    for attempt in 0..<200 {
      if flock(lock, LOCK_EX | LOCK_NB) == 0 { break }
      if attempt < 199 { usleep(1000) }
    }
    body()
    flock(lock, LOCK_UN)
  }
}

private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(descriptor, bytes, count)
}
