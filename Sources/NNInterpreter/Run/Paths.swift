import NNDiagnostics

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A path with a leading `~` replaced by the home directory, as a shell does; as it stands if HOME is not set.
func expandingTilde(_ path: String) -> String {
  guard path == "~" || path.hasPrefix("~/"), let home = getenv("HOME") else { return path }
  return String(cString: home) + path.dropFirst()
}

/// The part of a path after its last dot, with the dot, in lower case; empty if there is none.
func ending(of path: String) -> String {
  let name = path.split(separator: "/").last ?? ""
  guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
  return name[dot...].lowercased()
}

/// A file of much the same name in the same folder, as it can be written in a script; nil if there is none.
func fileNear(_ path: String) -> String? {
  let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  let name = String(path.dropFirst(folder.count))
  guard !name.isEmpty, let directory = opendir(folder.isEmpty ? "." : folder) else { return nil }
  defer { closedir(directory) }
  var names: [String] = []
  // A folder of very many files is not looked through to its end.
  while names.count < 10_000, let entry = readdir(directory) {
    // SAFETY: `d_name` is the entry's own, ends with a NUL, and lives until the next readdir.
    let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
      name.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: name.pointee)) {
        String(cString: $0)
      }
    }
    if !name.hasPrefix(".") { names.append(name) }
  }
  // The ending, which most names share, says nothing of what was meant.
  let ending = ending(of: name)
  let stem = String(name.dropLast(ending.utf8.count))
  let siblings = names.filter { ending == NNInterpreter.ending(of: $0) }
  let near =
    Spelling.nearest(to: stem, in: siblings.map { String($0.dropLast(ending.utf8.count)) }.sorted()).map {
      $0 + name.suffix(ending.utf8.count)
    } ?? names.sorted().first { Spelling.distance($0, name) <= 2 && $0.hasPrefix(stem) && !stem.isEmpty }
  guard let near, names.contains(near) else { return nil }
  let found = folder + near
  let isWord = found.unicodeScalars.allSatisfy {
    $0.properties.isAlphabetic || ("0"..."9").contains($0) || "_-./~+".unicodeScalars.contains($0)
  }
  return isWord ? found : nil
}
