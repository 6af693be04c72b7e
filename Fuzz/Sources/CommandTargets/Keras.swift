#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Any bytes as a file of Keras's, under every name that something is read by.
@_cdecl("fuzz_keras")
public func fuzzKeras(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  demand(
    brokenPromise(ofKerasFile: bytes(start, count)) { bytes, ending in
      let path = scratch + "." + ending
      if let file = fopen(path, "w") {
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
      }
      return path
    })
}

private let scratch = (access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp") + "/nn-fuzz-\(getpid())"
