import NNDiagnostics
import NNSyntax

@testable import NNInterpreter

/// A thing of the catalog that a text names, or one of its options that the text gives.
struct Item: Hashable, Comparable {
  /// `layer`, a kind of component, or `option of fit`.
  var kind: String
  /// The catalog's own name.
  var name: String
  var option: String?

  static func < (a: Item, b: Item) -> Bool {
    (a.kind, a.name, a.option ?? "") < (b.kind, b.name, b.option ?? "")
  }
}

/// Reads from a script's tree, by the catalog alone, what the script names.
struct ItemReader {
  private(set) var items: Set<Item> = []

  static func items(of text: String) -> Set<Item> {
    var reader = ItemReader()
    for statement in parse(SourceFile(name: "fixture", text: text)).script.statements {
      guard case .flow(let flow) = statement else { continue }
      for stage in flow.stages { reader.read(stage) }
    }
    return reader.items
  }

  private mutating func read(_ stage: NNSyntax.Stage) {
    if case .block(let block) = stage.tail { read(block) }
    guard let declaration = Catalog.stage(named: stage.name.text)?.declaration else { return }
    read(stage.arguments, of: declaration, kind: "stage")
  }

  private mutating func read(_ block: Block) {
    for node in block.layers {
      if let name = node.name, let entry = Catalog.layer(named: name.text) {
        items.insert(Item(kind: "layer", name: entry.name))
        read(node.arguments, of: entry, kind: "layer")
      }
      if let block = node.block { read(block) }
    }
  }

  private mutating func read(_ arguments: [Argument], of declaration: any Declaration, kind: String) {
    var positional = declaration.positionalOptions[...]
    for argument in arguments {
      let option =
        argument.name.map { declaration.option(named: $0.text) } ?? positional.popFirst()
      guard let option else { continue }
      items.insert(Item(kind: kind, name: declaration.name, option: option.name))
      read(argument.value, componentKinds(of: option.type))
    }
  }

  private mutating func read(_ value: Value, _ kinds: [ComponentKind]) {
    switch value {
    case .word(let text, _): _ = find(text, kinds)
    case .call(let call):
      if let (declaration, kind) = find(call.name.text, kinds) {
        read(call.arguments, of: declaration, kind: kind.rawValue)
      }
    case .list(let values, _):
      for value in values { read(value, kinds) }
    default: break
    }
  }

  private mutating func find(_ text: String, _ kinds: [ComponentKind]) -> (any Declaration, ComponentKind)? {
    for kind in kinds {
      if let declaration = Catalog.component(kind, named: text) {
        items.insert(Item(kind: kind.rawValue, name: declaration.name))
        return (declaration, kind)
      }
    }
    return nil
  }

  private func componentKinds(of type: OptionType) -> [ComponentKind] {
    switch type {
    case .component(let kind): [kind]
    case .list(let inner), .someOf(let inner), .optional(let inner): componentKinds(of: inner)
    case .either(let first, let second): componentKinds(of: first) + componentKinds(of: second)
    default: []
    }
  }
}
