/// `--set`, any number of times, and a script, apart by NUL. A broken promise ends the process, and libFuzzer keeps the input.
@_cdecl("fuzz_settings")
public func fuzzSettings(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  demand(brokenPromise(ofSettings: bytes(start, count)))
}

/// Any bytes as the shell's history file.
@_cdecl("fuzz_history")
public func fuzzHistory(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  demand(brokenPromise(ofHistory: bytes(start, count)))
}

/// Any bytes as the file that the shell begins with, and as what is typed into it.
@_cdecl("fuzz_init")
public func fuzzInit(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  demand(brokenPromise(ofInitialFile: bytes(start, count)))
}

func bytes(_ start: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
  // SAFETY: libFuzzer gives `count` bytes at `start`, which stay until the call returns, and nil only for none.
  start.map { Array(UnsafeBufferPointer(start: $0, count: count)) } ?? []
}

func demand(_ broken: String?) -> CInt {
  if let broken { fatalError(broken) }
  return 0
}
