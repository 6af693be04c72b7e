#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Whether something is there under that path.
public func pathExists(_ path: String) -> Bool { !path.utf8.contains(0) && access(path, F_OK) == 0 }

/// Throws for a path that is none, or that the system would take for another: it reads up to a NUL.
func checkName(_ path: String) throws(DataError) {
  guard !path.isEmpty, !path.utf8.contains(0) else {
    throw .unwritable(path: path, reason: systemMessage(ENOENT))
  }
}

/// What is known of a file without reading it; a file whose stamp is the same has not been written since.
public struct FileStamp: Sendable, Hashable {
  public let size: Int
  let seconds: Int
  let nanoseconds: Int

  /// Nil if there is no file.
  public init?(path: String) {
    var status = stat()
    guard !path.utf8.contains(0), stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    size = Int(status.st_size)
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    seconds = Int(time.tv_sec)
    nanoseconds = Int(time.tv_nsec)
  }
}

/// The names in a folder with what they are, sorted, without those that begin with a dot; none if it cannot be read.
public func folderEntries(_ path: String) -> [(name: String, isFolder: Bool)] {
  guard !path.utf8.contains(0), let folder = opendir(path) else { return [] }
  defer { closedir(folder) }
  var result: [(name: String, isFolder: Bool)] = []
  while let entry = readdir(folder) {
    // SAFETY: readdir gives an entry with a NUL-terminated name, which is ours until the next call.
    let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    guard !name.hasPrefix(".") else { continue }
    var status = stat()
    let isFolder = stat(path + "/" + name, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    result.append((name, isFolder))
  }
  return result.sorted { $0.name < $1.name }
}

/// Makes a folder and those above it, where they are not there.
public func makeFolders(_ path: String) throws(DataError) {
  try checkName(path)
  var failure: Int32 = 0
  var end = path.startIndex
  while end < path.endIndex {
    end = path[path.index(after: end)...].firstIndex(of: "/") ?? path.endIndex
    // Whether a folder above is there already, some systems do not say; only the last one counts.
    failure = mkdir(String(path[..<end]), 0o777) == 0 || errno == EEXIST ? 0 : errno
  }
  var status = stat()
  guard stat(path, &status) == 0 else {
    throw .unwritable(path: path, reason: systemMessage(failure == 0 ? errno : failure))
  }
  guard status.st_mode & S_IFMT == S_IFDIR else {
    throw .unwritable(path: path, reason: systemMessage(ENOTDIR))
  }
}

/// Makes the folders above a file, where they are not there.
public func makeFolders(above path: String) throws(DataError) {
  guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
  try makeFolders(String(path[..<slash]))
}

/// Removes a file; one that is not there is no error.
public func removeFile(_ path: String) throws(DataError) {
  guard unlink(path) == 0 || errno == ENOENT else {
    throw .unwritable(path: path, reason: systemMessage(errno))
  }
}

/// Gives a file another name, in the place of a file that has it.
public func renameFile(_ path: String, to other: String) throws(DataError) {
  guard rename(path, other) == 0 else { throw .unwritable(path: other, reason: systemMessage(errno)) }
}

/// Removes what interrupted writing left in a folder of one's own; what another process is writing stays.
public func removeUnfinishedFiles(in folder: String) {
  UnfinishedFiles.sweep(folder.hasSuffix("/") ? folder : folder + "/", leastAge: 0)
}

/// Removes a folder if nothing is in it.
public func removeFolderIfEmpty(_ path: String) { _ = rmdir(path) }
