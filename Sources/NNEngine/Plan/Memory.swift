#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// Bytes of this machine's memory.
private let machineMemory: Double = {
  let pages = sysconf(Int32(_SC_PHYS_PAGES))
  let size = sysconf(Int32(_SC_PAGESIZE))
  return pages > 0 && size > 0 ? Double(pages) * Double(size) : 0x1p40
}()

/// Throws if something of so many floats cannot be held here, which would end the process instead.
func checkMemory(floats: Double, _ what: @autoclosure () -> String) throws(EngineError) {
  guard floats * 4 <= machineMemory else {
    throw .tooLarge(what: "\(what()), \(memoryText(floats: floats)),")
  }
}

/// How much so many floats take, as a message says it: "4.2 TB".
func memoryText(floats: Double) -> String {
  var amount = floats * 4
  var unit = 0
  let units = ["bytes", "KB", "MB", "GB", "TB", "PB", "EB"]
  while amount >= 1000, unit + 1 < units.count {
    amount /= 1000
    unit += 1
  }
  // Below 1,000, but for exabytes, of which there may be more than an Int counts.
  guard amount < 1e15 else { return "more than \(units[unit])" }
  let tenths = Int(amount * 10)
  return unit == 0 ? "\(tenths / 10) bytes" : "\(tenths / 10).\(tenths % 10) \(units[unit])"
}

extension NetworkPlan {
  /// About how many floats a plan needs; in double, for sums of sizes must not overflow.
  static func floats(_ network: Network, rows: Int, slots: Int?) -> Double {
    var weights = 0.0
    for parameter in network.parameters {
      let lines = parameter.shape.count > 1 ? Double(parameter.shape[0]) : 1
      weights += lines * Double(paddedWidth(parameter.shape.last ?? 1))
    }
    let units =
      Double(paddedWidth(network.inputWidth)) + network.layers.bufferFloats(inputWidth: network.inputWidth)
    // Training adds gradients, slots, transposed kernels and the last epoch's weights; and gradients of outputs.
    let copies = slots.map { 4 + Double($0) } ?? 1
    return weights * copies + units * Double(rows) * (slots == nil ? 1 : 3)
  }
}
