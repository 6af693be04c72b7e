import CKernels

/// a · sigmoid(b), a being the first half of a row's units and b the second: half as many come out (Dauphin et al. 2017).
public struct GLU: Activation {
  public let name = "glu"
  public init() {}
  public var kernel: ActivationKernel { ActivationKernel(CK_GLU, needsInput: true) }

  public func outputWidth(inputWidth: Int) throws(EngineError) -> Int {
    guard inputWidth.isMultiple(of: 2) else { throw .oddWidth(activation: name, width: inputWidth) }
    return inputWidth / 2
  }
}
