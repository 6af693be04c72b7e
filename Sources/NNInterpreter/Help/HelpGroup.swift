/// A kind of things that the catalog names: a page of the reference, and a topic of `nn help`.
public struct HelpGroup: Sendable {
  /// The topic, in the plural: `layers`.
  public let name: String
  /// `a layer`.
  public let one: String
  /// What they are for, in a sentence or two.
  public let introduction: String
  public let entries: [any Declaration]
  let kind: ComponentKind?

  public static let all: [HelpGroup] =
    [
      HelpGroup(
        name: "stages", one: "a stage",
        introduction:
          "A script is a pipeline. Each stage takes the experiment (data, model, history, metrics) from its left and gives it on to its right. `|`, `;` and a new line all mean “and then”.",
        entries: Catalog.stages.map { $0.declaration }, kind: nil),
      HelpGroup(
        name: "layers", one: "a layer",
        introduction:
          "Layers stand in a model's block, `model < dense 8 relu; output >`, separated by `;` or new lines.",
        entries: Catalog.layers, kind: nil),
    ] + ComponentKind.allCases.map(HelpGroup.init)

  private init(_ kind: ComponentKind) {
    name = kind.plural
    one = kind.expectation
    introduction = kind.introduction
    entries = Catalog.components(kind)
    self.kind = kind
  }

  private init(
    name: String, one: String, introduction: String, entries: [any Declaration], kind: ComponentKind?
  ) {
    self.name = name
    self.one = one
    self.introduction = introduction
    self.entries = entries
    self.kind = kind
  }
}

extension ComponentKind {
  public var plural: String { self == .loss ? "losses" : rawValue + "s" }

  fileprivate var introduction: String {
    switch self {
    case .activation:
      "What is done to a layer's sums: `dense 8 relu`, or `activation relu` as a layer of its own."
    case .initializer: "The first values of weights: `dense 8 relu init=he_normal`."
    case .regularizer: "Penalties that are added to the loss: `dense 8 relu regularizer=l2(0.01)`."
    case .constraint: "What weights must fulfil after each step: `dense 8 relu constraint=max_norm(2)`."
    case .loss:
      "What training makes small: `compile loss=mae`. Without one, `output` brings the one that suits the target."
    case .optimizer: "How weights change at each step: `compile opt=adam(lr=0.01)`. Without one it is `adam`."
    case .schedule: "A learning rate that changes from step to step: `compile lr=cosine(0.1, steps=1000)`."
    case .metric:
      "What is measured besides the loss: `compile metrics=[accuracy, f1]`; of validation rows with `val_`, of test rows with `test_` before its name. Every loss is a metric, too."
    case .callback:
      "What happens in a fit besides training: `fit epochs=50 callbacks=[early_stopping(patience=5)]`."
    }
  }
}
