import NNDiagnostics
import NNSyntax

/// Where in a script the cursor stands, read off the tokens before it: the text around it is being typed, and rarely parses.
struct CursorContext {
  enum Place {
    /// In a comment, in a string that names no file, in something that nothing is known of.
    case nothing
    /// A stage may begin; a statement, too, if none has begun.
    case stage(startsStatement: Bool)
    case layer
    /// An option's name, or a value that needs no name.
    case argument(Owner)
    case value(OptionDeclaration, Owner)
    /// `$name`, or a number.
    case variable
    /// The column or metric that `filter` and `expect` compare.
    case subject(String)
  }

  /// What takes the arguments around the cursor.
  struct Owner {
    var declaration: any Declaration
    var isCall: Bool
    /// Options that have been given, by their names in the catalog.
    var given: Set<String> = []
    /// How many values stand without a name.
    var positionals = 0
    /// The first value that stands without a name, or the one behind `path=`.
    var path: String?

    /// The options that a value without a name may be for, the likeliest first.
    var nextPositionals: [OptionDeclaration] {
      if let variadic = openPositionals.first(where: \.isVariadic) { return [variadic] }
      return Array(openPositionals.dropFirst(positionals))
    }

    /// The options that may still be named.
    var openOptions: [OptionDeclaration] {
      let taken = Set(openPositionals.prefix(positionals).map(\.name))
      return declaration.options.filter { !given.contains($0.name) && !taken.contains($0.name) }
    }

    private var openPositionals: [OptionDeclaration] {
      declaration.positionalOptions.filter { !given.contains($0.name) }
    }
  }

  private(set) var place = Place.nothing
  /// The word that the cursor stands in or behind; empty where a new one begins.
  private(set) var word: Span
  private(set) var typed = ""
  /// The word is within quotes.
  private(set) var isQuoted = false
  /// Where the stage around the cursor begins, and what stands before it that is not of its flow: `let x =`, the
  /// beginnings of bodies.
  private(set) var stageStart: Int
  private(set) var openings: [Span] = []

  /// - Parameter definitions: what takes arguments by a name that a `def` before the source gives; the source's own are read
  ///   from it.
  init(_ source: SourceFile, at offset: Int, definitions: [String: StageDeclaration] = [:]) {
    let offset = min(max(offset, 0), source.bytes.count)
    word = Span(offset, offset)
    stageStart = offset
    let lexed = tokenize(SourceFile(name: source.name, bytes: Array(source.bytes[..<offset])))
    if let comment = lexed.comments.last, comment.span.end == offset { return }
    var tokens = lexed.tokens.filter { $0.kind != .end }
    var isVariable = false
    if let last = tokens.last, last.span.end == offset {
      switch last.kind {
      case .word(let text):
        (word, typed) = (last.span, text)
        tokens.removeLast()
      case .variable(let name, _):
        (word, typed, isVariable) = (last.span, "$" + name, true)
        tokens.removeLast()
      case .invalid where source.text(last.span).hasPrefix("$"):
        (word, typed, isVariable) = (last.span, "$", true)
        tokens.removeLast()
      case .invalid, .string:
        // A string that is not closed yet; one that is, is complete.
        guard lexed.problems.contains(where: { $0.code == "E0109" && $0.span.end == last.span.end }) else {
          return
        }
        (word, typed, isQuoted) = (last.span, String(source.text(last.span).dropFirst()), true)
        tokens.removeLast()
      default: break
      }
    }
    var frames = Self.frames(tokens, touching: word.start)
    stageStart = frames.last { $0.isFlow }?.itemStart ?? word.start
    if frames.last?.items.isEmpty == true, frames.last?.isFlow == true { stageStart = word.start }
    for frame in frames where frame.isFlow { openings += frame.openings }
    let own = Self.definitions(SourceFile(name: source.name, bytes: Array(source.bytes[..<offset])))
    place =
      isVariable ? .variable : Self.place(&frames, definitions.merging(own) { _, own in own })
    if case .nothing = place { return }
    if isQuoted, case .stage = place { place = .nothing }
  }
}

// MARK: Tokens to frames

extension CursorContext {
  fileprivate enum Item {
    case word(String)
    case assign
    /// Between the arguments of a call.
    case comma
    /// Any other value.
    case other(String?)
  }

  /// An open bracket, or the text as a whole, with what stands in it since the last separator.
  fileprivate struct Frame {
    enum Bracket: Equatable {
      case script, body, block, list, arithmetic, formals
      case call(String)
    }

    var bracket: Bracket
    var items: [Item] = []
    var itemStart = 0
    /// No `|` before the stage.
    var startsStatement = true
    /// Options that a call has been given before the last comma.
    var before: [Item] = []
    var openings: [Span] = []

    var isFlow: Bool { bracket == .script || bracket == .body }

    mutating func add(_ item: Item, at start: Int) {
      if items.isEmpty { itemStart = start }
      items.append(item)
    }

    mutating func separate(isPipe: Bool = false) {
      if bracket.isCall { before += items + [.comma] }
      items = []
      startsStatement = !isPipe
      if !isPipe { openings = [] }
    }
  }

  fileprivate static func frames(_ tokens: [Token], touching wordStart: Int) -> [Frame] {
    var frames = [Frame(bracket: .script)]
    func isOpen(_ bracket: Frame.Bracket) -> Bool { frames.count > 1 && frames.last?.bracket == bracket }
    for (index, token) in tokens.enumerated() {
      let last = frames.count - 1
      let next = index + 1 < tokens.count ? tokens[index + 1] : nil
      let isInside = !frames[last].isFlow && frames[last].bracket != .block
      switch token.kind {
      case .newline:
        if isInside || next?.is(.pipe) == true { continue }
        if frames[last].items.isEmpty, !frames[last].startsStatement { continue }
        frames[last].separate()
      case .word(let text): frames[last].add(.word(text), at: token.span.start)
      case .string(let literal):
        let text = literal.pieces.map { if case .text(let text) = $0 { text } else { "" } }.joined()
        frames[last].add(.other(text), at: token.span.start)
      case .variable, .invalid: frames[last].add(.other(nil), at: token.span.start)
      case .end: break
      case .mark(let mark):
        switch mark {
        case .semicolon: frames[last].separate()
        case .pipe: frames[last].separate(isPipe: true)
        case .comma: frames[last].separate()
        case .assign:
          frames[last].add(.assign, at: token.span.start)
          // What `let x =` begins is a flow of its own.
          if frames[last].isFlow, case .word("let")? = frames[last].items.first, frames[last].items.count == 3
          {
            frames[last].openings.append(Span(frames[last].itemStart, token.span.end))
            frames[last].items = []
            frames[last].startsStatement = false
          }
        case .openParenthesis:
          if case .word("def")? = frames[last].items.first {
            frames.append(Frame(bracket: .formals))
          } else if case .word(let name)? = frames[last].items.last, index > 0,
            tokens[index - 1].span.end == token.span.start
          {
            frames.append(Frame(bracket: .call(name)))
          } else {
            frames.append(Frame(bracket: .arithmetic))
          }
        case .openBracket: frames.append(Frame(bracket: .list))
        case .openAngle:
          if case .word(let stage)? = frames[last].items.first, stage == "filter" || stage == "expect" {
            frames[last].add(.other(nil), at: token.span.start)
          } else {
            frames.append(Frame(bracket: .block))
          }
        case .openBrace:
          frames[last].openings.append(Span(frames[last].itemStart, token.span.end))
          frames.append(Frame(bracket: .body))
        case .closeParenthesis:
          guard frames.count > 1 else { continue }
          let isCall = frames[last].bracket.isCall
          guard isCall || isOpen(.arithmetic) || isOpen(.formals) else { continue }
          frames.removeLast()
          if isCall { frames[last - 1].items.removeLast() }
          frames[last - 1].add(.other(nil), at: token.span.start)
        case .closeBracket:
          guard isOpen(.list) else { continue }
          frames.removeLast()
          frames[last - 1].add(.other(nil), at: token.span.start)
        case .closeAngle, .closeBrace:
          guard isOpen(mark == .closeAngle ? .block : .body) else {
            frames[last].add(.other(nil), at: token.span.start)
            continue
          }
          frames.removeLast()
          if mark == .closeBrace, !frames[last - 1].openings.isEmpty {
            frames[last - 1].openings.removeLast()
          }
          frames[last - 1].separate(isPipe: true)
        case .lessOrEqual, .greaterOrEqual, .equal, .notEqual:
          frames[last].add(.other(nil), at: token.span.start)
        }
      }
    }
    return frames
  }
}

extension CursorContext.Frame.Bracket {
  fileprivate var isCall: Bool { if case .call = self { true } else { false } }
}

// MARK: Frames to a place

extension CursorContext {
  /// The definitions in a text, by what stands in their parentheses alone.
  private static func definitions(_ source: SourceFile) -> [String: StageDeclaration] {
    guard source.bytes.firstRange(of: Array("def".utf8)) != nil else { return [:] }
    var found: [String: StageDeclaration] = [:]
    for case .definition(let definition) in parse(source).script.statements {
      found[definition.name.text] = StageDeclaration(
        definition.name.text, "a definition of this script",
        options: definition.formals.map {
          OptionDeclaration(
            $0.name.text, .anything, positional: true, required: $0.defaultValue == nil,
            "the value of `$\($0.name.text)` in its body")
        })
    }
    return found
  }

  fileprivate static func place(_ frames: inout [Frame], _ definitions: [String: StageDeclaration]) -> Place {
    guard let frame = frames.popLast() else { return .nothing }
    switch frame.bracket {
    case .script, .body:
      guard let first = frame.items.first else { return .stage(startsStatement: frame.startsStatement) }
      // A flow that starts from `$base` goes on behind a `|`.
      guard case .word(let name) = first else { return .nothing }
      if name == "expect" || name == "filter" { return frame.items.count == 1 ? .subject(name) : .variable }
      if name == "include" { return frame.items.count == 1 ? includePlace : .nothing }
      guard let declaration = Catalog.stage(named: name)?.declaration ?? definitions[name] else {
        return .nothing
      }
      return place(in: Owner(declaration: declaration, isCall: false), frame.items.dropFirst())
    case .block:
      guard let first = frame.items.first else { return .layer }
      guard case .word(let name) = first,
        let layer: any Declaration = Catalog.layer(named: name) ?? definitions[name]
      else { return .nothing }
      return place(in: Owner(declaration: layer, isCall: false), frame.items.dropFirst())
    case .call(let name):
      // The name itself is what the option takes.
      frames[frames.count - 1].items.removeLast()
      guard let entry = component(name, in: place(&frames, definitions)) else { return .nothing }
      let items = frame.before + frame.items
      return place(in: Owner(declaration: entry, isCall: true), items[...])
    case .list:
      switch place(&frames, definitions) {
      case .value(let option, let owner): return .value(option, owner)
      case .argument(let owner):
        guard let option = owner.nextPositionals.first(where: \.type.isList) else { return .nothing }
        return .value(option, owner)
      default: return .nothing
      }
    case .arithmetic: return .variable
    case .formals: return .nothing
    }
  }

  private static let includePlace: Place = .value(
    OptionDeclaration("path", .text("a file"), positional: true, required: true, "a script, ending in .nn"),
    Owner(declaration: StageDeclaration("include", "takes the names of another script"), isCall: false))

  /// The component of a call's name: of the kind that is wanted here, or of any.
  private static func component(_ name: String, in place: Place) -> (any Declaration)? {
    var kinds: [ComponentKind] = []
    switch place {
    case .value(let option, _): kinds = option.type.kinds
    case .argument(let owner): kinds = owner.nextPositionals.flatMap(\.type.kinds)
    default: break
    }
    for kind in kinds + ComponentKind.allCases {
      if let entry = Catalog.component(kind, named: name) { return entry }
    }
    return nil
  }

  /// Reads what has been given, and what the next word is for.
  fileprivate static func place(in owner: Owner, _ items: ArraySlice<Item>) -> Place {
    var owner = owner
    var items = items
    while let item = items.popFirst() {
      switch item {
      case .word(let name):
        let option = owner.declaration.option(named: name)
        if case .assign? = items.first {
          items.removeFirst()
          if let option { owner.given.insert(option.name) }
          guard let value = items.popFirst() else { return option.map { .value($0, owner) } ?? .nothing }
          if option?.name == "path" { owner.path = value.text }
        } else if let option, !owner.isCall {
          owner.given.insert(option.name)
          if case .boolean = option.type { continue }
          guard let value = items.popFirst() else { return .value(option, owner) }
          if option.name == "path" { owner.path = value.text }
        } else {
          if owner.path == nil { owner.path = name }
          owner.positionals += 1
        }
      case .other(let text):
        if owner.path == nil { owner.path = text }
        owner.positionals += 1
      case .assign, .comma: break
      }
    }
    return .argument(owner)
  }
}

extension CursorContext.Item {
  fileprivate var text: String? {
    switch self {
    case .word(let text): text
    case .other(let text): text
    case .assign, .comma: nil
    }
  }
}

extension OptionType {
  /// All kinds of components that it takes, in order.
  var kinds: [ComponentKind] {
    switch self {
    case .component(let kind): [kind]
    case .list(let type), .someOf(let type), .optional(let type): type.kinds
    case .either(let first, let second): first.kinds + second.kinds
    default: []
    }
  }
}
