/// Branches that all see the same input; their outputs stand side by side. A branch without layers gives the input itself.
public struct Parallel: Layer {
  public let kind = "parallel"
  public var branches: [[any Layer]]

  public init(branches: [[any Layer]]) { self.branches = branches }

  public func outputWidth(inputWidth: Int) throws(EngineError) -> Int {
    guard !branches.isEmpty else { throw .noLayers }
    var width = 0
    for branch in branches {
      let (sum, overflow) = width.addingReportingOverflow(try branch.outputWidth(inputWidth: inputWidth))
      guard !overflow, sum < 1 << 31 else { throw .tooLarge(what: "branches side by side") }
      width = sum
    }
    return width
  }

  public func parameters(inputWidth: Int) -> [ParameterSpecification] {
    branches.enumerated().flatMap { index, branch in
      branch.parameters(inputWidth: inputWidth, path: "branches.\(index).layers")
    }
  }
}
