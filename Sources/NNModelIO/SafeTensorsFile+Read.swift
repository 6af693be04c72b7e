import NNData

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension SafeTensorsFile {
  /// Reads a file. Nothing is allocated before the header's claims are checked against the file's size, so that memory
  /// is bounded by what the file really holds.
  ///
  /// - Throws: ``ModelFileError`` where it cannot be read, or breaks a rule of the format.
  public init(path: String) throws(ModelFileError) {
    let file = try RegularFile(path: path)
    guard file.size >= 10 else { throw .tooShort(path: path, size: file.size) }
    var length: UInt64 = 0
    try withUnsafeMutableBytes(of: &length) { (buffer) throws(ModelFileError) in try file.read(into: buffer) }
    length = UInt64(littleEndian: length)
    guard length <= UInt64(min(SafeTensorsHeader.lengthLimit, file.size - 8)) else {
      throw .headerTooLong(path: path, length: length, size: file.size)
    }
    let headerLength = Int(length)
    let dataSize = file.size - 8 - headerLength
    let headerBytes = try file.array(count: headerLength, of: UInt8.self)
    guard headerBytes.first == UInt8(ascii: "{") else {
      throw .badHeader(path: path, tensor: nil, problem: "it does not start with `{`")
    }
    let header = try headerBytes.withUnsafeBufferPointer { (buffer) throws(ModelFileError) in
      try SafeTensorsHeader(parsing: buffer, dataSize: dataSize, path: path)
    }
    tensors = []
    metadata = header.metadata
    for entry in header.entries {
      let values = try file.array(count: (entry.end - entry.start) / 4, of: Float.self)
      tensors.append(Tensor(name: entry.name, shape: entry.shape, values: values))
    }
  }
}

/// A regular file, read from its start to its end.
final class RegularFile {
  let path: String
  let size: Int
  private let descriptor: Int32

  init(path: String) throws(ModelFileError) {
    self.path = path
    guard !path.utf8.contains(0) else { throw .fileMissing(path: path) }
    // Not to wait for the writer of a pipe, which is refused below.
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let code = errno
      if code == ENOENT || code == ENOTDIR { throw .fileMissing(path: path) }
      throw .unreadable(path: path, reason: systemMessage(code))
    }
    var status = stat()
    let result = fstat(descriptor, &status)
    let code = errno
    size = Int(status.st_size)
    if result != 0 || status.st_mode & S_IFMT != S_IFREG {
      // The descriptor is closed by deinit, since every property is set.
      if result != 0 { throw .unreadable(path: path, reason: systemMessage(code)) }
      if status.st_mode & S_IFMT == S_IFDIR { throw .isDirectory(path: path) }
      throw .unreadable(path: path, reason: "not a regular file")
    }
  }

  deinit { _ = close(descriptor) }

  /// Goes on reading from a byte of the file.
  func skip(to offset: Int) throws(ModelFileError) {
    guard lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else {
      throw .unreadable(path: path, reason: systemMessage(errno))
    }
  }

  /// Fills the whole buffer.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ModelFileError) {
    guard let base = buffer.baseAddress else { return }
    var offset = 0
    while offset < buffer.count {
      // SAFETY: `buffer.count - offset` bytes lie behind `base + offset`.
      #if canImport(Glibc)
        let count = Glibc.read(descriptor, base + offset, buffer.count - offset)
      #elseif canImport(Musl)
        let count = Musl.read(descriptor, base + offset, buffer.count - offset)
      #else
        let count = Darwin.read(descriptor, base + offset, buffer.count - offset)
      #endif
      if count > 0 {
        offset += count
      } else if count == 0 {
        throw .truncated(path: path)
      } else if errno != EINTR {
        throw .unreadable(path: path, reason: systemMessage(errno))
      }
    }
  }

  /// The next `count` values, as they lie in the file (little-endian, as every processor that Swift runs on).
  func array<Element: BitwiseCopyable>(count: Int, of type: Element.Type) throws(ModelFileError) -> [Element]
  {
    var failure: ModelFileError?
    let result = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      // SAFETY: a BitwiseCopyable value here is a UInt8 or a Float, for which every bit pattern is one; the count is
      // set only when all of them have been read.
      let bytes = UnsafeMutableRawBufferPointer(
        rebasing: UnsafeMutableRawBufferPointer(buffer)[..<(count * MemoryLayout<Element>.stride)])
      do throws(ModelFileError) {
        try read(into: bytes)
        initialized = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return result
  }
}
