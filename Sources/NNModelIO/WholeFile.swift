import NNData

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// All bytes of a regular file of no more than `limit`.
func readWhole(_ path: String, limit: Int) throws(ModelFileError) -> [UInt8] {
  let file = try RegularFile(path: path)
  guard file.size <= limit else {
    throw .unreadable(
      path: path, reason: "it has \(file.size) bytes, and no model of its kind has more than \(limit)")
  }
  return try file.array(count: file.size, of: UInt8.self)
}

/// Some bytes of a regular file, which has them.
func readPart(_ path: String, offset: Int, count: Int) throws(ModelFileError) -> [UInt8] {
  let file = try RegularFile(path: path)
  guard offset <= file.size, count <= file.size - offset else { throw .truncated(path: path) }
  try file.skip(to: offset)
  return try file.array(count: count, of: UInt8.self)
}
