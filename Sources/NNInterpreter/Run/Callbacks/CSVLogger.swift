import NNData
import NNEngine

/// Writes a line for each whole epoch, in Keras 3's format to the byte: `epoch` from 0, then the values of the first epoch
/// by name; where it had none of validation rows, a `val_` column for each as well. What an epoch lacks is `NA`.
struct CSVLogger: Callback {
  let path: String
  let separator: Character
  let appends: Bool

  private var file: LogFile?
  private var names: [String]?
  /// Where in the file this fit's lines begin.
  private var start = 0
  private var writesHeader = true
  /// A callback before this one adds the learning rate to the logs.
  private var hasRate = false

  init(path: String, separator: Character, appends: Bool) {
    self.path = path
    self.separator = separator
    self.appends = appends
  }

  mutating func begin(_ start: inout CallbackStart) throws(EngineError) {
    do throws(DataError) {
      try makeFolders(above: expandingTilde(path))
      let file = try LogFile(path: expandingTilde(path), appends: appends)
      self.file = file
      self.start = file.size
    } catch {
      throw .callbackFailed(error.description)
    }
    names = nil
    writesHeader = self.start == 0
    hasRate = start.values.contains { $0.name == learningRateName }
  }

  mutating func epochEnded(_ logs: inout EpochRecord, _ fit: any FitUnderWay) -> CallbackAction {
    do throws(DataError) {
      try file?.write(text(for: logs))
      return .proceed
    } catch {
      return .fail(error.description)
    }
  }

  private mutating func text(for logs: EpochRecord) -> String {
    var text = ""
    if names == nil {
      var names = logs.values.map(\.name).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      if !names.contains(where: { $0.hasPrefix("val_") }) { names += names.map { "val_" + $0 } }
      self.names = names
      if writesHeader { text += line(["epoch"] + names) }
    }
    let cells = (names ?? []).map { name in logs[name].map { PythonNumber.text($0) } ?? "NA" }
    return text + line([String(logs.epoch - 1)] + cells)
  }

  /// Quoted where Python's csv module quotes, and with its line end.
  private func line(_ cells: [String]) -> String {
    let quoted = cells.map { cell in
      let isPlain = !cell.unicodeScalars.contains {
        $0 == "\"" || $0 == "\r" || $0 == "\n" || Character($0) == separator
      }
      return isPlain ? cell : "\"" + cell.replacing("\"", with: "\"\"") + "\""
    }
    return quoted.joined(separator: String(separator)) + "\r\n"
  }

  mutating func end(_ reason: StopReason, _ fit: any FitUnderWay) -> CallbackEnd {
    file = nil
    return CallbackEnd()
  }

  var memory: CallbackMemory {
    CallbackMemory(numbers: ["start": Double(start), "header": writesHeader ? 1 : 0])
  }

  /// The epochs before are written anew, for the file may hold others that came after them.
  mutating func restore(_ memory: CallbackMemory, _ fit: any FitUnderWay) throws(EngineError) {
    if appends {
      start = min(memory.numbers["start"].flatMap { Int(exactly: $0) } ?? start, start)
      writesHeader = memory.numbers["header"] != 0
    }
    do throws(DataError) {
      try file?.cut(to: max(start, 0))
      for record in fit.records where !record.isPartial {
        var logs = record
        if hasRate { logs.set(learningRateName, Double(Float(record.learningRate))) }
        try file?.write(text(for: logs))
      }
    } catch {
      throw .callbackFailed(error.description)
    }
  }
}
