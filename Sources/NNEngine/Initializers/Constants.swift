/// All zeros.
public struct Zeros: Initializer {
  public let name = "zeros"
  public init() {}
  public func values(shape: [Int], generator: Philox) -> [Float] {
    [Float](repeating: 0, count: elementCount(shape))
  }
}

/// All ones.
public struct Ones: Initializer {
  public let name = "ones"
  public init() {}
  public func values(shape: [Int], generator: Philox) -> [Float] {
    [Float](repeating: 1, count: elementCount(shape))
  }
}

/// One value everywhere.
public struct Constant: Initializer {
  public let name = "constant"
  public var value: Float
  public init(value: Float = 0) { self.value = value }
  public func check() throws(EngineError) { try OptionCheck(name).finite(["value": value]) }
  public func values(shape: [Int], generator: Philox) -> [Float] {
    [Float](repeating: value, count: elementCount(shape))
  }
}

/// `gain` on the diagonal and zeros elsewhere.
public struct Identity: Initializer {
  public let name = "identity"
  public var gain: Float
  public init(gain: Float = 1) { self.gain = gain }
  public func check() throws(EngineError) {
    try OptionCheck(name).finite(["gain": gain])
  }
  public func check(shape: [Int]) throws(EngineError) { try OptionCheck(name).kernel(shape) }
  public func values(shape: [Int], generator: Philox) -> [Float] {
    guard shape.count == 2 else { return [] }
    var values = [Float](repeating: 0, count: elementCount(shape))
    for i in 0..<min(shape[0], shape[1]) { values[i * shape[1] + i] = gain }
    return values
  }
}
