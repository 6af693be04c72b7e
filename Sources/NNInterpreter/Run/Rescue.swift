#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writes a trained model where there is room for it, because the file that was asked for cannot be written: hours of
/// training must not go with a full disk. The name has the weights' digest, so the same weights have one file, however often.
/// - Returns: the path, or nil where no place takes it.
func rescueModel(_ experiment: Experiment) -> String? {
  guard let digest = experiment.model?.trained?.digest, !digest.isEmpty else { return nil }
  let name = "rescue-\(digest).safetensors"
  // The working folder is where the user looks; the others may be on another disk.
  let folders = [
    nil, getenv("HOME").map { String(cString: $0) }, getenv("TMPDIR").map { String(cString: $0) }, "/tmp",
  ]
  for folder in folders where folder != "" {
    let path = folder.map { ($0.hasSuffix("/") ? $0 : $0 + "/") + name } ?? name
    do throws(Found) {
      try saveModel(experiment, to: path, withOptimizer: true)
      return path
    } catch {
      continue
    }
  }
  return nil
}
