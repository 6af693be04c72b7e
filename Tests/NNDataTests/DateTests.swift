import Testing

@testable import NNData

@Suite("Dates")
struct DateTests {
  private static let noon = CivilTime(year: 2013, month: 1, day: 31, hour: 12, minute: 5, second: 9)

  @Test(
    "spellings of one day",
    arguments: [
      "2013-01-31", "2013/01/31", "2013.1.31", "20130131", "31.1.2013", "31.01.13", "1/31/2013", "01-31-2013",
      "31 January 2013", "31 jan 2013", "31-Jan-13", "31Jan2013", "Jan 31, 2013", "January 31 2013",
      "Thursday, 31 January 2013", "Thu 31 Jan 2013", "31st January 2013", "  2013-01-31 ",
    ])
  func days(_ text: String) {
    #expect(DateReader(isDayFirst: false).read(text) == CivilTime(year: 2013, month: 1, day: 31))
  }

  @Test(
    "spellings of one time",
    arguments: [
      "2013-01-31T12:05:09", "2013-01-31 12:05:09", "2013-01-31T12:05:09Z",
      "2013-01-31T12:05:09.123456+01:00",
      "2013-01-31 12:05:09 -0500", "20130131T120509", "1/31/2013 12:05:09 PM", "31 Jan 2013, 12:05:09",
      "2013-01-31  12:05:09 UTC", "2013-01-31t12:05:09+01",
    ])
  func times(_ text: String) {
    #expect(DateReader(isDayFirst: false).read(text) == Self.noon)
  }

  @Test("times alone, halves of the day, months alone")
  func others() {
    let reader = DateReader(isDayFirst: false)
    #expect(reader.read("5:07") == CivilTime(hour: 5, minute: 7))
    #expect(reader.read("12:30 am") == CivilTime(hour: 0, minute: 30))
    #expect(reader.read("12:30PM") == CivilTime(hour: 12, minute: 30))
    #expect(reader.read("11:59:59 pm") == CivilTime(hour: 23, minute: 59, second: 59))
    #expect(reader.read("2013-02") == CivilTime(year: 2013, month: 2))
    #expect(reader.read("1/2/69")?.year == 1969)
    #expect(reader.read("1/2/68")?.year == 2068)
  }

  @Test(
    "what is none",
    arguments: [
      "", " ", "2013", "13", "12.5", "-1", "2013-13-01", "2013-02-29", "1900-02-29", "2013-01-32",
      "31/31/2013",
      "2013-01-31x", "2013-01-31 25:00", "2013-01-31 12:60", "13:00 PM", "0:30 am", "2013-01-31T", "Jan",
      "May be",
      "monday", "1/2", "1/2/3", "1-2/2013", "20130131T1", "123456789", "2013-01-31 12:05:09 +1:5", "a\u{0}b",
      String(repeating: "9", count: 4000), "２０１３-０１-３１",
    ])
  func none(_ text: String) {
    #expect(DateReader(isDayFirst: false).read(text) == nil)
    #expect(DateReader(isDayFirst: true).read(text) == nil)
  }

  @Test("days, weekdays and days of the year against a calendar walked day by day")
  func calendar() {
    var date = CivilTime(year: 1600, month: 1, day: 1)
    // The first of January 1600 was a Saturday, 135,140 days before 1970.
    var days = -135_140
    var weekday = 5
    var dayOfYear = 0
    while date.year < 2401 {
      #expect(date.days == days && date.weekday == weekday && date.dayOfYear == dayOfYear)
      #expect(date.isPossible)
      var next = date
      next.day += 1
      if !next.isPossible { next = CivilTime(year: date.year, month: date.month + 1) }
      if !next.isPossible { next = CivilTime(year: date.year + 1) }
      dayOfYear = next.year == date.year ? dayOfYear + 1 : 0
      days += 1
      weekday = (weekday + 1) % 7
      date = next
    }
    #expect(days == 157_420)
  }

  private static let pieces = [
    "2013", "1", "31", "12", "00", "jan", "May", "thursday", "-", "/", ".", ":", " ", ",", "T", "Z", "pm",
    "+", "é",
    "20130131", "th",
  ]

  @Test("whatever stands there is read or refused, and what is read is a day", arguments: 0..<4)
  func fuzz(_ seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 0...9, using: &generator)).map { _ in
        Self.pieces.randomElement(using: &generator) ?? ""
      }.joined()
      for isDayFirst in [false, true] {
        if let date = DateReader(isDayFirst: isDayFirst).read(text) { #expect(date.isPossible, "\(text)") }
      }
    }
  }

  // MARK: Encoding

  private func fit(_ texts: [String?], _ request: DateRequest = DateRequest(), scale: ScaleKind? = nil) throws
    -> (Preprocessor, Table)
  {
    let table = try Table(
      source: "t.csv",
      columns: [
        Column(name: "when", texts: texts), Column(name: "y", numbers: texts.indices.map { Float($0) }),
      ])
    let steps: [PreparationStep] =
      [.encode(.date(request), columns: ["when"])] + (scale.map { [.scale($0)] } ?? [])
    let fitted = try Preprocessor.fit(
      steps: steps, table: table, roles: Roles(features: ["when"], targets: ["y"]), targetKind: .numeric)
    return (fitted, table)
  }

  @Test("the parts that differ, what comes round as sine and cosine; a hole is their middle")
  func parts() throws {
    let (fitted, table) = try fit(["2013-01-01", "2014-04-01", nil, "2015-07-01"])
    #expect(
      fitted.featureNames == [
        "when.year", "when.month_sin", "when.month_cos", "when.weekday_sin", "when.weekday_cos",
      ])
    let (matrix, warnings) = try fitted.features(of: table)
    #expect(warnings.isEmpty)
    let months = (0..<4).map { row -> [Float] in [matrix.values[row * 5 + 1], matrix.values[row * 5 + 2]] }
    #expect(matrix.values[0] == 2013 && matrix.values[5] == 2014 && matrix.values[10] == 2014)
    let expected: [[Float]] = [[0, 1], [1, 0], [0, 0], [0, -1]]
    for (value, wanted) in zip(months.joined(), expected.joined()) { #expect(abs(value - wanted) < 1e-6) }
    // A Tuesday.
    #expect(abs(matrix.values[3] - 0.7818315) < 1e-6)
    #expect(abs(matrix.values[4] - 0.6234898) < 1e-6)
  }

  @Test("parts as numbers, counted as people do, and scaled one by one")
  func numbers() throws {
    let request = DateRequest(parts: [.month, .weekday, .yearday, .days, .hour], isCyclic: false)
    let (fitted, table) = try fit(["1970-01-02 06:00", "1970-02-03 12:00"], request)
    #expect(
      try fitted.features(of: table).matrix.values == [1, 5, 2, 1.25, 6, 2, 2, 34, 33.5, 12])
    let (scaled, _) = try fit(["1970-01-02 06:00", "1970-02-03 12:00"], request, scale: .minmax)
    #expect(try scaled.features(of: table).matrix.values == [0, 1, 0, 0, 0, 1, 0, 1, 1, 1])
  }

  @Test("where the day stands is learned from the rows that show it")
  func dayFirst() throws {
    let request = DateRequest(parts: [.month], isCyclic: false)
    let (dayFirst, table) = try fit(["1/2/2013", "25/3/2013"], request)
    #expect(try dayFirst.features(of: table).matrix.values == [2, 3])
    #expect(dayFirst.remarks.isEmpty)
    let (monthFirst, other) = try fit(["1/2/2013", "3/25/2013"], request)
    #expect(try monthFirst.features(of: other).matrix.values == [1, 3])
    let (guess, unclear) = try fit(["1/2/2013", "3/4/2013"], request)
    #expect(try guess.features(of: unclear).matrix.values == [1, 3])
    #expect(guess.remarks == [.dayOrMonth("when")])
    let (told, _) = try fit(
      ["1/2/2013", "3/4/2013"], DateRequest(parts: [.month], isCyclic: false, isDayFirst: true))
    #expect(try told.features(of: unclear).matrix.values == [2, 4])
    #expect(told.remarks.isEmpty)
  }

  @Test("cells without a date count as missing, and are counted")
  func unreadable() throws {
    let (fitted, _) = try fit(["2013-01-01", "2013-02-01"], DateRequest(parts: [.month]))
    let table = try Table(
      source: "new.csv", columns: [Column(name: "when", texts: ["soon", "2013-01-05", nil])])
    let (matrix, warnings) = try fitted.features(of: table)
    #expect(matrix.values[3] == 1)
    #expect([0, 1, 4, 5].allSatisfy { matrix.values[$0] == 0 })
    #expect(
      warnings == [
        PreparationWarning(kind: .noDate(first: "soon"), column: "when", count: 1),
        PreparationWarning(kind: .newlyMissing, column: "when", count: 1),
      ])
    #expect(throws: DataError.noDates(source: "t.csv", column: "when", example: "later")) {
      _ = try fit(["soon", "later", "2013-01-01"])
    }
  }

  @Test("without columns it takes the texts that are dates, and leaves others to another encode")
  func byItself() throws {
    let table = try Table(
      source: "t.csv",
      columns: [
        Column(name: "when", texts: ["2013-01-01", "2013-02-01", "2013-03-01"]),
        Column(name: "who", texts: ["a", "b", "c"]), Column(name: "y", numbers: [1, 2, 3]),
      ])
    let fitted = try Preprocessor.fit(
      steps: [.encode(.date(DateRequest(parts: [.month], isCyclic: false))), .encode(.ordinal())],
      table: table,
      roles: Roles(features: ["when", "who"], targets: ["y"]), targetKind: .numeric)
    #expect(fitted.featureNames == ["when.month", "who"])
    #expect(try fitted.features(of: table).matrix.values == [1, 0, 2, 1, 3, 2])
  }
}
