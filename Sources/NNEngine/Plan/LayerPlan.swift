import CKernels

/// A layer with its buffers and kernels, ready to run.
protocol LayerPlan: AnyObject {
  var output: MatrixView { get }
  /// Where the gradient of the loss by the output is written, if the plan trains.
  var outputGradient: MatrixView? { get }
  /// What went into the output's activation, if it is kept, and which activation that is.
  var logits: MatrixView? { get }
  var outputActivation: ck_activation { get }
  /// Fills `output` for the first rows of the input.
  func forward(rows: Int, step: UInt64)
  /// From `outputGradient` to the gradients of weights and input.
  func backward(rows: Int)
  /// The share that some rows have in the penalty on the output's activity, a mean over a batch of `batch` rows.
  func penalty(_ rows: Range<Int>, of batch: Int) -> Float
}

extension LayerPlan {
  var logits: MatrixView? { nil }
  var outputActivation: ck_activation { CK_LINEAR }
  func penalty(_ rows: Range<Int>, of batch: Int) -> Float { 0 }
}

/// A layer that the engine can plan.
protocol PlannedLayer: Layer {
  /// Nil if the layer does nothing here, such as dropout outside of training.
  func makePlan(_ site: LayerSite) -> (any LayerPlan)?
  /// Does the layer leave its input as it is?
  func isIdentity(training: Bool) -> Bool
  /// The activation that its output comes from.
  var lastActivation: ck_activation { get }
  /// About how many floats a row takes in its buffers; in double, for sums of sizes must not overflow.
  func bufferFloats(inputWidth: Int) -> Double
}

extension PlannedLayer {
  func isIdentity(training: Bool) -> Bool { false }
  var lastActivation: ck_activation { CK_LINEAR }
  func bufferFloats(inputWidth: Int) -> Double {
    Double(paddedWidth((try? outputWidth(inputWidth: inputWidth)) ?? inputWidth))
  }
}

extension [any Layer] {
  func bufferFloats(inputWidth: Int) -> Double {
    var width = inputWidth
    var sum = 0.0
    for case let layer as any PlannedLayer in self {
      sum += layer.bufferFloats(inputWidth: width)
      width = (try? layer.outputWidth(inputWidth: width)) ?? width
    }
    return sum
  }
}

/// Where a layer stands in a plan.
struct LayerSite {
  /// Its place in the network, as in `layers.0`, which names its weights and random draws.
  let path: String
  let resources: PlanResources
  let input: MatrixView
  let outputWidth: Int
  /// Where the gradient by the input goes; nil if no layer before has weights.
  let inputGradient: MatrixView?
  /// The loss is computed from the logits: keep them, and take `outputGradient` as the gradient by them.
  let fused: Bool
  /// With `fused`: are the predictions wanted as well?
  let wantsPredictions: Bool
  /// Keep the logits, for a metric that looks behind the activation as the loss may.
  let keepsLogits: Bool
}

extension LayerSite {
  var rows: Int { resources.rows }
  var arena: Arena { resources.arena }
  var parameters: ParameterStore { resources.parameters }
  var executor: Executor { resources.executor }
  var seed: UInt64 { resources.seed }
  var training: Bool { resources.training }
  var shards: ShardCut? { resources.shards }
}

/// What all layers of a plan share.
struct PlanResources {
  /// The most rows of a batch.
  let rows: Int
  let arena: Arena
  let parameters: ParameterStore
  let executor: Executor
  let seed: UInt64
  let training: Bool
  /// See ``NetworkPlan``.
  var keepsWeights = false
  /// How batches are cut, where they are.
  var shards: ShardCut?
  /// Products over the rows of several shards; nil where there are not several here.
  var shardedProduct: ShardedProduct?
}
