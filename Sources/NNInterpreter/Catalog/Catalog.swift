/// Everything that a script can name: the only list. The checker, the interpreter's binding, help, completion,
/// did-you-mean and the reference read it.
public enum Catalog {
  /// The declaration of a named component; nil if the catalog has none of that name.
  static func component(_ kind: ComponentKind, named text: String) -> (any Declaration)? {
    components(kind).first { $0.isNamed(text) }
  }

  /// All components of a kind, in the order of the reference.
  public static func components(_ kind: ComponentKind) -> [any Declaration] {
    switch kind {
    case .activation: activations
    case .initializer: initializers
    case .regularizer: regularizers
    case .constraint: constraints
    case .loss: losses
    case .optimizer: optimizers
    case .schedule: schedules
    case .metric: metrics
    case .callback: callbacks
    }
  }

  static func layer(named text: String) -> LayerEntry? { layers.first { $0.isNamed(text) } }

  static func stage(named text: String) -> (any Stage.Type)? {
    stages.first { $0.declaration.isNamed(text) }
  }
}
