import NN

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Reading scripts.
enum InputFile {
  static var standardInputIsTerminal: Bool { isatty(STDIN_FILENO) == 1 }

  /// A script longer than this is something else by mistake.
  static let sizeLimit = 64 << 20

  /// All bytes of a file, or of standard input for `-`.
  /// - Returns: nil with a reason if it cannot be read.
  static func read(_ path: String) -> Result<[UInt8], ReadingError> {
    let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return .failure(.system(errno)) }
    defer { if path != "-" { close(descriptor) } }
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      return .failure(.system(EISDIR))
    }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      // SAFETY: `block` is alive for the call and as long as the count says.
      let count = block.withUnsafeMutableBytes { systemRead(descriptor, $0.baseAddress, $0.count) }
      if count == 0 { return .success(bytes) }
      if count < 0 {
        if errno == EINTR { continue }
        return .failure(.system(errno))
      }
      bytes += block[..<count]
      if bytes.count > sizeLimit { return .failure(.tooLong) }
    }
  }

  /// What has come on standard input, as soon as there is something; nil at its end.
  static func readSome() -> [UInt8]? {
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      // SAFETY: `block` is alive for the call and as long as the count says.
      let count = block.withUnsafeMutableBytes { systemRead(STDIN_FILENO, $0.baseAddress, $0.count) }
      if count > 0 { return Array(block[..<count]) }
      if count < 0, errno == EINTR { continue }
      return nil
    }
  }

  enum ReadingError: Error {
    case system(Int32)
    case tooLong

    var description: String {
      switch self {
      case .system(let code): systemMessage(code)
      case .tooLong: "it is longer than \(sizeLimit >> 20) MiB, which no script is"
      }
    }
  }
}

private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, bytes, count)
}

/// A script's text; one that cannot be read is a mistake on the command line.
func readSource(_ path: String) throws(Diagnostic) -> SourceFile {
  switch InputFile.read(path) {
  case .success(let bytes): return SourceFile(name: path == "-" ? "<stdin>" : path, bytes: bytes)
  case .failure(let error):
    throw Diagnostic(code: "E0501", "cannot read \(quoted(path)): \(error.description)")
  }
}
