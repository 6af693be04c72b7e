/// A day and a time as they stand in a cell: the clock of its place, whatever the time zone.
struct CivilTime: Sendable, Hashable {
  var year = 1970
  var month = 1
  var day = 1
  var hour = 0
  var minute = 0
  var second = 0

  /// Days since 1970-01-01, by the proleptic Gregorian calendar (H. Hinnant, "chrono-compatible low-level date
  /// algorithms").
  var days: Int {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// From 0 for Monday to 6 for Sunday.
  var weekday: Int { ((days + 3) % 7 + 7) % 7 }

  /// From 0 for the first of January.
  var dayOfYear: Int { days - CivilTime(year: year).days }

  /// `2013-01-31`, or `2013-01-31 12:05`.
  func text(withTime hasTime: Bool) -> String {
    func padded(_ number: Int, _ width: Int = 2) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let day = "\(padded(year, 4))-\(padded(month))-\(padded(day))"
    return hasTime ? "\(day) \(padded(hour)):\(padded(minute))" : day
  }

  /// Since the beginning of 1970.
  var seconds: Double { Double(days) * 86_400 + Double(hour * 3600 + minute * 60 + second) }

  var isPossible: Bool {
    (0...9999).contains(year) && (1...12).contains(month) && day >= 1 && day <= lastDay
      && (0..<24).contains(hour) && (0..<60).contains(minute) && (0...60).contains(second)
  }

  private var lastDay: Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }
}

/// Reads the dates and times that people write: ISO 8601 (`2013-01-31`, `2013-01-31T05:00:00Z`, `20130131`, `2013-01`), with
/// slashes or dots (`2013/1/31`, `31.1.2013`, `1/31/2013`, `31/1/13`), with English months (`31 January 2013`,
/// `Jan 31, 2013`, `31-Jan-13`), each alone or with a time behind it (`5:00`, `05:00:00.25`, `5:00 PM`), or a time alone.
/// An offset from UTC is read over. Years of two digits are 1969 to 2068.
struct DateReader {
  /// Whether the day stands first in `1/2/2013` and `1-2-2013`. With dots it always does.
  var isDayFirst: Bool

  func read(_ text: String) -> CivilTime? {
    var cursor = DateCursor(text)
    guard var time = readDate(&cursor), time.isPossible else { return nil }
    cursor.skipBlanks()
    if !cursor.isAtEnd, !readTime(&cursor, into: &time) { return nil }
    return cursor.isAtEnd && time.isPossible ? time : nil
  }

  /// Whether the text says by itself where its day stands: true for the first place, false for the second, `nil` where
  /// both numbers may be months, or where it is written in another way.
  static func showsDayFirst(_ text: String) -> Bool? {
    let isDayFirst = DateReader(isDayFirst: true).read(text) != nil
    let isMonthFirst = DateReader(isDayFirst: false).read(text) != nil
    return isDayFirst == isMonthFirst ? nil : isDayFirst
  }

  /// Whether it could be read either way, to different dates.
  static func isAmbiguous(_ text: String) -> Bool {
    guard let first = DateReader(isDayFirst: true).read(text) else { return false }
    return DateReader(isDayFirst: false).read(text).map { $0 != first } ?? false
  }

  /// Where the day stands in a column, by the texts that show it; the month first where none does.
  /// - Parameter texts: each with its number of rows.
  static func dayFirst(_ texts: some Sequence<(text: String, count: Int)>) -> (
    isDayFirst: Bool, isGuess: Bool
  ) {
    var (first, second) = (0, 0)
    var isAmbiguous = false
    for (text, count) in texts where count > 0 {
      switch showsDayFirst(text) {
      case true?: first += count
      case false?: second += count
      case nil: isAmbiguous = isAmbiguous || Self.isAmbiguous(text)
      }
    }
    return (first > second, isAmbiguous && first == second)
  }

  /// The texts' dates, if nearly every row has one: as many as must be numbers for a column of numbers.
  /// - Parameter counts: each text's rows; those of a text without any do not matter.
  static func dates(_ texts: [String], _ counts: [Int]) -> [CivilTime?]? {
    let filled = counts.reduce(0, +)
    // Most columns are told to hold none by their first texts.
    let first = texts.indices.lazy.filter { counts[$0] > 0 }.prefix(100)
    guard filled > 0, first.contains(where: { isDate(texts[$0]) }) else { return nil }
    let isDayFirst = dayFirst(zip(texts, counts).lazy.map { (text: $0, count: $1) }).isDayFirst
    let reader = DateReader(isDayFirst: isDayFirst)
    let dates = texts.indices.map { counts[$0] > 0 ? reader.read(texts[$0]) : nil }
    let rows = dates.indices.reduce(0) { $0 + (dates[$1] == nil ? 0 : counts[$1]) }
    return rows * 20 >= filled * 19 ? dates : nil
  }

  private static func isDate(_ text: String) -> Bool {
    [true, false].contains { DateReader(isDayFirst: $0).read(text) != nil }
  }

  // MARK: Days

  private func readDate(_ cursor: inout DateCursor) -> CivilTime? {
    // `Mon, 5 May 2013`
    if cursor.takeName(of: Self.weekdays) != nil {
      _ = cursor.take(",")
      cursor.skipBlanks()
    }
    if let month = cursor.takeName(of: Self.months) { return readBehindMonth(month + 1, &cursor) }
    // `05:00` is a time alone.
    if cursor.isTime { return CivilTime() }
    guard let first = cursor.takeNumber() else { return nil }
    switch first.digits {
    case 8:
      return CivilTime(
        year: first.value / 10_000, month: first.value / 100 % 100, day: first.value % 100)
    case 4:
      guard let mark = cursor.takeMark(), let month = cursor.takeNumber(), month.digits <= 2 else {
        return nil
      }
      guard cursor.take(mark) else {
        return mark == "-" ? CivilTime(year: first.value, month: month.value) : nil
      }
      guard let day = cursor.takeNumber(), day.digits <= 2 else { return nil }
      return CivilTime(year: first.value, month: month.value, day: day.value)
    case 1, 2: return readBehindDay(first.value, &cursor)
    default: return nil
    }
  }

  /// `31/1/2013`, `31 January 2013`, `31-Jan-13` behind their first number.
  private func readBehindDay(_ first: Int, _ cursor: inout DateCursor) -> CivilTime? {
    _ = cursor.takeName(of: ["st", "nd", "rd", "th"], isWhole: true)
    let mark = cursor.takeMark()
    if mark == nil { cursor.skipBlanks() }
    if let month = cursor.takeName(of: Self.months) {
      if let mark { guard cursor.take(mark) else { return nil } }
      _ = cursor.take(",")
      cursor.skipBlanks()
      guard let year = cursor.takeNumber().flatMap(Self.year) else { return nil }
      return CivilTime(year: year, month: month + 1, day: first)
    }
    guard let mark, let second = cursor.takeNumber(), second.digits <= 2, cursor.take(mark),
      let year = cursor.takeNumber().flatMap(Self.year)
    else { return nil }
    return isDayFirst || mark == "."
      ? CivilTime(year: year, month: second.value, day: first)
      : CivilTime(year: year, month: first, day: second.value)
  }

  /// `Jan 31, 2013` behind its month.
  private func readBehindMonth(_ month: Int, _ cursor: inout DateCursor) -> CivilTime? {
    let mark = cursor.takeMark()
    cursor.skipBlanks()
    guard let day = cursor.takeNumber(), day.digits <= 2 else { return nil }
    _ = cursor.takeName(of: ["st", "nd", "rd", "th"], isWhole: true)
    if let mark { guard cursor.take(mark) else { return nil } }
    _ = cursor.take(",")
    cursor.skipBlanks()
    guard let year = cursor.takeNumber().flatMap(Self.year) else { return nil }
    return CivilTime(year: year, month: month, day: day.value)
  }

  private static func year(_ number: (value: Int, digits: Int)) -> Int? {
    switch number.digits {
    case 4: number.value
    case 2: number.value < 69 ? 2000 + number.value : 1900 + number.value
    default: nil
    }
  }

  private static let weekdays = [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
  ]
  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
  ]

  // MARK: Times

  private func readTime(_ cursor: inout DateCursor, into time: inout CivilTime) -> Bool {
    _ = cursor.take(",")
    cursor.skipBlanks()
    if cursor.takeName(of: ["t"], isWhole: true) != nil { cursor.skipBlanks() }
    guard let hour = cursor.takeNumber() else { return false }
    if hour.digits == 6 || hour.digits == 4 {
      let seconds = hour.digits == 6 ? hour.value : hour.value * 100
      (time.hour, time.minute, time.second) = (seconds / 10_000, seconds / 100 % 100, seconds % 100)
    } else {
      guard hour.digits <= 2, cursor.take(":"), let minute = cursor.takeNumber(), minute.digits == 2 else {
        return false
      }
      (time.hour, time.minute) = (hour.value, minute.value)
      if cursor.take(":") {
        guard let second = cursor.takeNumber(), second.digits == 2 else { return false }
        time.second = second.value
        if cursor.take(".") || cursor.take(",") { guard cursor.skipDigits() else { return false } }
      }
    }
    cursor.skipBlanks()
    if let half = cursor.takeName(of: ["am", "pm"], isWhole: true) {
      guard (1...12).contains(time.hour) else { return false }
      time.hour = time.hour % 12 + (half == 1 ? 12 : 0)
      cursor.skipBlanks()
    }
    return skipZone(&cursor)
  }

  /// `Z`, `UTC`, `+01:00`, `-0500`.
  private func skipZone(_ cursor: inout DateCursor) -> Bool {
    if cursor.takeName(of: ["z", "utc", "gmt"], isWhole: true) != nil { return true }
    guard cursor.take("+") || cursor.take("-") else { return true }
    guard let hours = cursor.takeNumber() else { return false }
    guard cursor.take(":") else { return hours.digits == 2 || hours.digits == 4 }
    return cursor.takeNumber().map { $0.digits == 2 } ?? false
  }
}
