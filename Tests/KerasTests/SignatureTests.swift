import Testing

@testable import NNInterpreter

/// Every name and argument of Keras is known to the catalog, with Keras's default, or is listed as absent.
@Suite struct SignatureTests {
  static let kinds = Fixtures.signatures.keys.sorted()

  @Test func thereAreSignatures() { #expect(Self.kinds.count == 10) }

  @Test(arguments: kinds) func kerasNamesWork(_ kind: String) throws {
    for name in try #require(Fixtures.signatures[kind]).keys.sorted() {
      let entry = declaration(kind, name)
      if Absences.reason(name: name, kind: kind) != nil {
        #expect(entry == nil, "the \(kind) \(name) has arrived, and is still listed as absent")
      } else {
        #expect(entry != nil, "there is no \(kind) \(name)")
      }
    }
  }

  @Test(arguments: kinds) func kerasArgumentsWork(_ kind: String) throws {
    for (name, arguments) in try #require(Fixtures.signatures[kind]).sorted(by: { $0.key < $1.key }) {
      guard let entry = declaration(kind, name) else { continue }
      for (argument, signature) in arguments.sorted(by: { $0.key < $1.key }) {
        guard let option = entry.option(named: argument) else {
          #expect(
            Absences.reason(argument: argument, kind: kind) != nil, "\(kind) \(name) has no \(argument)")
          continue
        }
        let differs = Absences.allowsDefault(kind: kind, name: name, argument: argument)
        #expect(
          isDefault(signature.value, of: option) != differs,
          "\(kind) \(name) \(argument) is \(shown(option)) by default, in Keras \(signature)")
      }
    }
  }

  private func declaration(_ kind: String, _ name: String) -> (any Declaration)? {
    if kind == "layer" { return Catalog.layer(named: name) }
    return ComponentKind(rawValue: kind).flatMap { Catalog.component($0, named: name) }
  }

  private func isDefault(_ expected: SignatureArgument.Default, of option: OptionDeclaration) -> Bool {
    var value = option.defaultValue
    if case .list(let entries)? = value, entries.count == 1 { value = entries[0].value }
    return isDefault(expected, value, option)
  }

  private func isDefault(
    _ expected: SignatureArgument.Default, _ value: BoundValue?, _ option: OptionDeclaration
  ) -> Bool {
    switch (expected, value) {
    case (.required, nil): option.isRequired
    case (.none, nil), (.none, .some(.none)): true
    // Keras's None of an activation is the linear one.
    case (.none, .component(let component)?): component.name == "linear"
    case (.boolean(let value), .boolean(let other)?): value == other
    case (.number(let value), .number(let other)?), (.number(let value), .duration(let other)?):
      value == other
    case (.number(let value), .integer(let other)?): value == Double(other)
    case (.text(let text), .text(let other)?): text.lowercased() == other.lowercased()
    case (.text(let text), .component(let component)?):
      Catalog.component(component.kind, named: text.lowercased())?.name == component.name
    default: false
    }
  }

  private func shown(_ option: OptionDeclaration) -> String {
    switch option.defaultValue {
    case nil: option.isRequired ? "required" : "nothing"
    case .component(let component)?: component.name
    case .text(let text)?: text
    case .number(let value)?: "\(value)"
    case .integer(let value)?: "\(value)"
    case .boolean(let value)?: "\(value)"
    case let value?: "\(value)"
    }
  }
}
