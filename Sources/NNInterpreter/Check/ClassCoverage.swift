import NNData
import NNDiagnostics

/// Classes that a part of the rows has none of: what comes of a table that is sorted by class, or of few rows.
struct ClassCoverage {
  let table: Table
  let preparation: Preprocessor
  let rows: FitRows
  /// The rows that `evaluate` will take from the same table.
  let test: [Int]

  /// A class with fewer rows may well be in no part but the training.
  private static let leastRows = 10

  func problems(isOfLastRows: Bool) -> [RunProblem] {
    guard let classes = preparation.classes else { return [] }
    let training = counts(rows.training, classes.count)
    let missing = classes.indices.filter { training[$0] == 0 }
    guard missing.count < classes.count else { return [] }
    var problems: [RunProblem] = []
    if !missing.isEmpty {
      problems.append(.missingClasses(missing.map { classes[$0] }, isOfLastRows: isOfLastRows))
    }
    for (name, part) in [("validation", rows.validation), ("test", test)] where !part.isEmpty {
      let counts = counts(part, classes.count)
      let unseen = classes.indices.filter { counts[$0] == 0 && training[$0] >= Self.leastRows }
      if !unseen.isEmpty, unseen.count < classes.count {
        problems.append(.unmeasuredClasses(unseen.map { classes[$0] }, part: name))
      }
    }
    return problems
  }

  private func counts(_ rows: [Int]?, _ classes: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: classes)
    let filled = table.rows(rows, filledIn: preparation.targetNames)
    // A class that the preparation does not know is reported where its rows are read.
    for id in (try? preparation.targets(of: table, rows: filled, form: .classIDs).values) ?? [] {
      if let place = Int(exactly: id), counts.indices.contains(place) { counts[place] += 1 }
    }
    return counts
  }
}
