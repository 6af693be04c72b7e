import NNData
import NNEngine

/// A trained model as other programs are to have it: raw cells in, answers out.
public struct ExportedModel: Sendable {
  /// What the network's outputs are.
  public enum Answer: Sendable, Hashable {
    /// A number for each target, in the units that the network was trained in.
    case numbers
    /// A probability for each class, or the second class's alone.
    case probabilities(classes: [String])
    /// The same with margins: above 0 for a class.
    case margins(classes: [String])
  }

  /// With probabilities, not logits, behind its last layer.
  public var network: Network
  public var preprocessor: Preprocessor
  public var answer: Answer
  /// The model as `save` describes it, weights apart; so that nn finds everything again in a file that has room for it.
  public var saved: SavedModel
  /// The weights' names in a file, in the order of the network's parameters; one that is not here has the engine's own.
  public var names: [String]

  public init(
    network: Network, preprocessor: Preprocessor, answer: Answer, saved: SavedModel,
    names: [String]
  ) {
    self.network = network
    self.preprocessor = preprocessor
    self.answer = answer
    self.saved = saved
    self.names = names
  }

  public var classes: [String]? {
    switch answer {
    case .numbers: nil
    case .probabilities(let classes), .margins(let classes): classes
    }
  }

  /// The score above which the second of two classes is said; nil for the larger score's class.
  var decision: Float? { classes?.count == 2 ? saved.decision?.threshold : nil }

  /// The weights by the engine's name.
  func weights() -> LayerWeights { LayerWeights(network.parameters, names: names) }
}

/// The weights of a network, found by path.
struct LayerWeights {
  struct Tensor {
    /// In the file.
    var name: String
    var shape: [Int]
    /// Row-major.
    var values: [Float]
  }

  private var tensors: [String: Tensor] = [:]

  init(_ parameters: [Network.Parameter], names: [String]) {
    for (index, parameter) in parameters.enumerated() {
      tensors[parameter.name] = Tensor(
        name: index < names.count ? names[index] : parameter.name, shape: parameter.shape,
        values: parameter.values)
    }
  }

  /// `kernel` of the layer at `layers.0`; nil if it has none.
  subscript(_ path: String, _ name: String) -> Tensor? { tensors["\(path).\(name)"] }
}
