import NNEngine

extension Catalog {
  /// Initializers, with Keras 3's names, defaults and distributions; their seed is the fit's.
  static let initializers: [Entry<any Initializer>] = [
    Entry("zeros", "all 0") { _ in Zeros() },
    Entry("ones", "all 1") { _ in Ones() },
    Entry(
      "constant", "all the same value",
      options: [OptionDeclaration("value", .number(.any), default: .number(0), positional: true, "the value")]
    ) { NNEngine.Constant(value: $0.float("value", or: 0)) },
    Entry("glorot_uniform", aliases: ["glorot", "xavier"], "uniform within ±√(6 / (fan-in + fan-out))") { _ in
      GlorotUniform()
    },
    Entry("glorot_normal", "truncated normal, standard deviation √(2 / (fan-in + fan-out))") { _ in
      GlorotNormal()
    },
    Entry("he_uniform", aliases: ["he"], "uniform within ±√(6 / fan-in)") { _ in HeUniform() },
    Entry("he_normal", "truncated normal, standard deviation √(2 / fan-in)") { _ in HeNormal() },
    Entry("lecun_uniform", aliases: ["lecun"], "uniform within ±√(3 / fan-in)") { _ in LecunUniform() },
    Entry("lecun_normal", "truncated normal, standard deviation √(1 / fan-in)") { _ in LecunNormal() },
    Entry(
      "random_normal", "normal distribution",
      options: [
        OptionDeclaration("mean", .number(.any), default: .number(0), "mean"),
        OptionDeclaration(
          "stddev", .number(.nonNegative), default: .number(0.05), positional: true, "standard deviation"),
      ]
    ) { RandomNormal(mean: $0.float("mean", or: 0), stddev: $0.float("stddev", or: 0.05)) },
    Entry(
      "random_uniform", "uniform distribution",
      options: [
        OptionDeclaration(
          "minval", aliases: ["min"], .number(.any), default: .number(-0.05), positional: true, "lower bound"),
        OptionDeclaration(
          "maxval", aliases: ["max"], .number(.any), default: .number(0.05), positional: true, "upper bound"),
      ]
    ) { RandomUniform(min: $0.float("minval", or: -0.05), max: $0.float("maxval", or: 0.05)) },
  ]

  static func makeInitializer(_ component: Component?, or fallback: any Initializer) -> any Initializer {
    guard let component, let entry = initializers.first(where: { $0.name == component.name }) else {
      return fallback
    }
    return entry.make(component.arguments)
  }
}
