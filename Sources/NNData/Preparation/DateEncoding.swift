import NNEngine

/// A number that is read off a date.
public enum DatePart: String, Sendable, Hashable, Codable, CaseIterable {
  case year, month, day, weekday, yearday, hour, minute, second
  /// Days since 1970-01-01, the time of day as a fraction.
  case days

  /// As a number that counts as people do: months, days of the month and of the year, and weekdays from Monday from 1.
  func number(_ time: CivilTime) -> Double {
    switch self {
    case .year: Double(time.year)
    case .month: Double(time.month)
    case .day: Double(time.day)
    case .weekday: Double(time.weekday + 1)
    case .yearday: Double(time.dayOfYear + 1)
    case .hour: Double(time.hour)
    case .minute: Double(time.minute)
    case .second: Double(time.second)
    case .days: time.seconds / 86_400
    }
  }

  /// After how many it comes round; `nil` for what goes on.
  public var period: Double? {
    switch self {
    case .year, .days: nil
    case .month: 12
    case .day: 31
    case .weekday: 7
    case .yearday: 366
    case .hour: 24
    case .minute, .second: 60
    }
  }

  /// Where the count starts.
  public var first: Double {
    switch self {
    case .month, .day, .weekday, .yearday: 1
    default: 0
    }
  }
}

extension DatePart {
  /// What the number is, for those who have to give it.
  public var meaning: String {
    switch self {
    case .year: "the year"
    case .month: "the month, from 1"
    case .day: "the day of the month, from 1"
    case .weekday: "the day of the week, from 1 for Monday"
    case .yearday: "the day of the year, from 1"
    case .hour: "the hour, from 0"
    case .minute: "the minute, from 0"
    case .second: "the second, from 0"
    case .days: "days since 1970-01-01, the time of day as a fraction"
    }
  }
}

/// Which parts of a date are wanted.
public struct DateRequest: Sendable, Hashable {
  /// `nil` for those of year, month, day, weekday, hour, minute and second that are not the same in all training rows.
  public var parts: [DatePart]?
  /// What comes round becomes a sine and a cosine, so that December lies beside January.
  public var isCyclic: Bool
  /// Whether the day stands first in `1/2/2013`; `nil` for what the training rows show, and if they do not the month.
  public var isDayFirst: Bool?

  public init(parts: [DatePart]? = nil, isCyclic: Bool = true, isDayFirst: Bool? = nil) {
    self.parts = parts
    self.isCyclic = isCyclic
    self.isDayFirst = isDayFirst
  }
}

/// How a column of dates becomes numbers, as learned.
public struct DateEncoding: Sendable, Hashable {
  public struct Part: Sendable, Hashable {
    public enum Form: Sendable, Hashable {
      /// One column. A missing date counts as the training rows' mean.
      case number(mean: Float, scaling: Scaling?)
      /// A sine and a cosine; both 0 for a missing date.
      case cyclic
    }

    public var part: DatePart
    public var form: Form

    public init(part: DatePart, form: Form) {
      self.part = part
      self.form = form
    }
  }

  public var isDayFirst: Bool
  public var parts: [Part]

  public init(isDayFirst: Bool, parts: [Part]) {
    self.isDayFirst = isDayFirst
    self.parts = parts
  }

  var width: Int {
    parts.reduce(0) { $0 + ($1.form == .cyclic ? 2 : 1) }
  }

  /// `year`, `month_sin`, `month_cos`.
  var columnNames: [String] {
    parts.flatMap { part in
      part.form == .cyclic ? ["_sin", "_cos"].map { part.part.rawValue + $0 } : [part.part.rawValue]
    }
  }

  /// The columns' values for a date; `nil` stands for a missing one.
  func values(of time: CivilTime?) -> [Float] {
    parts.flatMap { part -> [Float] in
      switch part.form {
      case .number(let mean, let scaling):
        let value = time.map { Float(part.part.number($0)) } ?? mean
        return [scaling?.apply(value) ?? value]
      case .cyclic:
        guard let time, let period = part.part.period else { return [0, 0] }
        let point = UnitCircle.point(turn: (part.part.number(time) - part.part.first) / period)
        return [point.sine, point.cosine]
      }
    }
  }
}

extension DateEncoding {
  /// The parts of the date that a text is, before sines and scaling; nil if it is none.
  public func numbers(of text: String) -> [Double]? {
    DateReader(isDayFirst: isDayFirst).read(text).map { time in parts.map { $0.part.number(time) } }
  }
}
