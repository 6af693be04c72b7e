import NNEngine

/// The fitted preparation of a table: raw columns to the numbers a network sees, and its numbers back. Everything in
/// it was learned from the training rows, except the list of classes, which is the whole table's.
///
/// Columns are bound by name; their order in a table does not matter.
public struct Preprocessor: Sendable, Hashable {
  /// One for each feature column, in the order of the matrix's columns.
  public var inputs: [InputColumn]
  public var outputs: [TargetColumn]
  public var weight: String?
  public var targetKind: TargetKind
  /// Sorted as numbers if all are, else by their bytes; `nil` for numeric targets.
  public var classes: [String]?
  /// What a row of each class counts in the training loss, where `balance` has learned it.
  public var classWeights: [Double]?
  /// What fitting found that a user should know; not saved.
  public var remarks: [PreparationRemark]

  public init(
    inputs: [InputColumn], outputs: [TargetColumn], weight: String? = nil, targetKind: TargetKind,
    classes: [String]? = nil, classWeights: [Double]? = nil, remarks: [PreparationRemark] = []
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.weight = weight
    self.targetKind = targetKind
    self.classes = classes
    self.classWeights = classWeights
    self.remarks = remarks
  }

  public var roles: Roles {
    Roles(features: inputs.map(\.name), targets: targetNames, weight: weight)
  }

  /// The names of the matrix's columns.
  public var featureNames: [String] { inputs.flatMap(\.featureNames) }

  public var featureWidth: Int { inputs.reduce(0) { $0 + $1.width } }

  public var targetNames: [String] { outputs.map(\.name) }

  /// The kinds with which a new file is to be read, as ``ReadOptions/hints``, so that it is read as the training file was.
  public var columnTypes: [String: ColumnKind] {
    var types: [String: ColumnKind] = [:]
    for input in inputs { types[input.name] = input.kind }
    for output in outputs { types[output.name] = classes == nil ? .numeric : .categorical }
    if let weight { types[weight] = .numeric }
    return types
  }

  /// A prediction in the units of the file.
  ///
  /// - Parameter matrix: [rows × targets]; one of another width comes back as it is.
  public func unscaleTargets(_ matrix: Matrix) -> Matrix {
    guard classes == nil, matrix.columns == outputs.count else { return matrix }
    var result = matrix
    for (column, output) in outputs.enumerated() {
      guard let scaling = output.scaling else { continue }
      var index = column
      while index < result.values.count {
        result.values[index] = scaling.undo(result.values[index])
        index += matrix.columns
      }
    }
    return result
  }
}
