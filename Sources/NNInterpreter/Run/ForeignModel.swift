import NNData
import NNDiagnostics
import NNEngine
import NNModelIO

/// What a script says of a network that another program made, whose file knows no names as a rule.
struct ForeignNaming {
  var features: [String]?
  var targets: [String]?
  var classes: [String]?
  /// The data at hand.
  var data: DataSlot?

  init(features: [String]? = nil, targets: [String]? = nil, classes: [String]? = nil, data: DataSlot? = nil) {
    self.features = features
    self.targets = targets
    self.classes = classes
    self.data = data
  }

  var isGiven: Bool { features != nil || targets != nil || classes != nil }
}

extension ForeignNetwork {
  /// The network as if nn had saved it.
  ///
  /// Columns are named by `features=`, else by the graph, else by the data at hand, in its order; else they are `column1` and
  /// on, which the first columns of a table stand for. Of the last activation softmax and sigmoid tell of classes, and so do
  /// labels in the graph, `classes=` and the data's target; all else is numbers.
  func saved(_ naming: ForeignNaming, path: String) throws(Found) -> (
    model: SavedModel, hasPlaceholders: Bool
  ) {
    var layers = layers
    let last = lastActivation
    let known = naming.classes ?? classes
    let told = dataClasses(naming)
    var loss = CallRecord(name: "mse")
    var count: Int?
    if last == "softmax", outputWidth > 1 {
      (count, loss) = (outputWidth, CallRecord(name: "sparse_categorical_crossentropy"))
    } else if isPair || last == "sigmoid" && outputWidth == 1 {
      (count, loss) = (2, CallRecord(name: "binary_crossentropy"))
    } else if last == "log_softmax", outputWidth > 1 {
      // Without it these are logits, and nn makes probabilities of them.
      Self.dropLastActivation(&layers)
      (count, loss) = (outputWidth, Self.ofLogits("sparse_categorical_crossentropy"))
    } else if let classes = known ?? told {
      if outputWidth == 1, classes.count == 2 {
        (count, loss) = (2, Self.ofLogits("binary_crossentropy"))
      } else if outputWidth == classes.count {
        (count, loss) = (outputWidth, Self.ofLogits("sparse_categorical_crossentropy"))
      }
    }
    var classes: [String]?
    if let count {
      if let known, known.count != count {
        throw Found(
          ExportProblem.naming(
            path: path, what: "classes", wanted: count, found: known.count, isGiven: naming.classes != nil))
      }
      classes = known ?? (told?.count == count ? told : nil) ?? (0..<count).map { String($0) }
    } else if let given = naming.classes {
      throw Found(
        ExportProblem.naming(
          path: path, what: "classes", wanted: outputWidth, found: given.count, isGiven: true))
    }
    let targets = try targetNames(naming, count: classes == nil ? outputWidth : 1, path: path)
    let (features, hasPlaceholders) = try featureNames(naming, targets: targets, path: path)
    let preprocessor = Preprocessor(
      inputs: zip(features, columns).map { name, column in
        InputColumn(
          name: name, encoding: .number(fill: column.fill, scaling: column.scaling),
          hadMissing: column.fill != nil)
      }, outputs: targets.map { TargetColumn(name: $0) },
      targetKind: classes == nil ? .numeric : classes?.count == 2 ? .binary : .multiclass, classes: classes)
    let saved = SavedModel(
      version: version, inputWidth: columns.count, layers: layers, compile: CompileRecord(loss: loss),
      preprocessor: preprocessor, parameters: parameters)
    return (saved, hasPlaceholders)
  }

  private static func ofLogits(_ name: String) -> CallRecord {
    CallRecord(name: name, options: ["from_logits": .bool(true)])
  }

  private static func dropLastActivation(_ layers: inout [LayerRecord]) {
    guard let last = layers.indices.last else { return }
    if layers[last].name == "dense" {
      layers[last].options["activation"] = nil
    } else if layers.count > 1 {
      layers.removeLast()
    }
  }

  /// The classes of the data's target, if it holds any.
  private func dataClasses(_ naming: ForeignNaming) -> [String]? {
    guard let data = naming.data, let table = data.table else { return nil }
    let name = (naming.targets ?? data.roles.targets)?.first ?? data.candidates.last?.name
    guard let name, let column = table[name], column.isCategorical else { return nil }
    return column.classes
  }

  private func targetNames(_ naming: ForeignNaming, count: Int, path: String) throws(Found) -> [String] {
    if let given = naming.targets {
      guard given.count == count else {
        throw Found(
          ExportProblem.naming(path: path, what: "targets", wanted: count, found: given.count, isGiven: true))
      }
      return given
    }
    if let declared = naming.data?.roles.targets, declared.count == count { return declared }
    if let data = naming.data, data.roles.targets == nil, data.table != nil {
      let candidates = data.candidates.map(\.name)
      if candidates.count == columns.count + count { return Array(candidates.suffix(count)) }
    }
    let name = outputName.isEmpty ? "output" : outputName
    return count == 1 ? [name] : (1...max(count, 1)).map { "\(name).\($0)" }
  }

  private func featureNames(
    _ naming: ForeignNaming, targets: [String], path: String
  ) throws(Found) -> (names: [String], arePlaceholders: Bool) {
    if let given = naming.features {
      guard given.count == columns.count, Set(given).count == given.count else {
        throw Found(
          ExportProblem.naming(
            path: path, what: "features", wanted: columns.count, found: Set(given).count, isGiven: true))
      }
      return (given, false)
    }
    let named = columns.compactMap(\.name)
    if named.count == columns.count, Set(named).count == named.count, columns.count > 1 || naming.data == nil
    {
      return (named, false)
    }
    if let data = naming.data, data.table != nil {
      let names = data.roles.features ?? data.candidates.map(\.name).filter { !targets.contains($0) }
      guard names.count == columns.count else {
        throw Found(
          ExportProblem.naming(
            path: path, what: "features", wanted: columns.count, found: names.count, isGiven: false))
      }
      return (names, false)
    }
    return ((1...max(columns.count, 1)).map { "column\($0)" }, true)
  }
}

extension Table {
  /// The table with its first columns under the names of a network that has none of its own, and the last ones under its targets'
  /// where there are as many more.
  func named(features: [String], targets: [String], path: String) throws(Found) -> Table {
    if features.allSatisfy({ self[$0] != nil }) { return self }
    var table = self
    guard columns.count == features.count || columns.count == features.count + targets.count else {
      throw Found(
        ExportProblem.naming(
          path: path, what: "features", wanted: features.count, found: columns.count, isGiven: false))
    }
    for (index, name) in features.enumerated() { table.columns[index].name = name }
    for (index, name) in targets.enumerated() where features.count + index < columns.count {
      table.columns[features.count + index].name = name
    }
    return table
  }
}
