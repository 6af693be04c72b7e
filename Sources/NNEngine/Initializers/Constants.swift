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
  public func values(shape: [Int], generator: Philox) -> [Float] {
    [Float](repeating: value, count: elementCount(shape))
  }
}
