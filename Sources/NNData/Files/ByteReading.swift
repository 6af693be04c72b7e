/// Bytes in order, and from the start again.
protocol ByteReading: AnyObject {
  /// For messages.
  var name: String { get }
  /// The number of bytes, where it is known.
  var size: Int? { get }
  /// Fills the front of `buffer` with the next bytes, and tells how many; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(DataError) -> Int
  /// Whether it has nothing to give at the moment, and a read would wait.
  var isIdle: Bool { get }
  /// Goes back to the first byte.
  func rewind() throws(DataError)
}

/// Opens a file, or `-` for standard input; what is packed with gzip is unpacked as it is read.
func openSource(path: String) throws(DataError) -> any ByteReading {
  try unpacking(ByteSource(path: path))
}

func unpacking(_ source: ByteSource) throws(DataError) -> any ByteReading {
  var first: [UInt8] = [0, 0]
  var count = 0
  while count < first.count {
    var failure: DataError?
    let read = first.withUnsafeMutableBytes { buffer -> Int in
      do throws(DataError) {
        return try source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
      } catch {
        failure = error
        return 0
      }
    }
    if let failure { throw failure }
    if read == 0 { break }
    count += read
  }
  try source.rewind()
  return first == GzipReader.signature ? GzipReader(source) : source
}
