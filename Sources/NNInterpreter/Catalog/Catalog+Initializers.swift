import NNEngine

extension Catalog {
  /// Initializers, with Keras 3's names, defaults and distributions; their seed is the fit's.
  static let initializers: [Entry<any Initializer>] = [
    Entry("zeros", aliases: ["zero"], "all 0") { _ in Zeros() },
    Entry("ones", aliases: ["one"], "all 1") { _ in Ones() },
    Entry(
      "constant", "all the same value",
      options: [OptionDeclaration("value", .number(.any), default: .number(0), positional: true, "the value")]
    ) { NNEngine.Constant(value: $0.float("value", or: 0)) },
    Entry("glorot_uniform", aliases: ["glorot", "xavier"], "uniform within ±√(6 / (fan-in + fan-out))") { _ in
      .glorotUniform
    },
    Entry("glorot_normal", "truncated normal, standard deviation √(2 / (fan-in + fan-out))") { _ in
      .glorotNormal
    },
    Entry("he_uniform", aliases: ["he"], "uniform within ±√(6 / fan-in)") { _ in .heUniform },
    Entry("he_normal", "truncated normal, standard deviation √(2 / fan-in)") { _ in .heNormal },
    Entry("lecun_uniform", aliases: ["lecun"], "uniform within ±√(3 / fan-in)") { _ in .lecunUniform },
    Entry("lecun_normal", "truncated normal, standard deviation √(1 / fan-in)") { _ in .lecunNormal },
    Entry(
      "variance_scaling", "variance scale / fan, the fans counted as `mode` says",
      options: [
        OptionDeclaration(
          "scale", .number(.positive), default: .number(1), positional: true, "multiplies the variance"),
        OptionDeclaration(
          "mode", .choice(["fan_in", "fan_out", "fan_avg"]), default: .text("fan_in"), "what is counted"),
        OptionDeclaration(
          "distribution", .choice(["truncated_normal", "normal", "untruncated_normal", "uniform"]),
          default: .text("truncated_normal"), "its shape; `normal` is the truncated one, as in Keras"),
      ]
    ) {
      VarianceScaling(
        scale: $0.number("scale", or: 1), mode: $0.choice("mode", or: .fanIn),
        distribution: $0.choice("distribution", or: .truncatedNormal))
    },
    Entry(
      "orthogonal", "rows or columns orthogonal to each other, for kernels",
      options: [
        OptionDeclaration("gain", .number(.any), default: .number(1), positional: true, "their length")
      ]
    ) { Orthogonal(gain: $0.number("gain", or: 1)) },
    Entry(
      "identity", "1 on the diagonal, for kernels",
      options: [
        OptionDeclaration(
          "gain", .number(.any), default: .number(1), positional: true, "the diagonal's value")
      ]
    ) { Identity(gain: $0.float("gain", or: 1)) },
    Entry(
      "random_normal", aliases: ["normal"], "normal distribution",
      options: [
        OptionDeclaration("mean", .number(.any), default: .number(0), "mean"),
        OptionDeclaration(
          "stddev", .number(.nonNegative), default: .number(0.05), positional: true, "standard deviation"),
      ]
    ) { RandomNormal(mean: $0.float("mean", or: 0), stddev: $0.float("stddev", or: 0.05)) },
    Entry(
      "truncated_normal", "normal distribution cut off at two standard deviations",
      options: [
        OptionDeclaration("mean", .number(.any), default: .number(0), "mean"),
        OptionDeclaration(
          "stddev", .number(.nonNegative), default: .number(0.05), positional: true, "standard deviation"),
      ]
    ) { TruncatedNormal(mean: $0.float("mean", or: 0), stddev: $0.float("stddev", or: 0.05)) },
    Entry(
      "random_uniform", aliases: ["uniform"], "uniform distribution",
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
