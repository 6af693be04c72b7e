#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Any bytes as an ONNX file. A broken promise ends the process, and libFuzzer keeps the input.
@_cdecl("fuzz_onnx")
public func fuzzONNX(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  // SAFETY: libFuzzer gives `size` bytes, which stay until the call returns.
  let bytes = Array(UnsafeBufferPointer(start: data, count: size))
  if let broken = brokenPromise(ofONNX: bytes) { fatalError(broken) }
  return 0
}

/// Any bytes as a safetensors file.
@_cdecl("fuzz_safetensors")
public func fuzzSafeTensors(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  // SAFETY: as above.
  let bytes = Array(UnsafeBufferPointer(start: data, count: size))
  if let broken = brokenPromise(ofSafeTensors: bytes, scratch: scratch) { fatalError(broken) }
  return 0
}

/// In memory where there is a place for it: each input is written and synced.
private let scratch = (access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp") + "/nn-fuzz-\(getpid()).safetensors"
