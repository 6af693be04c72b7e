/// A named thing of the catalog, and how to make it from its bound options.
public struct Entry<Product>: Sendable {
  public let name: String
  public let aliases: [String]
  /// One line of help, without a full stop.
  public let summary: String
  public let options: [OptionDeclaration]
  public let exclusive: [[String]]
  let make: @Sendable (BoundArguments) -> Product

  init(
    _ name: String, aliases: [String] = [], _ summary: String, options: [OptionDeclaration] = [],
    exclusive: [[String]] = [], make: @escaping @Sendable (BoundArguments) -> Product
  ) {
    self.name = name
    self.aliases = aliases
    self.summary = summary
    self.options = options
    self.exclusive = exclusive
    self.make = make
  }
}

/// What the binder and help need to know of an entry, whatever it makes.
public protocol Declaration: Sendable {
  var name: String { get }
  var aliases: [String] { get }
  var summary: String { get }
  var options: [OptionDeclaration] { get }
  /// Groups of options of which at most one may be given.
  var exclusive: [[String]] { get }
}

extension Entry: Declaration {}

extension Declaration {
  public var exclusive: [[String]] { [] }

  func isNamed(_ text: String) -> Bool { name == text || aliases.contains(text) }

  func option(named text: String) -> OptionDeclaration? { options.first { $0.isNamed(text) } }

  /// The options that may stand without a name, in order.
  var positionalOptions: [OptionDeclaration] { options.filter(\.isPositional) }
}
