/// All bytes of a file.
/// - Throws: ``DataError`` where it cannot be read, or is longer than `limit`.
public func readFile(path: String, limit: Int) throws(DataError) -> [UInt8] {
  let source = try ByteSource(path: path)
  var bytes: [UInt8] = []
  var block = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    var count = 0
    do {
      count = try block.withUnsafeMutableBytes { try source.read(into: $0) }
    } catch let error as DataError {
      throw error
    } catch {
      throw .unreadable(path: path, reason: "\(error)")
    }
    if count == 0 { return bytes }
    bytes += block[..<count]
    if bytes.count > limit {
      throw .unreadable(path: path, reason: "it is longer than \(limit >> 20) MiB")
    }
  }
}
