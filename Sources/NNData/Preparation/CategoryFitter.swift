import NNEngine

/// Learns a column of texts, or of numbers that stand for categories, from the training rows.
struct CategoryFitter {
  private let column: Column
  private let table: Table
  private let rowCount: Int
  private let plan: StepPlan
  private let cells: ColumnCells.Categories
  private var texts: [String] { cells.texts }
  /// How often each text stands in the training rows.
  private var counts: [Int] { cells.counts }
  private var missing: Int { cells.missing }

  init(column: Column, table: Table, rows: TrainingCells, plan: StepPlan) throws(DataError) {
    self.column = column
    self.table = table
    self.rowCount = rows.rowCount
    self.plan = plan
    cells = try rows.cells(of: column).categories(of: table)
  }

  /// Different texts in the training rows.
  var categoryCount: Int { counts.count { $0 > 0 } }

  /// Training rows that have a text.
  var filledCount: Int { rowCount - missing }

  /// The feature, and what is to be said of it.
  func fitted() throws(DataError) -> (input: InputColumn, remark: PreparationRemark?) {
    let encode = plan.encode(column.name, hasDates: { hasDates })
    let impute = plan.impute(column.name)
    var fill: String?
    if let impute { fill = try self.fill(impute, isDate: encode?.kind.name == "date") }
    let scale = plan.scale(column.name)
    var remark: PreparationRemark?
    let encoding: InputColumn.Encoding
    switch encode?.kind ?? .onehot() {
    case .onehot(let folding):
      if let scale, scale.isNamed { throw wrongKind(expected: .numeric) }
      let (kept, rare) = fold(occurring(with: fill), folding)
      encoding = .oneHot(categories: kept, rare: rare, fill: fill)
    case .ordinal(let order):
      if let order { try requireOrder(order) }
      let categories = order ?? occurring(with: fill)
      var scaling: Scaling?
      if let scale, scale.isNamed {
        let places = try places(in: categories, fill)
        scaling = try Scaling(scale.kind, of: places, places.statistics())
      }
      encoding = .ordinal(categories: categories, fill: fill, scaling: scaling)
    case .hash(let buckets):
      if let scale, scale.isNamed { throw wrongKind(expected: .numeric) }
      encoding = .hash(buckets: buckets, fill: fill)
    case .date(let request):
      let date = try self.date(request, scale?.kind)
      if date.isGuess { remark = .dayOrMonth(column.name) }
      encoding = .date(date.encoding, fill: fill)
    }
    if remark == nil, isConstant { remark = .constant([column.name]) }
    // A category has a fill or is all zeros; either can have an indicator beside it.
    let fills = fill != nil || encode?.kind.name == "date"
    let input = InputColumn(
      name: column.name, encoding: encoding,
      hasIndicator: impute?.indicator == true && fills && missing > 0, hadMissing: missing > 0)
    return (input, remark)
  }

  private var isConstant: Bool { missing == 0 && counts.count { $0 > 0 } == 1 }

  private func wrongKind(expected: ColumnKind) -> DataError {
    .wrongKind(source: table.source, column: column.name, found: .categorical, expected: expected)
  }

  // MARK: Categories

  /// The categories of the training rows, the fill among them if it will stand in for missing ones.
  private func occurring(with fill: String?) -> [String] {
    let categories = texts.indices.filter { counts[$0] > 0 }.map { texts[$0] }
    guard let fill, missing > 0, CategoryLookup(categories).place(of: fill) == nil else { return categories }
    return sortedCategories(categories + [fill])
  }

  private func fill(_ impute: StepPlan.Impute, isDate: Bool) throws(DataError) -> String? {
    switch impute.kind {
    case .mean, .median:
      // A missing date counts as the mean of its parts without being told.
      guard !impute.isNamed || isDate else { throw wrongKind(expected: .numeric) }
      return nil
    case .value(let text):
      if isDate, impute.isNamed, DateReader(isDayFirst: true).read(text) == nil {
        throw .notADate(text: text, column: column.name)
      }
      // A number that is for every column is for the numeric ones.
      return impute.isNamed || (parseFloat(text) == nil && !isDate) ? text : nil
    case .mode:
      guard let most = counts.max(), most > 0, let place = counts.firstIndex(of: most) else {
        throw .noUsableValue(source: table.source, column: column.name, what: "mode to fill with")
      }
      return texts[place]
    }
  }

  /// Divides categories into those with a column of their own and the rare ones, both in their order. Of equally common
  /// ones those further behind are kept, as scikit-learn has it.
  private func fold(_ categories: [String], _ folding: Folding) -> (kept: [String], rare: [String]) {
    let lookup = CategoryLookup(categories)
    var frequency = [Int](repeating: 0, count: categories.count)
    for (index, text) in texts.enumerated() where counts[index] > 0 {
      if let place = lookup.place(of: text) { frequency[place] += counts[index] }
    }
    var isRare = [Bool](repeating: false, count: categories.count)
    let least: Double =
      switch folding.minFrequency {
      case nil: 0
      case .rows(let count)?: Double(count)
      case .fraction(let share)?: share * Double(rowCount)
      }
    for index in categories.indices where Double(frequency[index]) < least { isRare[index] = true }
    let rareCount = isRare.count { $0 }
    if let most = folding.maxCategories, categories.count - rareCount + min(rareCount, 1) > most {
      let rarestFirst = categories.indices.sorted {
        frequency[$0] != frequency[$1] ? frequency[$0] < frequency[$1] : $0 < $1
      }
      for index in rarestFirst.dropLast(max(most - 1, 0)) { isRare[index] = true }
    }
    return (
      categories.indices.filter { !isRare[$0] }.map { categories[$0] },
      categories.indices.filter { isRare[$0] }.map { categories[$0] }
    )
  }

  /// Each training row's place in the order.
  private func places(in categories: [String], _ fill: String?) throws(DataError) -> Sample {
    let lookup = CategoryLookup(categories)
    let fillPlace = fill.flatMap { lookup.place(of: $0) } ?? -1
    return try cells.sample(texts.map { Float(lookup.place(of: $0) ?? -1) }, absent: Float(fillPlace))
  }

  private func requireOrder(_ order: [String]) throws(DataError) {
    let lookup = CategoryLookup(order)
    let others = texts.indices.filter { counts[$0] > 0 && lookup.place(of: texts[$0]) == nil }
    guard others.isEmpty else {
      throw .outsideOrder(source: table.source, column: column.name, categories: others.map { texts[$0] })
    }
  }

  // MARK: Dates

  /// Whether nearly every filled cell of the training rows is a date.
  var hasDates: Bool { DateReader.dates(texts, counts) != nil }

  /// Where the day stands, by what is asked for or else by the rows that show it.
  private func dayFirst(_ asked: Bool?) -> (isDayFirst: Bool, isGuess: Bool) {
    if let asked { return (asked, false) }
    return DateReader.dayFirst(zip(texts, counts).lazy.map { (text: $0, count: $1) })
  }

  private func date(_ request: DateRequest, _ scale: ScaleKind?) throws(DataError) -> (
    encoding: DateEncoding, isGuess: Bool
  ) {
    let (isDayFirst, isGuess) = dayFirst(request.isDayFirst)
    let reader = DateReader(isDayFirst: isDayFirst)
    let dates = texts.indices.map { counts[$0] > 0 ? reader.read(texts[$0]) : nil }
    let filled = counts.reduce(0, +)
    let readable = dates.indices.reduce(0) { $0 + (dates[$1] == nil ? 0 : counts[$1]) }
    guard filled > 0, readable * 2 > filled else {
      let example = texts.indices.first { counts[$0] > 0 && dates[$0] == nil }
      throw .noDates(source: table.source, column: column.name, example: example.map { texts[$0] })
    }
    let parts = request.parts ?? Self.varying(dates)
    var learned: [DateEncoding.Part] = []
    for part in parts {
      if request.isCyclic, part.period != nil {
        learned.append(DateEncoding.Part(part: part, form: .cyclic))
        continue
      }
      let sample = try cells.sample(dates.map { $0.map { Float(part.number($0)) } }, absent: nil)
      let statistics = try sample.statistics()
      var scaling: Scaling?
      if let scale { scaling = try Scaling(scale, of: sample, statistics) }
      learned.append(
        DateEncoding.Part(part: part, form: .number(mean: Float(statistics.mean), scaling: scaling)))
    }
    return (DateEncoding(isDayFirst: isDayFirst, parts: learned), isGuess)
  }

  /// The parts that tell dates apart.
  private static func varying(_ dates: [CivilTime?]) -> [DatePart] {
    let usual: [DatePart] = [.year, .month, .day, .weekday, .hour, .minute, .second]
    let known = dates.compactMap { $0 }
    guard let first = known.first else { return [.year] }
    let varying = usual.filter { part in
      known.contains { part.number($0) != part.number(first) }
    }
    return varying.isEmpty ? [.year] : varying
  }
}
