import NN

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Where `mpirun` has started this program several times, gives way to `nn-mpi`, whose processes know of each other: it lies beside this
/// program or on the PATH. Returns where there is nothing to give way to.
///
/// Several processes that know nothing of each other would each do all of the script, and write the same files.
public func giveWayToRanks(_ arguments: [String]) {
  guard startedRanks > 1 else { return }
  for path in ranksPrograms() where access(path, X_OK) == 0 {
    let words = [path] + arguments
    var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    pointers.append(nil)
    // SAFETY: the words are NUL-terminated, and a nil ends them. On success this program is gone.
    execv(path, pointers)
    for pointer in pointers { free(pointer) }
  }
  complain(
    "\(startedRanks) processes were started, and this nn runs a script in one: `make mpi` builds `nn-mpi`, and beside nn or on the PATH it takes its place"
  )
  exitProgram(.rejected)
}

/// How many processes were started with this one: as Open MPI says it, and the process manager of MPICH, Intel MPI and Slurm.
var startedRanks: Int {
  ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE"].compactMap { environment($0).flatMap { Int($0) } }.first ?? 1
}

/// Where nn-mpi may be.
private func ranksPrograms() -> [String] {
  var folders: [String] = []
  var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
  let size = buffer.count
  let count = buffer.withUnsafeMutableBytes { bytes -> Int in
    guard let base = bytes.baseAddress else { return 0 }
    // SAFETY: the buffer holds as many bytes as are asked for.
    return readlink("/proc/self/exe", base.assumingMemoryBound(to: CChar.self), size)
  }
  if count > 0, let end = buffer[..<count].lastIndex(of: UInt8(ascii: "/")) {
    folders.append(String(decoding: buffer[..<end], as: UTF8.self))
  }
  folders += environment("PATH")?.split(separator: ":").map(String.init) ?? []
  return folders.map { $0 + "/nn-mpi" }
}
