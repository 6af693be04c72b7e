import NNData
import NNEngine
import SwiftProtobuf

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension EventFile {
  /// The network, a node a layer; blocks are boxes that open.
  public func graph(of network: Network) throws(DataError) {
    var builder = GraphBuilder()
    builder.add(network)
    var graph = TBGraphDef()
    graph.node = builder.nodes
    graph.versions.producer = 22
    var event = TBEvent()
    event.graphDef = (try? graph.serializedData()) ?? Data()
    try write(event)
  }
}

/// A network's layers as nodes.
private struct GraphBuilder {
  private(set) var nodes: [TBNodeDef] = []
  private var names: Set<String> = []

  mutating func add(_ network: Network) {
    let input = node("features", "Placeholder", [], width: network.inputWidth)
    _ = add(network.layers, scope: "", input, width: network.inputWidth)
  }

  private mutating func add(_ layers: [any Layer], scope: String, _ input: String, width: Int) -> String {
    var last = input
    var width = width
    for layer in layers {
      last = add(layer, scope: scope, last, width: width)
      width = (try? layer.outputWidth(inputWidth: width)) ?? width
    }
    return last
  }

  private mutating func add(_ layer: any Layer, scope: String, _ input: String, width: Int) -> String {
    let after = (try? layer.outputWidth(inputWidth: width)) ?? width
    switch layer {
    case let layer as Repeat:
      return add(layer.copies, scope: unique(scope + "repeat") + "/", input, width: width)
    case let layer as Residual:
      let box = unique(scope + "residual") + "/"
      let inner = add(layer.layers, scope: box, input, width: width)
      return node(box + "add", "Add", [input, inner], width: after)
    case let layer as Parallel:
      let box = unique(scope + "parallel") + "/"
      var ends: [String] = []
      for (index, branch) in layer.branches.enumerated() {
        ends.append(add(branch, scope: "\(box)branch_\(index + 1)/", input, width: width))
      }
      return node(box + "join", "Concat", ends, width: after)
    case let layer as Dense:
      let product = node(scope + "dense", "Dense", [input], width: layer.units)
      if layer.activation is Linear { return product }
      return node(scope + layer.activation.name, layer.activation.name, [product], width: after)
    case let layer as ActivationLayer:
      return node(scope + layer.activation.name, layer.activation.name, [input], width: after)
    default:
      return node(scope + layer.kind, layer.kind, [input], width: after)
    }
  }

  private mutating func unique(_ name: String) -> String {
    var found = name
    var number = 1
    while !names.insert(found).inserted {
      found = "\(name)_\(number)"
      number += 1
    }
    return found
  }

  private mutating func node(_ name: String, _ operation: String, _ inputs: [String], width: Int) -> String {
    var node = TBNodeDef()
    node.name = unique(name)
    node.op = operation
    node.input = inputs
    var shape = TBShapeDef()
    shape.dim = [-1, Int64(width)].map { size in
      var dimension = TBShapeDef.Dim()
      dimension.size = size
      return dimension
    }
    var list = TBAttrValue()
    list.list.shape = [shape]
    node.attr = ["_output_shapes": list]
    nodes.append(node)
    return node.name
  }
}
