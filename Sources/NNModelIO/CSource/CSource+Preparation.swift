import NNData

extension CSourceExport {
  /// Writes what fills the features of a row.
  mutating func preparation(into buffer: String) {
    var first = 0
    for (index, input) in model.preprocessor.inputs.enumerated() {
      body.open("/* \(C.comment(input.name)) */")
      column(input, field: "row->\(fields[index])", number: index, buffer, at: first)
      body.close()
      first += input.width
    }
  }

  private mutating func column(
    _ input: InputColumn, field: String, number index: Int, _ buffer: String, at first: Int
  ) {
    let indicator = "\(buffer)[\(first + input.width - 1)]"
    switch input.encoding {
    case .number(let fill, let scaling):
      helpers.insert(.missing)
      body.line("float x = \(field);")
      if input.hasIndicator { body.line("\(indicator) = $missing(x) ? 1.0f : 0.0f;") }
      body.line(
        fill.map { "if ($missing(x)) x = \(C.float($0));" } ?? "if ($missing(x)) return \(index + 1);")
      body.line("\(buffer)[\(first)] = \(scaled("x", scaling));")
    case .oneHot(let categories, let rare, let fill):
      let width = categories.count + (rare.isEmpty ? 0 : 1)
      place(input, field, categories + rare, fill: fill, indicator: input.hasIndicator ? indicator : nil)
      if width > 0 {
        if !rare.isEmpty {
          // An unseen one counts as rare; a missing one is none of all.
          body.line("if (place > \(categories.count) || place == -2) place = \(categories.count);")
        }
        body.line("for (int i = 0; i < \(width); i++) \(buffer)[\(first) + i] = i == place ? 1.0f : 0.0f;")
      } else {
        body.line("(void)place;")
      }
    case .ordinal(let categories, let fill, let scaling):
      place(input, field, categories, fill: fill, indicator: input.hasIndicator ? indicator : nil)
      body.line("const float x = place < 0 ? -1.0f : (float)place;")
      body.line("\(buffer)[\(first)] = \(scaled("x", scaling));")
    case .hash(let buckets, let fill):
      helpers.insert(.hash)
      text(field, fill: fill, indicator: input.hasIndicator ? indicator : nil)
      body.line("const int place = text == NULL ? -1 : $hash(text, \(buckets));")
      body.line("for (int i = 0; i < \(buckets); i++) \(buffer)[\(first) + i] = i == place ? 1.0f : 0.0f;")
    case .date(let encoding, let fill):
      date(encoding, field, fill: fill, indicator: input.hasIndicator ? indicator : nil, buffer, at: first)
    }
  }

  /// A cell's text, or NULL where it is missing and nothing stands for it.
  private mutating func text(
    _ field: String, fill: String?, indicator: String?, emptyIsMissing: Bool = true
  ) {
    body.line("const char *text = \(field);")
    if emptyIsMissing { body.line("if (text != NULL && *text == '\\0') text = NULL;") }
    if let indicator { body.line("\(indicator) = text == NULL ? 1.0f : 0.0f;") }
    if let fill { body.line("if (text == NULL) text = \(C.string(fill));") }
  }

  /// The place of a cell's text among the categories: -1 for a missing one, -2 for one unseen.
  private mutating func place(
    _ input: InputColumn, _ field: String, _ categories: [String], fill: String?, indicator: String?
  ) {
    text(field, fill: fill, indicator: indicator, emptyIsMissing: !categories.contains(""))
    guard !categories.isEmpty else { return body.line("int place = text == NULL ? -1 : -2;") }
    helpers.insert(.find)
    let table = constantName("keys")
    var places: [String: Int] = [:]
    var numbers: [(number: Double, place: Int)] = []
    for (place, category) in categories.enumerated() where places[category] == nil {
      places[category] = place
      if let number = parseDouble(category), !numbers.contains(where: { $0.number == number }) {
        numbers.append((number, place))
      }
    }
    // As strcmp has it.
    let keys = places.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    constants.line()
    constants.array(
      "static const $key \(table)[\(keys.count)]", keys.map { "{\(C.string($0.key)), \($0.value)}" },
      perLine: 4)
    body.line("int place = text == NULL ? -1 : $find(text, \(table), \(keys.count));")
    if !numbers.isEmpty {
      helpers.insert(.findNumber)
      let spelt = constantName("numbers")
      constants.line()
      constants.array(
        "static const $number_key \(spelt)[\(numbers.count)]",
        numbers.map { "{\(C.double($0.number)), \($0.place)}" }, perLine: 4)
      body.line("if (text != NULL && place < 0) place = $find_number(text, \(spelt), \(numbers.count));")
    }
    body.line("if (text != NULL && place < 0) place = -2;")
  }

  private mutating func date(
    _ encoding: DateEncoding, _ field: String, fill: String?, indicator: String?, _ buffer: String,
    at first: Int
  ) {
    helpers.insert(.date)
    text(field, fill: fill, indicator: indicator)
    guard !encoding.parts.isEmpty else { return body.line("(void)text;") }
    body.line("$time time;")
    body.line("const int is_date = text != NULL && $read_time(text, \(encoding.isDayFirst ? 1 : 0), &time);")
    var place = first
    for part in encoding.parts {
      let number = DatePart.allCases.firstIndex(of: part.part) ?? 0
      switch part.form {
      case .number(let mean, let scaling):
        body.open("")
        body.line("const float x = is_date ? (float)$part(&time, \(number)) : \(C.float(mean));")
        body.line("\(buffer)[\(place)] = \(scaled("x", scaling));")
        body.close()
        place += 1
      case .cyclic:
        helpers.insert(.circle)
        body.line("\(buffer)[\(place)] = \(buffer)[\(place + 1)] = 0.0f;")
        body.line(
          "if (is_date) $circle(($part(&time, \(number)) - \(C.double(part.part.first))) / \(C.double(part.part.period ?? 1)), \(buffer) + \(place));"
        )
        place += 2
      }
    }
  }

  /// A number as the network sees it.
  private mutating func scaled(_ x: String, _ scaling: Scaling?) -> String {
    guard let scaling else { return x }
    guard scaling.knots.isEmpty else {
      helpers.insert(.share)
      let table = constantName("knots")
      constants.line()
      constants.array(
        "static const float \(table)[\(scaling.knots.count)]", scaling.knots.map { C.float($0) })
      return "$share(\(x), \(table), \(scaling.knots.count))"
    }
    return "(float)(((double)\(x) - \(C.double(scaling.offset))) / \(C.double(scaling.scale)))"
  }

  /// A name for a table of the source.
  mutating func constantName(_ stem: String) -> String {
    let name = "$\(stem)_\(tensors.count)"
    tensors[name] = name
    return name
  }
}
