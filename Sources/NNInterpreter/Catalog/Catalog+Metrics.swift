import NNEngine

/// Makes a metric once the loss, and so the form of the target, is known.
typealias MetricProduct = @Sendable (LossProduct.Target) -> any Metric

extension Catalog {
  /// Metrics, under the names they have in the history. Every loss is a metric too.
  static let metrics: [Entry<MetricProduct>] =
    [
      Entry("rmse", aliases: ["root_mean_squared_error"], "root of the mean squared error") { _ in
        { @Sendable _ in RootMeanSquaredErrorMetric() }
      },
      Entry("r2", aliases: ["r2_score"], "share of the variance explained") { _ in
        { @Sendable _ in R2Score() }
      },
      Entry("accuracy", aliases: ["acc"], "share of rows whose class is right") { _ in
        { @Sendable target in
          switch target {
          case .binary, .numbers: BinaryAccuracy()
          case .sparseClasses: SparseCategoricalAccuracy()
          case .oneHotClasses: CategoricalAccuracy()
          }
        }
      },
    ]
    + losses.map { loss in
      Entry(loss.name, aliases: loss.aliases, loss.summary, options: loss.options) { arguments in
        let product = loss.make(arguments)
        let name = loss.name
        return { @Sendable _ in LossMetric(product.loss, name: name) }
      }
    }

  static func makeMetric(_ component: Component) -> MetricProduct? {
    metrics.first { $0.name == component.name }?.make(component.arguments)
  }
}
