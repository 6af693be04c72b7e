/// What callbacks are asked, and what they see.
///
/// A callback is taken out of the array for its turn: it may look at the whole fit, the others' memory included.
extension FitRun: FitUnderWay {
  var learningRate: Double {
    get { state.optimizer.settings.shownRate(step: state.iterations) }
    set {
      let old = learningRate
      guard newValue != old else { return }
      guard state.optimizer.settings.schedule == nil else {
        setsScheduledRate = true
        return
      }
      state.optimizer.learningRate = newValue
      plan.optimizer.learningRate = newValue
      observer?.learningRateChanged(epoch: epoch, from: old, to: newValue)
    }
  }

  var epoch: Int { open == nil ? state.epochsDone : state.epochsDone + 1 }

  var stepInEpoch: Int { open?.step ?? 0 }

  var runningValues: [(name: String, value: Double)] {
    if let open { return trainingValues(open) }
    return records.last?.values ?? []
  }

  func beginCallbacks() throws(EngineError) {
    var values: [(name: String, direction: MetricDirection?)] = [("loss", .minimize)]
    for metric in options.metrics { values.append((metric.name, metric.direction)) }
    // Whether one of these epochs is measured or not: those who watch it wait, as in Keras.
    if validation != nil {
      for value in values { values.append(("val_" + value.name, value.direction)) }
    }
    var start = CallbackStart(values: values)
    start.schedule = state.optimizer.settings.schedule?.name
    for index in callbacks.indices { try callbacks[index].begin(&start) }
  }

  func ask(about record: EpochRecord) {
    var logs = record
    for index in turns {
      var callback = callbacks[index]
      let action = callback.epochEnded(&logs, self)
      callbacks[index] = callback
      follow(action, of: index)
    }
  }

  func askAfterStep() {
    for index in turns {
      guard let interval = callbacks[index].stepInterval, interval > 0, steps % interval == 0 else {
        continue
      }
      var callback = callbacks[index]
      let action = callback.stepEnded(self)
      callbacks[index] = callback
      follow(action, of: index)
    }
    scheduleSteps()
  }

  func scheduleSteps() {
    let next = callbacks.compactMap { callback -> Int? in
      guard let interval = callback.stepInterval, interval > 0 else { return nil }
      return (steps / interval + 1) * interval
    }
    nextStepCall = next.min() ?? .max
  }

  private func follow(_ action: CallbackAction, of index: Int) {
    if setsScheduledRate, failure == nil {
      failure = .callbackFailed(
        callback: index, reason: "the learning rate follows a schedule and cannot be set")
    }
    switch action {
    case .proceed: break
    case .stop: isStopping = true
    case .fail(let reason):
      if failure == nil { failure = .callbackFailed(callback: index, reason: reason) }
    }
  }
}
