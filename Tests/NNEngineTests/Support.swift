@testable import NNEngine

/// Data that a small network can learn: numbers from the counter-based generator and smooth functions of them.
func syntheticMatrix(rows: Int, columns: Int, seed: UInt64, scale: Float = 1) -> Matrix {
  let values = uniform([rows, columns], -scale, scale, Philox(seed: seed, purpose: "test"))
  return Matrix(rows: rows, columns: columns, values: values)
}

/// Targets that depend on the features, so that a loss can fall.
func syntheticRegression(rows: Int, inputs: Int, outputs: Int, seed: UInt64 = 1) -> Dataset {
  let x = syntheticMatrix(rows: rows, columns: inputs, seed: seed)
  var y: [Float] = []
  for row in 0..<rows {
    for unit in 0..<outputs {
      var sum: Float = 0.1 * Float(unit)
      for column in 0..<inputs {
        let value = x.values[row * inputs + column]
        sum += value * value * Float((column + unit) % 3) - 0.5 * value
      }
      y.append(sum)
    }
  }
  return Dataset(features: x, targets: Matrix(rows: rows, columns: outputs, values: y))
}

/// Class ids from 0 by the sign pattern of the features.
func syntheticClasses(rows: Int, inputs: Int, classes: Int, seed: UInt64 = 2) -> Dataset {
  let x = syntheticMatrix(rows: rows, columns: inputs, seed: seed)
  let ids = (0..<rows).map { row -> Float in
    let sum = (0..<inputs).reduce(Float(0)) { $0 + x.values[row * inputs + $1] * Float($1 + 1) }
    return Float(((Int((sum * 2).rounded(.down)) % classes) + classes) % classes)
  }
  return Dataset(features: x, targets: Matrix(rows: rows, columns: 1, values: ids))
}

func oneHot(_ data: Dataset, classes: Int) -> Dataset {
  var values = [Float](repeating: 0, count: data.targets.rows * classes)
  for (row, id) in data.targets.values.enumerated() { values[row * classes + Int(id)] = 1 }
  return Dataset(
    features: data.features, targets: Matrix(rows: data.targets.rows, columns: classes, values: values),
    weights: data.weights)
}

/// A data set that gives no more than so many rows at a time.
struct Parts: RowSource {
  var data: Dataset
  var windowRows: Int
  var blockRows = 16
  /// The row from which on nothing can be read.
  var end = Int.max
  /// How many rows are left out of a part's end.
  var lacking = 0

  var rowCount: Int { data.rowCount }
  var shape: RowShape { data.shape }

  func rows(_ ranges: [Range<Int>]) throws(EngineError) -> Dataset {
    if ranges.contains(where: { $0.upperBound > end }) { throw .rowsUnreadable("the disk is gone") }
    let part = try data.rows(ranges)
    return lacking == 0 ? part : try part.rows([0..<max(part.rowCount - lacking, 0)])
  }
}
