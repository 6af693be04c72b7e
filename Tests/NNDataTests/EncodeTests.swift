import NNEngine
import Testing

@testable import NNData

@Suite("Encoding texts")
struct EncodeTests {
  private func table(_ texts: [String?]) throws -> Table {
    try Table(
      source: "t.csv",
      columns: [
        Column(name: "x", texts: texts), Column(name: "n", numbers: texts.indices.map { Float($0 % 3) }),
        Column(name: "y", numbers: texts.indices.map { Float($0) }),
      ])
  }

  private func fit(_ steps: [PreparationStep], _ table: Table, rows: [Int]? = nil, features: [String] = ["x"])
    throws
    -> Preprocessor
  {
    try Preprocessor.fit(
      steps: steps, table: table, rows: rows, roles: Roles(features: features, targets: ["y"]),
      targetKind: .numeric)
  }

  /// a × 5, b × 3, c × 3, d × 2, e × 1.
  private let texts = "a a a a a b b b c c c d d e".split(separator: " ").map { String($0) }

  // MARK: Rare categories

  @Test("rare categories share a column, as scikit-learn's OneHotEncoder has it")
  func folding() throws {
    func names(_ folding: Folding) throws -> [String] {
      try fit([.encode(.onehot(folding))], table(texts)).featureNames
    }
    #expect(try names(Folding(minFrequency: .rows(3))) == ["x=a", "x=b", "x=c", "x=(rare)"])
    // 15 % of 14 rows are 2.1.
    #expect(try names(Folding(minFrequency: .fraction(0.15))) == ["x=a", "x=b", "x=c", "x=(rare)"])
    #expect(try names(Folding(minFrequency: .rows(1))) == ["x=a", "x=b", "x=c", "x=d", "x=e"])
    // Of b and c, equally common, the one further behind is kept.
    #expect(try names(Folding(maxCategories: 3)) == ["x=a", "x=c", "x=(rare)"])
    #expect(
      try names(Folding(minFrequency: .rows(2), maxCategories: 4)) == ["x=a", "x=b", "x=c", "x=(rare)"])
    // All fit, so none is rare (scikit-learn folds one all the same).
    #expect(try names(Folding(maxCategories: 5)) == ["x=a", "x=b", "x=c", "x=d", "x=e"])
    #expect(try names(Folding(minFrequency: .rows(100))) == ["x=(rare)"])
  }

  @Test("an unseen category is a rare one, and counted; a missing one is none")
  func unseenIsRare() throws {
    let fitted = try fit([.encode(.onehot(Folding(minFrequency: .rows(4))))], table(texts))
    let (matrix, warnings) = try fitted.features(of: try table(["a", "e", "new", nil]))
    #expect(matrix.values == [1, 0, 0, 1, 0, 1, 0, 0])
    #expect(
      warnings == [
        PreparationWarning(kind: .unseenCategory(first: "new"), column: "x", count: 1),
        PreparationWarning(kind: .newlyMissing, column: "x", count: 1),
      ])
  }

  @Test("every row of a one-hot column has one 1, whatever is folded", arguments: 0..<3)
  func foldingProperty(_ seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    for _ in 0..<60 {
      let texts = (0..<40).map { _ in
        "c\(Int.random(in: 0...Int.random(in: 1...12, using: &generator), using: &generator))"
      }
      let least = Int.random(in: 1...8, using: &generator)
      let most = Int.random(in: 2...10, using: &generator)
      let fitted = try fit(
        [.encode(.onehot(Folding(minFrequency: .rows(least), maxCategories: most)))], table(texts))
      #expect(fitted.featureWidth <= most)
      let matrix = try fitted.features(of: try table(texts)).matrix
      for row in 0..<matrix.rows {
        let start = row * matrix.columns
        #expect(matrix.values[start..<start + matrix.columns].reduce(0, +) == 1)
      }
    }
  }

  @Test("only training rows make a category common")
  func trainingRows() throws {
    let fitted = try fit(
      [.encode(.onehot(Folding(minFrequency: .rows(2))))], table(texts), rows: [0, 1, 11, 12, 13])
    #expect(fitted.featureNames == ["x=a", "x=d", "x=(rare)"])
  }

  // MARK: Orders

  @Test("an order of one's own, and what it leaves out")
  func ordered() throws {
    let fitted = try fit(
      [.encode(.ordinal(order: ["e", "d", "c", "b", "a", "z"]), columns: ["x"])], table(texts))
    #expect(try fitted.features(of: try table(["a", "e", "z"])).matrix.values == [4, 0, 5])
    #expect(throws: DataError.outsideOrder(source: "t.csv", column: "x", categories: ["d", "e"])) {
      _ = try fit([.encode(.ordinal(order: ["a", "b", "c"]), columns: ["x"])], table(texts))
    }
    // Rows that do not train may hold others.
    #expect(
      try fit([.encode(.ordinal(order: ["a", "b", "c"]), columns: ["x"])], table(texts), rows: [0, 6, 9])
        .featureWidth == 1)
  }

  // MARK: Hashes

  @Test("the hash is fixed, and a number hashes as its shortest spelling")
  func hash() {
    // FNV-1a of "", "a" and "foobar" is published: cbf29ce484222325, af63dc4c8601ec8c, 85944171f73967e8.
    func folded(_ hash: UInt64) -> Int {
      let low = hash ^ (hash >> 32)
      return Int(low & 0xFFFF_FFFF) % 1000
    }
    #expect(hashBucket(of: "", count: 1000) == folded(0xCBF2_9CE4_8422_2325))
    #expect(hashBucket(of: "a", count: 1000) == folded(0xAF63_DC4C_8601_EC8C))
    #expect(hashBucket(of: "foobar", count: 1000) == folded(0x8594_4171_F739_67E8))
    #expect(hashBucket(of: "1.0", count: 1000) == hashBucket(of: "1", count: 1000))
    #expect(hashBucket(of: "a", count: 0) == 0)
  }

  @Test("buckets are used about alike")
  func spread() {
    var counts = [Int](repeating: 0, count: 32)
    for number in 0..<32_000 { counts[hashBucket(of: "N\(number)US", count: 32)] += 1 }
    #expect(counts.allSatisfy { abs($0 - 1000) < 150 })
  }

  @Test("a text has its bucket, known or not; a missing one has none")
  func hashing() throws {
    let fitted = try fit([.encode(.hash(buckets: 8))], table(texts))
    #expect(fitted.featureNames == (0..<8).map { "x#\($0)" })
    let (matrix, warnings) = try fitted.features(of: try table(["new", nil]))
    #expect(matrix.values[..<8].reduce(0, +) == 1)
    #expect(matrix.values[hashBucket(of: "new", count: 8)] == 1)
    #expect(matrix.values[8...].allSatisfy { $0 == 0 })
    #expect(warnings.map(\.kind) == [.newlyMissing])
  }

  // MARK: Numbers as categories

  @Test("numbers are categories where an encode names them, and are read again under another spelling")
  func numbers() throws {
    let fitted = try fit([.encode(.onehot(), columns: ["n"])], table(texts), features: ["n"])
    #expect(fitted.featureNames == ["n=0", "n=1", "n=2"])
    #expect(fitted.columnTypes["n"] == .categorical)
    let asText = try Table(source: "t.csv", columns: [Column(name: "n", texts: ["1.0", "02", "7"])])
    #expect(try fitted.features(of: asText).matrix.values == [0, 1, 0, 0, 0, 1, 0, 0, 0])
    // One for every text leaves numbers alone.
    #expect(try fit([.encode(.hash(buckets: 4))], table(texts), features: ["n"]).featureNames == ["n"])
  }

  @Test("a hole in numbers that are categories needs no fill")
  func holes() throws {
    let table = try Table(
      source: "t.csv",
      columns: [Column(name: "n", numbers: [1, .nan, 2]), Column(name: "y", numbers: [1, 2, 3])])
    let fitted = try Preprocessor.fit(
      steps: [.encode(.onehot(), columns: ["n"]), .impute(.mode, indicator: true)], table: table,
      roles: Roles(features: ["n"], targets: ["y"]), targetKind: .numeric)
    #expect(fitted.featureNames == ["n=1", "n=2", "n_missing"])
    #expect(try fitted.features(of: table).matrix.values == [1, 0, 0, 1, 0, 1, 0, 1, 0])
  }

  // MARK: Too many texts

  @Test("texts of too many values are found, unless an encode covers them")
  func textsOfMany() throws {
    let names = (0..<120).map { "name \($0)" as String? }
    let table = try table(names)
    func found(_ steps: [PreparationStep], rows: [Int]? = nil) throws -> [TextOfMany] {
      try Preprocessor.textsOfMany(
        steps: steps, table: table, rows: rows, roles: Roles(features: ["x", "n"], targets: ["y"]))
    }
    #expect(try found([]) == [TextOfMany(column: "x", categories: 120, rows: 120, holdsDates: false)])
    #expect(try found([.scale(.standard), .encode(.date())]).count == 1)
    for kind in [Encode.onehot(), .ordinal(), .hash(buckets: 8)] {
      #expect(try found([.encode(kind)]).isEmpty && found([.encode(kind, columns: ["x"])]).isEmpty)
    }
    // By the training rows alone.
    #expect(try found([], rows: Array(0..<50)).isEmpty)
    let few = try self.table((0..<1000).map { "c\($0 % 100)" })
    #expect(
      try Preprocessor.textsOfMany(
        steps: [], table: few, roles: Roles(features: ["x"], targets: ["y"])
      ).isEmpty)
  }

  // MARK: Files

  @Test("JSON brings every encoding back")
  func json() throws {
    let table = try Table(
      source: "t.csv",
      columns: [
        Column(name: "a", texts: texts), Column(name: "b", texts: texts),
        Column(name: "when", texts: texts.indices.map { "2013-0\($0 % 9 + 1)-02 0\($0 % 7):00" }),
        Column(name: "n", numbers: texts.indices.map { Float($0 * $0) }),
        Column(name: "k", texts: texts.map { $0 == "a" ? "yes" : "no" }),
      ])
    let fitted = try Preprocessor.fit(
      steps: [
        .encode(.onehot(Folding(minFrequency: .rows(3))), columns: ["a"]),
        .encode(.hash(buckets: 5), columns: ["b"]), .encode(.date()), .scale(.quantile),
        .impute(.mode, indicator: true), .balance,
      ], table: table, roles: Roles(features: ["a", "b", "when", "n"], targets: ["k"]), targetKind: .binary)
    let weights: [Double] = [14.0 / 18, 14.0 / 10]
    #expect(fitted.classWeights == weights)
    let text = fitted.json.text()
    let back = try Preprocessor(json: try JSONValue(parsing: text))
    #expect(back.json.text() == text)
    #expect(back.inputs == fitted.inputs && back.classWeights == fitted.classWeights)
    #expect(try back.features(of: table).matrix == fitted.features(of: table).matrix)
  }

  @Test("what the first models saved is still read, and gives the same numbers")
  func oldJSON() throws {
    let text = """
      {"features":[{"name":"a","kind":"number","fill":2.5,"scaling":{"kind":"standard","offset":1,"scale":2},"indicator":true,"had_missing":true},\
      {"name":"b","kind":"onehot","categories":["x","y"],"fill":"y","had_missing":true},\
      {"name":"c","kind":"ordinal","categories":["lo","hi"]}],\
      "targets":[{"name":"k"}],"target_kind":"binary","classes":["no","yes"],"weight":"w"}
      """
    let old = try Preprocessor(json: try JSONValue(parsing: text))
    #expect(old.json.text() == text)
    let table = try Table(
      source: "t.csv",
      columns: [
        Column(name: "c", texts: ["hi", nil]), Column(name: "b", texts: [nil, "z"]),
        Column(name: "a", numbers: [.nan, 5]),
      ])
    #expect(try old.features(of: table).matrix.values == [0.75, 1, 0, 1, 1, 2, 0, 0, 0, -1])
  }

  @Test(
    "JSON that is none of ours is refused",
    arguments: [
      #"{"name":"x","kind":"hash","hash":"fnv1a","buckets":0}"#,
      #"{"name":"x","kind":"hash","hash":"fnv1a","buckets":9999999999}"#,
      #"{"name":"x","kind":"hash","hash":"murmur","buckets":8}"#,
      #"{"name":"x","kind":"date","parts":[]}"#,
      #"{"name":"x","kind":"date","day_first":false,"parts":[{"part":"year","cyclic":true}]}"#,
      #"{"name":"x","kind":"date","day_first":false,"parts":[{"part":"year"}]}"#,
      #"{"name":"x","kind":"date","day_first":false,"parts":[{"part":"eon","mean":1}]}"#,
      #"{"name":"x","kind":"number","scaling":{"kind":"quantile","knots":[1]}}"#,
      #"{"name":"x","kind":"number","scaling":{"kind":"quantile","knots":[2,1]}}"#,
      #"{"name":"x","kind":"number","scaling":{"kind":"quantile","offset":0,"scale":1}}"#,
      #"{"name":"x","kind":"onehot","categories":["a"],"rare":"b"}"#,
    ])
  func badJSON(_ feature: String) {
    let text = #"{"features":[\#(feature)],"targets":[],"target_kind":"numeric"}"#
    #expect(throws: JSONError.self) { _ = try Preprocessor(json: try JSONValue(parsing: text)) }
  }
}
