import NNReport

/// A name of the session and what it stands for, for people.
public struct SessionName: Sendable, Hashable {
  /// `$lr`, `$base`, `train`
  public var name: String
  /// `value`, `flow`, `stages`, `layers`
  public var kind: String
  /// `0.01`, `iris[150×5] → 12-3`, `train(epochs, lr=0.01)`
  public var meaning: String
}

extension Interpreter {
  /// All names of the session: values, flows, then definitions, each sorted.
  public var meanings: [SessionName] {
    let values = scope.names.compactMap { name -> SessionName? in
      guard case .value(let constant)? = scope[name] else { return nil }
      return SessionName(name: "$" + name, kind: "value", meaning: escapingControls(constant.printed))
    }
    let flows = scope.names.compactMap { name -> SessionName? in
      guard case .flow(let future)? = scope[name] else { return nil }
      let state = FlowState(future.experiment).text
      return SessionName(name: "$" + name, kind: "flow", meaning: state.isEmpty ? "nothing yet" : state)
    }
    let definitions = scope.allDefinitions.map {
      SessionName(
        name: $0.name.text, kind: $0.isOfLayers ? "layers" : "stages", meaning: escapingControls($0.signature)
      )
    }
    return values + flows + definitions
  }
}
