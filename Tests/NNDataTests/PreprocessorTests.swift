import NNEngine
import Testing

@testable import NNData

@Suite("Preparation")
struct PreprocessorTests {
  private let text = """
    size,cut,weight,price,extra
    1,Good,1,10,
    2,Ideal,2,20,5
    3,Good,1,30,7
    4,,1,50,
    100,Fair,1,1000,9

    """

  private func table() throws -> Table { try read(text) }

  private func fit(
    _ steps: [PreparationStep], rows: [Int]? = nil, features: [String] = ["size", "cut"],
    targets: [String] = ["price"],
    weight: String? = nil, kind: TargetKind = .numeric
  ) throws -> Preprocessor {
    try Preprocessor.fit(
      steps: steps, table: try table(), rows: rows,
      roles: Roles(features: features, targets: targets, weight: weight), targetKind: kind)
  }

  @Test("numbers as they are, categories one-hot, a missing category all zeros")
  func plain() throws {
    let fitted = try fit([])
    #expect(fitted.featureNames == ["size", "cut=Fair", "cut=Good", "cut=Ideal"])
    #expect(fitted.featureWidth == 4)
    let (matrix, warnings) = try fitted.features(of: try table())
    #expect(
      matrix
        == Matrix(
          rows: 5, columns: 4,
          values: [1, 0, 1, 0, 2, 0, 0, 1, 3, 0, 1, 0, 4, 0, 0, 0, 100, 1, 0, 0]))
    #expect(warnings.isEmpty)
    #expect(try fitted.targets(of: try table(), form: .values).values == [10, 20, 30, 50, 1000])
  }

  @Test("everything is learned from the training rows alone")
  func trainingRowsOnly() throws {
    let fitted = try fit([.scale(.standard, columns: ["size", "price"])], rows: [0, 1, 2])
    #expect(fitted.featureNames == ["size", "cut=Good", "cut=Ideal"])
    // Mean 2, population deviation √(2/3).
    let deviation = (2.0 / 3).squareRoot()
    let (matrix, warnings) = try fitted.features(of: try table())
    #expect(matrix.values[0] == Float(-1 / deviation))
    #expect(matrix.values[12] == Float(98 / deviation))
    #expect(
      warnings == [
        PreparationWarning(kind: .unseenCategory(first: "Fair"), column: "cut", count: 1),
        PreparationWarning(kind: .newlyMissing, column: "cut", count: 1),
      ])
    // The other rows do not matter: changed there, the fit is the same.
    let other = try read(text.replacing("100,Fair,1,1000,9", with: "-7,Odd,1,3,1"))
    let again = try Preprocessor.fit(
      steps: [.scale(.standard, columns: ["size", "price"])], table: other, rows: [0, 1, 2],
      roles: fitted.roles,
      targetKind: .numeric)
    #expect(again == fitted)
  }

  @Test("scales", arguments: ScaleKind.allCases)
  func scales(_ kind: ScaleKind) throws {
    let fitted = try fit([.scale(kind)], features: ["size"])
    let (matrix, _) = try fitted.features(of: try table())
    // NumPy: mean 22, population deviation 39.0128183; min 1, max 100; median 3, quartiles 2 and 4.
    let expected: [Float] =
      switch kind {
      case .standard: [1, 2, 3, 4, 100].map { Float(($0 - 22) / 1522.0.squareRoot()) }
      case .minmax: [1, 2, 3, 4, 100].map { Float(($0 - 1) / 99.0) }
      case .robust: [1, 2, 3, 4, 100].map { Float(($0 - 3) / 2.0) }
      case .quantile: [0, 0.25, 0.5, 0.75, 1]
      }
    for (found, expected) in zip(matrix.values, expected) { #expect(abs(found - expected) < 1e-6) }
    // A target only if named.
    #expect(try fitted.targets(of: try table(), form: .values).values == [10, 20, 30, 50, 1000])
  }

  @Test(
    "a scaled target comes back in the file's units", arguments: ScaleKind.allCases.filter { $0 != .quantile }
  )
  func unscale(_ kind: ScaleKind) throws {
    let fitted = try fit([.scale(kind, columns: ["price"])])
    let scaled = try fitted.targets(of: try table(), form: .values)
    #expect(scaled.values != [10, 20, 30, 50, 1000])
    for (found, expected) in zip(fitted.unscaleTargets(scaled).values, [10, 20, 30, 50, 1000] as [Float]) {
      #expect(abs(found - expected) <= 1e-5 * abs(expected))
    }
    // Features were not named.
    #expect(try fitted.features(of: try table()).matrix.values[0] == 1)
  }

  @Test("scale, then unscale, for random columns", arguments: 0..<3)
  func scaleProperty(_ seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    for kind in ScaleKind.allCases where kind != .quantile {
      let magnitude = Float.random(in: 0.001...1e6, using: &generator)
      let numbers = (0..<50).map { _ in Float.random(in: -magnitude...magnitude, using: &generator) }
      let table = try Table(
        source: "memory", columns: [Column(name: "x", numbers: numbers), Column(name: "y", numbers: numbers)])
      let fitted = try Preprocessor.fit(
        steps: [.scale(kind, columns: ["y"])], table: table, roles: Roles(features: ["x"], targets: ["y"]),
        targetKind: .numeric)
      let back = fitted.unscaleTargets(try fitted.targets(of: table, form: .values))
      for (a, b) in zip(back.values, numbers) { #expect(abs(a - b) <= 2e-6 * magnitude) }
    }
  }

  @Test("a constant column is divided by 1", arguments: ScaleKind.allCases)
  func constant(_ kind: ScaleKind) throws {
    // A third, whose sums are rounded.
    let table = try Table(
      source: "memory",
      columns: [
        Column(name: "x", numbers: Array(repeating: 1.0 / 3, count: 7)),
        Column(name: "y", numbers: [1, 2, 3, 4, 5, 6, 7]),
      ])
    let fitted = try Preprocessor.fit(
      steps: [.scale(kind)], table: table, roles: Roles(features: ["x"], targets: ["y"]), targetKind: .numeric
    )
    #expect(try fitted.features(of: table).matrix.values == Array(repeating: 0, count: 7))
  }

  @Test("missing numbers without impute are an error that counts them")
  func missing() throws {
    #expect(
      throws: DataError.missingValues(source: "t.csv", columns: [ColumnCount(column: "extra", count: 2)])
    ) {
      _ = try fit([], features: ["size", "extra"])
    }
    // None in training, but in a new table.
    let fitted = try fit([], rows: [1, 2, 4], features: ["extra"])
    #expect(
      throws: DataError.missingValues(source: "t.csv", columns: [ColumnCount(column: "extra", count: 2)])
    ) {
      _ = try fitted.features(of: try table())
    }
  }

  @Test("impute")
  func impute() throws {
    func values(_ kind: ImputeKind, indicator: Bool = false, rows: [Int]? = nil) throws -> [Float] {
      try fit([.impute(kind, indicator: indicator)], rows: rows, features: ["extra"]).features(
        of: try table()
      ).matrix.values
    }
    #expect(try values(.mean) == [7, 5, 7, 7, 9])
    #expect(try values(.median, rows: [0, 1, 2]) == [6, 5, 7, 6, 9])
    #expect(try values(.mode) == [5, 5, 7, 5, 9])
    #expect(try values(.value("-1")) == [-1, 5, 7, -1, 9])
    #expect(try values(.mean, indicator: true) == [7, 1, 5, 0, 7, 0, 7, 1, 9, 0])

    let categories = try fit([.impute(.mode)], features: ["cut"])
    #expect(try categories.features(of: try table()).matrix.values[9...11] == [0, 1, 0])
    let named = try fit([.impute(.value("none"), indicator: true, columns: ["cut"])], features: ["cut"])
    #expect(named.featureNames == ["cut=Fair", "cut=Good", "cut=Ideal", "cut=none", "cut_missing"])
    #expect(try named.features(of: try table()).matrix.values[15..<20] == [0, 0, 0, 1, 1])
    // A number that is for every column leaves categories alone.
    #expect(
      try fit([.impute(.value("0"))], features: ["cut"]).featureNames == [
        "cut=Fair", "cut=Good", "cut=Ideal",
      ])
  }

  @Test("a scale behind an impute counts the filled cells in, one before it does not")
  func order() throws {
    let after = try fit([.impute(.value("0")), .scale(.minmax)], features: ["extra"])
    #expect(
      after.inputs.first?.encoding == .number(fill: 0, scaling: Scaling(kind: .minmax, offset: 0, scale: 9)))
    let before = try fit([.scale(.minmax), .impute(.value("0"))], features: ["extra"])
    #expect(
      before.inputs.first?.encoding == .number(fill: 0, scaling: Scaling(kind: .minmax, offset: 5, scale: 4)))
  }

  @Test("a newly missing value is filled and counted")
  func newlyMissing() throws {
    let fitted = try fit([.impute(.mean)], rows: [1, 2, 4], features: ["extra"])
    let (matrix, warnings) = try fitted.features(of: try table())
    #expect(matrix.values == [7, 5, 7, 7, 9])
    #expect(warnings == [PreparationWarning(kind: .newlyMissing, column: "extra", count: 2)])
  }

  @Test("ordinal codes, -1 for what is missing or unseen")
  func ordinal() throws {
    let fitted = try fit([.encode(.ordinal())], rows: [0, 1, 2], features: ["cut"])
    #expect(fitted.featureNames == ["cut"])
    let (matrix, warnings) = try fitted.features(of: try table())
    #expect(matrix.values == [0, 1, 0, -1, -1])
    #expect(warnings.count == 2)
  }

  @Test("columns are bound by name, in any order, others beside them")
  func binding() throws {
    let fitted = try fit([])
    let expected = try fitted.features(of: try table(), rows: [1]).matrix
    let moved = try read("more,cut,size\nx,Ideal,2\ny,Good,1\n")
    #expect(try fitted.features(of: moved, rows: [0]).matrix == expected)
    #expect(
      throws: DataError.missingColumns(source: "t.csv", names: ["size"], available: ["cut", "z"])
    ) { _ = try fitted.features(of: try read("cut,z\nGood,1\n")) }
    #expect(try fitted.features(of: try table(), rows: [4, 99, -1, 0]).matrix.rows == 2)
  }

  @Test("a table whose columns were set to another length is an error")
  func unequalColumns() throws {
    let fitted = try fit([])
    var broken = try table()
    broken.columns[0] = Column(name: "size", numbers: [1])
    #expect(throws: DataError.unequalColumns(source: "t.csv", column: "size", found: 1, expected: 5)) {
      _ = try fitted.features(of: broken)
    }
  }

  @Test("classes, sorted, as ids and one-hot; an unknown one is an error")
  func classes() throws {
    let fitted = try fit([], rows: [0, 1, 2, 4], features: ["size"], targets: ["cut"], kind: .multiclass)
    #expect(fitted.classes == ["Fair", "Good", "Ideal"])
    #expect(try fitted.targets(of: try table(), rows: [0, 1, 4], form: .classIDs).values == [1, 2, 0])
    #expect(
      try fitted.targets(of: try table(), rows: [0, 4], form: .oneHot)
        == Matrix(rows: 2, columns: 3, values: [0, 1, 0, 1, 0, 0]))
    #expect(throws: DataError.missingTargets(source: "t.csv", column: "cut", count: 1)) {
      _ = try fitted.targets(of: try table(), form: .classIDs)
    }
    #expect(
      throws: DataError.unknownClass(
        source: "t.csv", column: "cut", text: "Odd", classes: ["Fair", "Good", "Ideal"])
    ) { _ = try fitted.targets(of: try read("size,cut\n1,Odd\n"), form: .classIDs) }
    #expect(throws: DataError.notBinary(source: "t.csv", column: "cut", found: 3)) {
      _ = try fit([], features: ["size"], targets: ["cut"], kind: .binary)
    }
    #expect(throws: DataError.tooFewClasses(source: "t.csv", column: "y", found: 1)) {
      _ = try Preprocessor.fit(
        steps: [], table: try read("x,y\n1,a\n2,a\n"), roles: Roles(features: ["x"], targets: ["y"]),
        targetKind: .binary)
    }
  }

  @Test("whole numbers as classes, found again under another spelling")
  func integerClasses() throws {
    let fitted = try Preprocessor.fit(
      steps: [], table: try read("x,y\n1,10\n2,9\n3,10\n"), roles: Roles(features: ["x"], targets: ["y"]),
      targetKind: .binary)
    #expect(fitted.classes == ["9", "10"])
    #expect(fitted.columnTypes == ["x": .numeric, "y": .categorical])
    let asText = try read("x,y\n1,9.0\n2,10\n", types: fitted.columnTypes)
    #expect(try fitted.targets(of: asText, form: .classIDs).values == [0, 1])
  }

  @Test("weights")
  func weights() throws {
    let fitted = try fit([], weight: "weight")
    #expect(try fitted.weights(of: try table(), rows: [0, 1]) == [1, 2])
    #expect(try fit([]).weights(of: try table()) == nil)
    #expect(throws: DataError.badWeight(source: "t.csv", column: "weight", row: 1)) {
      _ = try fitted.weights(of: try read("weight\n-1\n"))
    }
  }

  @Test("bad cells of a used column are an error with their place, of another they are not")
  func badCells() throws {
    let bad = try read(
      "x,y,z\n" + (0..<30).map { "\($0),\($0),\($0 == 3 ? "oops" : "1")\n" }.joined())
    let used = Roles(features: ["z"], targets: ["y"])
    let cell = BadCell(row: 4, line: 5, column: "z", text: "oops")
    #expect(throws: DataError.badCells(source: "t.csv", column: "z", first: [cell], count: 1)) {
      _ = try Preprocessor.fit(steps: [], table: bad, roles: used, targetKind: .numeric)
    }
    _ = try Preprocessor.fit(
      steps: [], table: bad, roles: Roles(features: ["x"], targets: ["y"]), targetKind: .numeric)
  }

  @Test("steps that do not fit")
  func badSteps() {
    #expect(
      throws: DataError.unknownColumn(
        source: "t.csv", column: "sise", available: ["size", "cut", "weight", "price", "extra"])
    ) {
      _ = try fit([.scale(.standard, columns: ["sise"])])
    }
    #expect(throws: DataError.repeatedStep(column: "size", step: "scale")) {
      _ = try fit([.scale(.standard, columns: ["size"]), .scale(.minmax, columns: ["size"])])
    }
    #expect(throws: DataError.self) { _ = try fit([.scale(.standard), .scale(.minmax)]) }
    #expect(
      throws: DataError.wrongKind(source: "t.csv", column: "cut", found: .categorical, expected: .numeric)
    ) {
      _ = try fit([.scale(.standard, columns: ["cut"])])
    }
    #expect(throws: DataError.notANumber(text: "many", column: "size")) {
      _ = try fit([.impute(.value("many"), columns: ["size"])])
    }
    #expect(throws: DataError.self) { _ = try fit([.impute(.mean, columns: ["price"])]) }
  }

  @Test("a step that names a column goes before one for every column")
  func precedence() throws {
    let fitted = try fit(
      [.scale(.standard), .scale(.minmax, columns: ["size"])], features: ["size", "weight"])
    #expect(fitted.inputs.map(\.scalingKind) == [.minmax, .standard])
  }

  @Test("features on very different scales are told, unless scaled")
  func scaleRemark() throws {
    let wide = try read("a,b,y\n1,1000,1\n2,9000,2\n3,2000,3\n")
    let roles = Roles(features: ["a", "b"], targets: ["y"])
    let plain = try Preprocessor.fit(steps: [], table: wide, roles: roles, targetKind: .numeric)
    guard case .scales(let large, let small)? = plain.remarks.first else {
      Issue.record("nothing is said of the scales: \(plain.remarks)")
      return
    }
    #expect(large.column == "b" && abs(large.deviation - 3559.03) < 0.01)
    #expect(small.column == "a" && abs(small.deviation - 0.8165) < 0.0001)
    let scaled = try Preprocessor.fit(
      steps: [.scale(.standard)], table: wide, roles: roles, targetKind: .numeric)
    #expect(scaled.remarks.isEmpty)
  }

  @Test("more features than memory holds are an error that names the column")
  func tooManyFeatures() throws {
    let fitted = try fit([])
    #expect(
      throws: DataError.tooManyFeatures(source: "t.csv", rows: .max / 2, features: 4, column: "cut", width: 3)
    ) { try fitted.checkSize(rows: .max / 2, of: try table()) }
    #expect(
      throws: DataError.tooManyFeatures(source: "t.csv", rows: 1 << 50, features: 4, column: "cut", width: 3)
    ) { try fitted.checkSize(rows: 1 << 50, of: try table()) }
  }

  @Test("JSON brings the preparation back, and the same text each time")
  func json() throws {
    let steps: [PreparationStep] = [
      .impute(.median, indicator: true), .scale(.robust, columns: ["size", "extra", "price"]),
      .encode(.ordinal()),
    ]
    let fitted = try fit(steps, features: ["size", "cut", "extra"], weight: "weight")
    let text = fitted.json.text()
    let back = try Preprocessor(json: try JSONValue(parsing: text))
    #expect(back.json.text() == text)
    #expect(back.inputs == fitted.inputs && back.outputs == fitted.outputs && back.roles == fitted.roles)
    #expect(try back.features(of: try table()).matrix == fitted.features(of: try table()).matrix)

    let classes = try fit([], rows: [0, 1], features: ["size"], targets: ["cut"], kind: .multiclass)
    #expect(try Preprocessor(json: try JSONValue(parsing: classes.json.text())).classes == classes.classes)
  }

  @Test(
    "JSON that is none of ours is refused",
    arguments: [
      "{}", "[]", "null", #"{"features":[],"targets":[],"target_kind":"odd"}"#,
      #"{"features":[{"name":"x","kind":"number","scaling":{"kind":"standard","offset":0,"scale":0}}],"targets":[],"target_kind":"numeric"}"#,
      #"{"features":[],"targets":[{"name":"y"}],"target_kind":"binary"}"#,
      #"{"features":[{"name":"x","kind":"number"},{"name":"x","kind":"number"}],"targets":[],"target_kind":"numeric"}"#,
    ])
  func badJSON(_ text: String) {
    #expect(throws: JSONError.self) { _ = try Preprocessor(json: try JSONValue(parsing: text)) }
  }
}

extension InputColumn {
  fileprivate var scalingKind: ScaleKind? {
    if case .number(_, let scaling) = encoding { return scaling?.kind }
    return nil
  }
}
