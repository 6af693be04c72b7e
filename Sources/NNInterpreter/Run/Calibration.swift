import NNModelIO

/// What `calibrate` learned: logits z became `scale · z + offset`, folded into the last dense layer's weights.
///
/// So whatever uses the model, exports included, gives calibrated probabilities without knowing of it; this record only says that
/// it was done.
struct Calibration: Sendable, Equatable {
  enum Method: String, Sendable, CaseIterable {
    /// All logits divided by one number.
    case temperature
    /// Of two classes, the logit scaled and shifted (Platt).
    case platt
  }

  var method: Method
  /// 1 / temperature.
  var scale: Double
  /// Of the logit of the second of two classes.
  var offset: Double
  /// How many rows it was learned on.
  var rows: Int
}

extension Calibration {
  var record: CalibrationRecord {
    CalibrationRecord(method: method.rawValue, scale: scale, offset: offset, rows: rows)
  }

  /// Nil where a later version knows a method that this one does not: it is told, and not needed.
  init?(_ record: CalibrationRecord) {
    guard let method = Method(rawValue: record.method) else { return nil }
    self.init(method: method, scale: record.scale, offset: record.offset, rows: record.rows)
  }
}
