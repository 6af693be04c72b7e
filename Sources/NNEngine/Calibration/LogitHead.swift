/// The end of a network that makes logits, and probabilities of them: a dense layer with `softmax` or `sigmoid`, in it or
/// behind it; or one without an activation, where the loss takes logits.
public struct LogitHead: Sendable {
  /// The dense layer's place.
  public let layer: Int
  /// The network up to its logits.
  public let logits: Network
  let hasBias: Bool

  /// - Parameter lossTakesLogits: the network's own outputs are logits.
  /// - Returns: nil where the network does not end so.
  public init?(_ network: Network, lossTakesLogits: Bool) throws(EngineError) {
    guard var dense = network.layers.last as? Dense ?? network.layers.dropLast().last as? Dense else {
      return nil
    }
    let isLast = network.layers.last is Dense
    var layers = network.layers
    if isLast {
      guard lossTakesLogits ? dense.activation is Linear : Self.isProbability(dense.activation) else {
        return nil
      }
      layer = layers.count - 1
    } else {
      guard let end = network.layers.last as? ActivationLayer, dense.activation is Linear,
        !lossTakesLogits, Self.isProbability(end.activation)
      else { return nil }
      layers.removeLast()
      layer = layers.count - 1
    }
    dense.activation = Linear()
    layers[layer] = dense
    hasBias = dense.useBias
    var logits = try Network(inputWidth: network.inputWidth, layers: layers)
    for parameter in network.parameters where parameter.layer <= layer {
      try logits.setParameter(name: parameter.name, shape: parameter.shape, values: parameter.values)
    }
    self.logits = logits
  }

  private static func isProbability(_ activation: any Activation) -> Bool {
    activation is Softmax || activation is Sigmoid
  }

  /// Whether an offset has a bias to go into.
  public var takesOffset: Bool { hasBias }

  /// The network with scale · z + offset in the place of its logits z: its last dense layer's kernel and bias are scaled.
  public func folding(_ scaling: LogitScaling, into network: Network) throws(EngineError) -> Network {
    var result = network
    for parameter in network.parameters where parameter.layer == layer {
      let isBias = parameter.name.hasSuffix(".bias")
      let values = parameter.values.map { value in
        Float(Double(value) * scaling.scale + (isBias ? scaling.offset : 0))
      }
      try result.setParameter(name: parameter.name, shape: parameter.shape, values: values)
    }
    return result
  }
}
