import NNData
import NNReport

extension Preprocessor {
  /// How texts and dates have become numbers, a line a kind, and what classes weigh.
  var notes: [String] {
    var plain: [String] = []
    var others: [String] = []
    for input in inputs {
      switch input.encoding {
      case .number: continue
      case .oneHot(_, let rare, _) where rare.isEmpty: plain.append(input.name)
      case .oneHot(let categories, let rare, _):
        others.append(
          "one-hot: \(input.name), \(counted(categories.count, "column")) and one for \(counted(rare.count, "rare text"))"
        )
      case .ordinal(let categories, _, _):
        others.append("ordinal: \(input.name), \(Self.shortened(categories, " < "))")
      case .hash(let buckets, _): others.append("hash: \(input.name), \(counted(buckets, "bucket"))")
      case .date(let encoding, _):
        others.append("date: \(input.name), \(encoding.parts.map(\.part.rawValue).joined(separator: ", "))")
      }
    }
    if !plain.isEmpty { others.insert("one-hot: \(plain.joined(separator: ", "))", at: 0) }
    if let classWeights, let classes {
      let weights = zip(classes, classWeights).map { "\($0) \(formatMetric($1, trailingZeros: false))" }
      others.append("balanced: a row of \(Self.shortened(weights, ", "))")
    }
    return others
  }

  private static func shortened(_ texts: [String], _ joiner: String) -> String {
    texts.count > 8
      ? (texts.prefix(7) + ["… \(texts.count - 7) more"]).joined(separator: joiner)
      : texts.joined(separator: joiner)
  }
}
