/// Finds the place of a text among categories: the same text, or else the same number under another spelling
/// (`1.0` for `1`), since what is read as text in one file may be read as numbers in another.
struct CategoryLookup {
  private var places: [String: Int] = [:]
  private var numbers: [Double: Int] = [:]

  init(_ categories: [String]) {
    for (index, category) in categories.enumerated() {
      if places[category] == nil { places[category] = index }
      if let number = parseDouble(category), numbers[number] == nil { numbers[number] = index }
    }
  }

  func place(of text: String) -> Int? {
    places[text] ?? parseDouble(text).flatMap { numbers[$0] }
  }
}

/// The place of a text among categories, as the preparation finds it; for those who write the preparation down elsewhere.
public func categoryPlace(of text: String, among categories: [String]) -> Int? {
  CategoryLookup(categories).place(of: text)
}

/// The shortest spelling of the number that a text reads as; nil if it is none.
public func numberSpelling(_ text: String) -> String? {
  guard let number = parseDouble(text) else { return nil }
  let spelling = "\(number)"
  return spelling.hasSuffix(".0") ? String(spelling.dropLast(2)) : spelling
}
