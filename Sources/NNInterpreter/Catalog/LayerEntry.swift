import NNEngine

/// A layer of the catalog.
struct LayerEntry: Declaration {
  /// What a layer does to the row that flows through it.
  enum Role: Sendable {
    /// Computes; the closure makes the engine's layer.
    case layer(@Sendable (BoundArguments) -> any Layer)
    /// Does something with the layers of its block.
    case block(@Sendable (BoundArguments, [any Layer]) -> any Layer)
    /// Does something with several blocks of layers.
    case branches(@Sendable ([[any Layer]]) -> any Layer)
    /// Says how wide the network's input is.
    case input
    /// Takes its units, activation and loss from the target.
    case output
  }

  let name: String
  let aliases: [String]
  let summary: String
  let options: [OptionDeclaration]
  let role: Role
  /// How it stands with its block, for messages; empty if it takes none.
  let example: String
  /// The option that gives the width of the layer's output, whatever its input.
  let unitsOption: String?
  /// Options of which only one can be given.
  let exclusive: [[String]]

  init(
    _ name: String, aliases: [String] = [], _ summary: String, options: [OptionDeclaration] = [],
    unitsOption: String? = nil, exclusive: [[String]] = [], example: String = "", _ role: Role
  ) {
    self.name = name
    self.aliases = aliases
    self.summary = summary
    self.options = options
    self.role = role
    self.example = example
    self.unitsOption = unitsOption
    self.exclusive = exclusive
  }

  /// `< … >` stands behind it.
  var takesBlock: Bool {
    switch role {
    case .block, .branches: true
    default: false
    }
  }
}
