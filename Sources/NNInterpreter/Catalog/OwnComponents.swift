import NNEngine

/// What the embedding program adds to the catalog's components, by the names that scripts use.
struct OwnComponents: Sendable {
  private let callbacks: Set<String>
  private let losses: [String: CustomLoss]
  private let activations: [String: CustomActivation]

  init(_ options: RunOptions = RunOptions()) {
    callbacks = Set(options.callbacks.keys)
    losses = options.losses
    activations = options.activations
  }

  func names(_ kind: ComponentKind) -> [String] {
    switch kind {
    case .callback: callbacks.sorted()
    case .loss: losses.keys.sorted()
    case .activation: activations.keys.sorted()
    default: []
    }
  }

  func declaration(_ kind: ComponentKind, named name: String) -> (any Declaration)? {
    names(kind).contains(name)
      ? OwnDeclaration(name: name, summary: "\(kind.expectation) of this program") : nil
  }

  /// What a name of this program's stands for; a callback is looked up when the fit begins.
  func function(_ kind: ComponentKind, named name: String) -> OwnFunction? {
    switch kind {
    case .loss:
      guard var loss = losses[name] else { return nil }
      loss.name = name
      return .loss(loss)
    case .activation:
      guard var activation = activations[name] else { return nil }
      activation.name = name
      return .activation(activation)
    default: return nil
    }
  }
}

/// What a component of the program's own computes.
enum OwnFunction: Sendable {
  case loss(CustomLoss)
  case activation(CustomActivation)
}

/// A component of the program's own: its name is its declaration.
private struct OwnDeclaration: Declaration {
  let name: String
  let aliases: [String] = []
  let summary: String
  let options: [OptionDeclaration] = []
}
