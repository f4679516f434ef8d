extension Workload {
  mutating func visit(_ walk: inout QuantityWalk<some QuantityVisitor>) {
    let prefix = "workload/\(id)/"
    arrival.visit(&walk, prefix + "arrival/", thinking: &scales.thinkTime)
    walk.visitor.visit(
      &userComputation, scale: &scales.userComputation, unit: .seconds,
      title: "mean user computation of a request, at the reference speed",
      name: prefix + "user-computation")
    walk.visitor.visit(
      &responseBytes, scale: &scales.response, unit: .bytes, title: "mean size of a response",
      name: prefix + "response")
    operations.visit(&walk, "per request", prefix + "operation/")
    if var files {
      walk(&files.count, "files", prefix + "files", whole: true)
      walk(&files.meanBytes, "mean file size", prefix + "file-bytes")
      walk(&files.zipfExponent, "Zipf exponent of the files", prefix + "zipf")
      walk(&files.commonShare, "files alike in all guests", prefix + "common-share")
      self.files = files
    }
    processes.visit(&walk, prefix)
    walk(&workingSetBytes, "working set", prefix + "working-set")
    if var background {
      walk(&background.period, "period of background work", prefix + "background/period")
      walk(
        &background.userSeconds, "user time of a round of background work",
        prefix + "background/user")
      background.operations.visit(
        &walk, "per round of background work", prefix + "background/operation/")
      self.background = background
    }
    walk(&workers, "workers", prefix + "workers", whole: true)
    walk(&backlog, "requests that may wait", prefix + "backlog", whole: true)
  }
}

extension Arrival {
  fileprivate mutating func visit(
    _ walk: inout QuantityWalk<some QuantityVisitor>, _ prefix: String,
    thinking scale: inout Quantity
  ) {
    let rateTitle = "requests per second and guest"
    switch self {
    case .poisson(var rate):
      walk(&rate, rateTitle, prefix + "rate")
      self = .poisson(rate: rate)
    case .bursty(var rate, var peakToMean, var burstSeconds, var shareInBursts):
      walk(&rate, rateTitle, prefix + "rate")
      walk(&peakToMean, "peak to mean", prefix + "peak-to-mean")
      walk(&burstSeconds, "length of a burst", prefix + "burst")
      walk(&shareInBursts, "share of requests in bursts", prefix + "in-bursts")
      self = .bursty(
        rate: rate, peakToMean: peakToMean, burstSeconds: burstSeconds,
        shareInBursts: shareInBursts)
    case .closed(var users, var thinkTime):
      walk(&users, "users", prefix + "users", whole: true)
      walk.visitor.visit(
        &thinkTime, scale: &scale, unit: .seconds, title: "mean think time",
        name: prefix + "think-time")
      self = .closed(users: users, thinkTime: thinkTime)
    }
  }
}

extension [OperationCount] {
  fileprivate mutating func visit(
    _ walk: inout QuantityWalk<some QuantityVisitor>, _ per: String, _ prefix: String
  ) {
    var names = RepeatedNames()
    for index in indices {
      let operation = self[index].operation
      walk(
        &self[index].count, "\(operation.title) \(per)",
        names.numbered(prefix + operation.rawValue))
    }
  }
}

extension ProcessDemand {
  fileprivate mutating func visit(
    _ walk: inout QuantityWalk<some QuantityVisitor>, _ prefix: String
  ) {
    walk(&baseProcesses, "processes without load", prefix + "base-processes", whole: true)
    walk(&baseAnonymousBytes, "anonymous memory without load", prefix + "base-anonymous")
    walk(&workerAnonymousBytes, "anonymous memory of a worker", prefix + "worker-anonymous")
    walk(&spareWorkers, "spare workers", prefix + "spare-workers", whole: true)
    walk(&activeShare, "anonymous memory touched in a minute", prefix + "active-share")
    walk(&textBytes, "program text", prefix + "text")
    walk(&kernelBytesPerProcess, "kernel memory of a process", prefix + "kernel-per-process")
    walk(&socketsPerWorker, "sockets of a worker", prefix + "sockets", whole: true)
    walk(&imageBytes, "system image", prefix + "image")
    walk(&dataBytes, "private data on disk", prefix + "data")
  }
}
