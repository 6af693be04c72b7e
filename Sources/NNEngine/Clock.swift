#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// Seconds on a clock that only goes forward.
public func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// The cores that this process may use.
public let machineThreads: Int = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
