import NNData
import NNEngine

extension CSourceExport {
  private static let rowCount = 6

  /// A `main` that checks rows made up from what the preparation has learned, so that no row of anybody's table is in the source.
  func selfTest() throws(ExportError) -> String {
    let inputs = model.preprocessor.inputs
    let columns = inputs.map { sample(of: $0) }
    let expected: [[Float]]
    do {
      let table = try Table(source: "self-test", columns: columns)
      expected = try answers(table)
    } catch let error as DataError {
      throw .file(ModelFileError(error, path: "the self-test"))
    } catch {
      throw .ownFunction("\(error)")
    }
    let count = expected.count
    guard count > 0 else { return "" }
    let width = expected.first?.count ?? 0
    var text = CText()
    text.line()
    text.line("#ifdef NN_SELF_TEST")
    text.line()
    text.open("int main(void)")
    text.array(
      "static const $input rows[\(count)]",
      (0..<count).map { row in
        "{" + (columns.isEmpty ? "0" : columns.map { cell(of: $0, row: row) }.joined(separator: ", ")) + "}"
      }, perLine: 1)
    text.array(
      "static const float expected[\(count)][\(width)]",
      expected.map { "{" + $0.map { C.float($0) }.joined(separator: ", ") + "}" }, perLine: 1)
    text.line("int wrong = 0;")
    text.open("for (int i = 0; i < \(count); i++)")
    text.line("$output answer;")
    text.line("float found[\(width)];")
    text.open("if ($predict(&rows[i], &answer) != 0)")
    text.line("printf(\"row %d: no answer\\n\", i + 1);")
    text.line("wrong++;")
    text.line("continue;")
    text.close()
    if model.classes != nil {
      let isMargins = if case .margins = model.answer { true } else { false }
      text.line(
        "for (int j = 0; j < \(width); j++) found[j] = answer.\(isMargins ? "margins" : "probabilities")[j];")
    } else {
      for (index, target) in targets.enumerated() { text.line("found[\(index)] = answer.\(target);") }
    }
    text.open("for (int j = 0; j < \(width); j++)")
    text.line("const float size = fabsf(expected[i][j]) > 1.0f ? fabsf(expected[i][j]) : 1.0f;")
    text.line("const float difference = fabsf(found[j] - expected[i][j]);")
    text.open("if (!(difference <= 1e-4f * size))")
    text.line(
      "printf(\"row %d: %.9g, and nn says %.9g\\n\", i + 1, (double)found[j], (double)expected[i][j]);")
    text.line("wrong++;")
    text.close()
    text.close()
    text.close()
    text.line("if (wrong == 0) printf(\"\(count) rows agree\\n\");")
    text.line("return wrong == 0 ? 0 : 1;")
    text.close()
    text.line()
    text.line("#endif")
    return text.text
  }

  /// What nn answers: a target's numbers, or each class's.
  private func answers(_ table: Table) throws -> [[Float]] {
    let features = try model.preprocessor.features(of: table).matrix
    let outputs = try model.network.predict(features, threads: 1)
    guard let classes = model.classes else {
      let values = model.preprocessor.unscaleTargets(outputs)
      return (0..<values.rows).map { row in
        Array(values.values[row * values.columns..<(row + 1) * values.columns])
      }
    }
    let isMargins = if case .margins = model.answer { true } else { false }
    return (0..<outputs.rows).map { row in
      let values = Array(outputs.values[row * outputs.columns..<(row + 1) * outputs.columns])
      guard values.count == 1, classes.count == 2 else { return values }
      return [isMargins ? -values[0] : 1 - values[0], values[0]]
    }
  }

  /// Cells from all over what training has seen, one missing where that is allowed, and one unseen.
  private func sample(of input: InputColumn) -> Column {
    switch input.encoding {
    case .number(let fill, let scaling):
      let steps: [Double] = [-1.2, 0.4, 1.7, 0, 0.05, -0.3]
      let numbers = (0..<Self.rowCount).map { row -> Float in
        if row == 3, fill != nil { return .nan }
        guard let scaling else { return Float(steps[row]) }
        if !scaling.knots.isEmpty { return scaling.knots[(scaling.knots.count - 1) * row / Self.rowCount] }
        return Float(scaling.offset + scaling.scale * steps[row])
      }
      return Column(name: input.name, numbers: numbers)
    case .oneHot(let categories, let rare, _): return texts(input, categories + rare)
    case .ordinal(let categories, _, _): return texts(input, categories)
    case .hash: return texts(input, ["one", "2", "3.50"])
    case .date:
      return texts(input, ["2013-05-17 14:30", "17 Nov 2012", "12/31/2019 5:06:07 PM", "20200229", "08:15"])
    }
  }

  private func texts(_ input: InputColumn, _ known: [String]) -> Column {
    let cells = (0..<Self.rowCount).map { row -> String? in
      if row == 3 { return nil }
      if row == 4 || known.isEmpty { return "unseen" }
      return known[row % known.count]
    }
    return Column(name: input.name, texts: cells)
  }

  private func cell(of column: Column, row: Int) -> String {
    switch column.values {
    case .numeric(let numbers): C.float(numbers[row])
    case .categorical(let codes, let categories):
      codes[row] < 0 ? "NULL" : C.string(categories[Int(codes[row])])
    }
  }
}
