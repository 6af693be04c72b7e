/// Puts categories into their order, and renumbers the codes: as numbers if all of them are (equal ones by
/// their bytes), else by their bytes.
func sortedCategories(codes: [Int32], categories: [String]) -> Column.Values {
  let order = categoryOrder(categories)
  var newCode = [Int32](repeating: -1, count: categories.count)
  for (new, old) in order.enumerated() { newCode[old] = Int32(clamping: new) }
  let renumbered = codes.map { code in
    code >= 0 && Int(code) < newCode.count ? newCode[Int(code)] : -1
  }
  return .categorical(codes: renumbered, categories: order.map { categories[$0] })
}

/// The indices of `categories` in their order.
func categoryOrder(_ categories: [String]) -> [Int] {
  let numbers = categories.compactMap { parseDouble($0) }
  let indices = Array(categories.indices)
  guard numbers.count == categories.count else {
    return indices.sorted { bytewiseLess(categories[$0], categories[$1]) }
  }
  return indices.sorted {
    numbers[$0] != numbers[$1]
      ? numbers[$0] < numbers[$1] : bytewiseLess(categories[$0], categories[$1])
  }
}

/// Whether `a` stands before `b` by their UTF-8 bytes. (Swift's `<` on strings compares by Unicode's
/// canonical forms.)
func bytewiseLess(_ a: String, _ b: String) -> Bool {
  a.utf8.lexicographicallyPrecedes(b.utf8)
}
