/// Any bytes as a CSV file. A broken promise ends the process, and libFuzzer keeps the input.
@_cdecl("fuzz_csv")
public func fuzzCSV(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  // SAFETY: libFuzzer gives `size` bytes, which stay until the call returns.
  let bytes = Array(UnsafeBufferPointer(start: data, count: size))
  if let broken = brokenPromise(ofCSV: bytes) { fatalError(broken) }
  return 0
}
