#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Whether a path has the signs of a shell's pattern in it.
public func isPattern(_ path: String) -> Bool {
  path.utf8.contains { $0 == 0x2A || $0 == 0x3F || $0 == 0x5B }
}

/// Whether a path is one of those that a pattern stands for.
public func isMatch(_ path: String, _ pattern: String) -> Bool {
  fnmatch(pattern, path, FNM_PATHNAME | FNM_PERIOD) == 0
}

/// The files that a pattern of the shell stands for, in the order of their bytes.
public func filesMatching(_ pattern: String) -> [String] {
  guard !pattern.utf8.contains(0) else { return [] }
  var found = glob_t()
  defer { globfree(&found) }
  guard glob(pattern, GLOB_NOSORT, nil, &found) == 0, let paths = found.gl_pathv else { return [] }
  var files: [String] = []
  // SAFETY: gl_pathv holds gl_pathc pointers to NUL-terminated strings until globfree.
  for index in 0..<Int(found.gl_pathc) {
    guard let path = paths[index] else { continue }
    files.append(String(cString: path))
  }
  return files.sorted(by: bytewiseLess)
}
