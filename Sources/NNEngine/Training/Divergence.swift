/// The step at which a loss stopped being finite, taken once more without moving a weight: every range that it had.
public struct Divergence: Sendable {
  /// What some numbers of the step were.
  public struct Extent: Sendable {
    public enum Kind: String, Sendable, CaseIterable {
      case input, output, weight, gradient
    }

    public var kind: Kind
    /// The layer, from 0; nil for the network's input.
    public var layer: Int?
    /// `input`, `output`, or the tensor's name behind its layer: `kernel`.
    public var name: String
    /// Of those that are finite; NaN if none is.
    public var minimum: Double
    public var maximum: Double
    /// The mean of their magnitudes.
    public var meanMagnitude: Double
    /// How many are infinite or not a number.
    public var notFinite: Int
    public var count: Int

    /// The largest magnitude; infinite if any is not finite.
    public var magnitude: Double { notFinite > 0 ? .infinity : max(-minimum, maximum) }
  }

  /// From 1, as ``StopReason/nonFinite(epoch:step:layer:)`` has them.
  public var epoch: Int
  public var step: Int
  /// The first layer, from 0, whose output is not finite; nil if it is the loss alone.
  public var layer: Int?
  /// The batch: rows of the training rows, from 0, in the batch's order.
  public var rows: [Int]
  /// The batch's loss.
  public var loss: Float
  public var learningRate: Double
  /// √Σg² over all weights that training moves, with the weights as they were before the step.
  public var gradientNorm: Double
  /// The largest magnitude of each input column in the batch.
  public var inputs: [Float]
  /// Input, then layer by layer output, weights and their gradients.
  public var extents: [Extent]
}

extension Divergence.Extent {
  init(_ kind: Kind, layer: Int?, name: String, _ view: MatrixView, rows: Int) {
    var (minimum, maximum, sum, notFinite) = (Double.infinity, -Double.infinity, 0.0, 0)
    for row in 0..<rows {
      for column in 0..<view.columns {
        // SAFETY: a plan's views hold all rows of a batch and the columns that they say.
        let value = Double(view.base[row * view.stride + column])
        guard value.isFinite else {
          notFinite += 1
          continue
        }
        minimum = min(minimum, value)
        maximum = max(maximum, value)
        sum += abs(value)
      }
    }
    let count = rows * view.columns
    let finite = count - notFinite
    self.init(
      kind: kind, layer: layer, name: name, minimum: finite > 0 ? minimum : .nan,
      maximum: finite > 0 ? maximum : .nan, meanMagnitude: finite > 0 ? sum / Double(finite) : .nan,
      notFinite: notFinite, count: count)
  }
}

extension FitRun {
  /// Looks at the step at hand, which has been taken again: the same rows, random numbers keyed by its place, and weights that
  /// have not moved.
  ///
  /// - Parameters:
  ///   - start: where the batch begins in the pass.
  ///   - here: how many of its rows are here, where it is cut over ranks; inputs and outputs are looked at in those.
  func examine(start: Int, rows batch: Int, here rows: Int, epoch: Int, step: Int, layer: Int?, loss: Float)
    -> Divergence
  {
    let network = plan.network
    var extents = [Divergence.Extent(.input, layer: nil, name: "input", network.input, rows: rows)]
    var outputs: [Int: Divergence.Extent] = [:]
    for (layer, index) in zip(network.chain.layers, network.chain.layerIndices) {
      // Where the loss looks behind the last activation, that one need not have been computed.
      let view = index == network.chain.layerIndices.last ? layer.logits ?? layer.output : layer.output
      outputs[index] = Divergence.Extent(.output, layer: index, name: "output", view, rows: rows)
    }
    network.backward(rows: rows)
    let store = network.parameters
    var squares = 0.0
    for index in self.network.layers.indices {
      if let output = outputs[index] { extents.append(output) }
      for (entry, parameter) in zip(store.entries, self.network.parameters) where parameter.layer == index {
        let name = parameter.name.split(separator: ".").dropFirst(2).joined(separator: ".")
        func extent(_ kind: Divergence.Extent.Kind, _ values: UnsafeMutablePointer<Float>)
          -> Divergence.Extent
        {
          Divergence.Extent(
            kind, layer: index, name: name,
            MatrixView(base: values + entry.offset, columns: entry.columns, stride: entry.stride),
            rows: entry.rows)
        }
        extents.append(extent(.weight, store.values))
        guard entry.isTrainable else { continue }
        extents.append(extent(.gradient, store.gradients))
        for row in 0..<entry.rows {
          for column in 0..<entry.columns {
            let value = Double(store.gradients[entry.offset + row * entry.stride + column])
            squares += value * value
          }
        }
      }
    }
    return Divergence(
      epoch: epoch, step: step, layer: layer, rows: sourceRows(from: start, count: batch), loss: loss,
      learningRate: plan.optimizer.settings.shownRate(step: state.iterations),
      gradientNorm: squares.squareRoot(), inputs: largestInputs(rows: rows), extents: extents)
  }

  private func largestInputs(rows: Int) -> [Float] {
    let input = plan.network.input
    return (0..<input.columns).map { column in
      (0..<rows).reduce(Float(0)) { max($0, abs(input.base[$1 * input.stride + column])) }
    }
  }
}
