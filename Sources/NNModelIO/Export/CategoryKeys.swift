import NNData

/// The texts that stand for categories, each with its category's place, as ``CategoryLookup`` finds them; for programs that
/// compare texts only. A category that reads as a number is also found under its usual other spellings, `1` and `1.0`.
struct CategoryKeys {
  private(set) var keys: [String] = []
  /// -1 for a missing text where none stands for it.
  private(set) var places: [Int] = []

  /// - Parameter fill: the category that stands for a missing one.
  init(_ categories: [String], fill: String?) {
    var known: Set<String> = []
    func add(_ key: String, _ place: Int, to list: inout CategoryKeys) {
      guard known.insert(key).inserted else { return }
      list.keys.append(key)
      list.places.append(place)
    }
    for (place, category) in categories.enumerated() { add(category, place, to: &self) }
    for (place, category) in categories.enumerated() {
      guard let spelling = numberSpelling(category) else { continue }
      add(spelling, place, to: &self)
      if !spelling.contains(where: { ".e".contains($0) }) { add(spelling + ".0", place, to: &self) }
    }
    add("", fill.flatMap { categoryPlace(of: $0, among: categories) } ?? -1, to: &self)
  }
}
