/// Layers several times over, each copy with weights of its own. Its layers count on over the copies: layer l of copy c of a
/// block of n layers is `layers.<c·n + l>`.
public struct Repeat: Layer {
  public let kind = "repeat"
  public var count: Int
  public var layers: [any Layer]

  public init(count: Int, layers: [any Layer]) {
    self.count = count
    self.layers = layers
  }

  /// The layers of all copies.
  public var copies: [any Layer] { (0..<max(count, 0)).flatMap { _ in layers } }

  public func outputWidth(inputWidth: Int) throws(EngineError) -> Int {
    try OptionCheck(kind).whole("count", count, from: 1, to: 1 << 20)
    guard !layers.isEmpty else { throw OptionCheck(kind).refuse("layers", 0, "at least one") }
    return try copies.outputWidth(inputWidth: inputWidth)
  }

  public func parameters(inputWidth: Int) -> [ParameterSpecification] {
    copies.parameters(inputWidth: inputWidth, path: "layers")
  }
}
