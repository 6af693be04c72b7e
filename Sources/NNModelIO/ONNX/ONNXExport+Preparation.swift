import NNData

extension ONNXExport {
  /// Raw columns to the features [rows × width] that the network takes.
  mutating func preparation() throws(ExportError) -> String {
    let inputs = model.preprocessor.inputs
    for input in inputs {
      if case .hash = input.encoding { throw .hashedColumn(input.name) }
    }
    // All names of columns first: no value within the graph may have one of theirs.
    var raw: [[String]] = []
    for input in inputs { raw.append(self.raw(input)) }
    var parts: [String] = []
    var index = 0
    while index < inputs.count {
      let end = plainNumbers(from: index)
      if end > index {
        parts.append(numbers(Array(inputs[index..<end]), raw[index..<end].compactMap(\.first)))
        index = end
      } else {
        parts += column(inputs[index], raw[index])
        index += 1
      }
    }
    guard parts.count > 1 else { return parts.first ?? "" }
    return builder.node("Concat", parts, [.init("axis", int: 1)])
  }

  /// The graph's inputs for a column: itself, or the parts of a date, which no operator reads off a text.
  private mutating func raw(_ input: InputColumn) -> [String] {
    switch input.encoding {
    case .number: return [builder.input(input.name, .float, doc: "a number; NaN where it is missing")]
    case .oneHot(let categories, let rare, _):
      let known = (categories + rare).prefix(50).joined(separator: ", ")
      return [builder.input(input.name, .string, doc: "one of \(known); \"\" where it is missing")]
    case .ordinal(let categories, _, _):
      let known = categories.prefix(50).joined(separator: ", ")
      return [builder.input(input.name, .string, doc: "one of \(known); \"\" where it is missing")]
    case .hash: return []
    case .date(let encoding, _):
      return encoding.parts.map { part in
        builder.input(
          "\(input.name).\(part.part.rawValue)", .float,
          doc: part.part.meaning + "; NaN where the date is missing")
      }
    }
  }

  /// One past the last of the numbers without a column of their own for holes and without quantiles, which are prepared together.
  private func plainNumbers(from start: Int) -> Int {
    var end = start
    for input in model.preprocessor.inputs[start...] {
      guard case .number(_, let scaling) = input.encoding, scaling?.knots.isEmpty ?? true, !input.hasIndicator
      else { break }
      end += 1
    }
    return end
  }

  private mutating func numbers(_ columns: [InputColumn], _ raw: [String]) -> String {
    var values = raw.count == 1 ? raw[0] : builder.node("Concat", raw, [.init("axis", int: 1)])
    var fills: [Float] = []
    var scalings: [Scaling?] = []
    for case .number(let fill, let scaling) in columns.map(\.encoding) {
      fills.append(fill ?? .nan)
      scalings.append(scaling)
    }
    if fills.contains(where: { !$0.isNaN }) {
      let fill = builder.floats(builder.constantName("fill"), fills, shape: [fills.count])
      values = builder.node("Where", [builder.node("IsNaN", [values]), fill, values])
    }
    return scaled(values, scalings)
  }

  /// (x − offset) / scale in double, as nn has it.
  private mutating func scaled(_ values: String, _ scalings: [Scaling?]) -> String {
    guard scalings.contains(where: { $0 != nil }) else { return values }
    let offsets = builder.doubles(
      builder.constantName("offset"), scalings.map { $0?.offset ?? 0 }, shape: [scalings.count])
    let scales = builder.doubles(
      builder.constantName("scale"), scalings.map { $0?.scale ?? 1 }, shape: [scalings.count])
    let moved = builder.node("Sub", [builder.cast(values, to: .double), offsets])
    return builder.cast(builder.node("Div", [moved, scales]), to: .float)
  }

  private mutating func scaled(_ value: String, _ scaling: Scaling?) -> String {
    guard let scaling else { return value }
    return scaling.knots.isEmpty ? scaled(value, [scaling]) : share(of: value, scaling.knots)
  }

  /// The share of the training rows' values below one, by linear interpolation between knots (``Scaling``).
  private mutating func share(of value: String, _ knots: [Float]) -> String {
    let count = knots.count
    let table = builder.floats(builder.constantName("knots"), knots, shape: [1, count])
    let wideKnots = builder.doubles(builder.constantName("knots"), knots.map(Double.init), shape: [count])
    let one = builder.integers(builder.constantName("axis"), [1], shape: [1])
    func total(_ mask: String, _ builder: inout ONNXBuilder) -> String {
      builder.node("ReduceSum", [builder.cast(mask, to: .int64), one], [.init("keepdims", int: 1)])
    }
    // The first knot that is not below the value, and the last one that is not above it.
    let unit = builder.integers(builder.constantName("unit"), [1], shape: [])
    let none = builder.integers(builder.constantName("first"), [0], shape: [])
    let last = builder.integers(builder.constantName("last"), [count - 1], shape: [])
    let above = total(builder.node("Less", [table, value]), &builder)
    let notAbove = total(builder.node("LessOrEqual", [table, value]), &builder)
    let below = builder.node("Sub", [notAbove, unit])
    func knot(_ index: String, _ builder: inout ONNXBuilder) -> String {
      let bounded = builder.node("Min", [builder.node("Max", [index, none]), last])
      return builder.node("Gather", [wideKnots, bounded], [.init("axis", int: 0)])
    }
    let low = knot(below, &builder)
    let high = knot(above, &builder)
    let wide = builder.cast(value, to: .double)
    let wideBelow = builder.cast(below, to: .double)
    let wideAbove = builder.cast(above, to: .double)
    let middle = builder.node("Div", [builder.node("Add", [wideAbove, wideBelow]), builder.double(2)])
    let fraction = builder.node(
      "Div", [builder.node("Sub", [wide, low]), builder.node("Sub", [high, low])])
    let between = builder.node("Add", [wideBelow, fraction])
    let isKnot = builder.node("LessOrEqual", [above, below])
    let place = builder.node("Where", [isKnot, middle, between])
    let share = builder.cast(
      builder.node("Div", [place, builder.double(Double(count - 1))]), to: .float)
    let isLow = builder.node("LessOrEqual", [value, builder.float(knots.first ?? 0)])
    let isHigh = builder.node("GreaterOrEqual", [value, builder.float(knots.last ?? 0)])
    let bounded = builder.node(
      "Where", [isLow, builder.float(0), builder.node("Where", [isHigh, builder.float(1), share])])
    return builder.node("Where", [builder.node("IsNaN", [value]), value, bounded])
  }

  /// The features of a column that is prepared by itself.
  private mutating func column(_ input: InputColumn, _ raw: [String]) -> [String] {
    var parts: [String] = []
    switch input.encoding {
    case .number(let fill, let scaling):
      guard var value = raw.first else { return [] }
      if let fill {
        value = builder.node("Where", [builder.node("IsNaN", [value]), builder.float(fill), value])
      }
      parts.append(scaled(value, scaling))
    case .oneHot(let categories, let rare, let fill):
      guard let text = raw.first else { return [] }
      let width = categories.count + (rare.isEmpty ? 0 : 1)
      let lookup = CategoryKeys(categories + rare, fill: fill)
      let places = lookup.places.map { min($0, categories.count) }
      let code = builder.node(
        "LabelEncoder", [text],
        [
          .init("keys_strings", texts: lookup.keys), .init("values_int64s", ints: places),
          .init("default_int64", int: rare.isEmpty ? -1 : categories.count),
        ], ml: true)
      let all = builder.integers(
        builder.constantName("categories"), Array(0..<max(width, 1)), shape: [1, max(width, 1)])
      if width > 0 { parts.append(builder.cast(builder.node("Equal", [code, all]), to: .float)) }
    case .ordinal(let categories, let fill, let scaling):
      guard let text = raw.first else { return [] }
      let lookup = CategoryKeys(categories, fill: fill)
      let code = builder.node(
        "LabelEncoder", [text],
        [
          .init("keys_strings", texts: lookup.keys),
          .init("values_floats", floats: lookup.places.map(Float.init)),
          .init("default_float", float: -1),
        ], ml: true)
      parts.append(scaled(code, scaling))
    case .hash: break
    case .date(let encoding, let fill):
      let absent = encoding.numbers(of: fill ?? "")
      for (index, value) in raw.enumerated() {
        parts += datePart(encoding.parts[index], value, absent: absent?[index])
      }
    }
    if input.hasIndicator, let first = raw.first { parts.append(indicator(first, input)) }
    return parts
  }

  private mutating func indicator(_ raw: String, _ input: InputColumn) -> String {
    switch input.encoding {
    case .number, .date: return builder.cast(builder.node("IsNaN", [raw]), to: .float)
    default:
      return builder.node(
        "LabelEncoder", [raw],
        [
          .init("keys_strings", texts: [""]), .init("values_floats", floats: [1]),
          .init("default_float", float: 0),
        ], ml: true)
    }
  }

  /// - Parameter absent: what the part is where the date is missing and another stands for it.
  private mutating func datePart(
    _ part: DateEncoding.Part, _ value: String, absent: Double?
  ) -> [String] {
    let isMissing = builder.node("IsNaN", [value])
    switch part.form {
    case .number(let mean, let scaling):
      let fill = builder.float(absent.map { Float($0) } ?? mean)
      return [scaled(builder.node("Where", [isMissing, fill, value]), scaling)]
    case .cyclic:
      let fill = builder.float(absent.map { Float($0) } ?? .nan)
      let filled = builder.node("Where", [isMissing, fill, value])
      let start = builder.double(part.part.first)
      let turn = builder.double(2 * Double.pi / (part.part.period ?? 1))
      let angle = builder.cast(
        builder.node("Mul", [builder.node("Sub", [builder.cast(filled, to: .double), start]), turn]),
        to: .float)
      let isUnknown = builder.node("IsNaN", [angle])
      return ["Sin", "Cos"].map { operation in
        builder.node("Where", [isUnknown, builder.float(0), builder.node(operation, [angle])])
      }
    }
  }
}
