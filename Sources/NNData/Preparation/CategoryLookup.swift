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
