import Statistics
import Virtualization

/// Reads a workload.
struct WorkloadReader {
  let findings: Findings

  /// The workload, or nil where a distribution could not be read.
  func read(_ tree: Tree, id: String) -> Workload? {
    let map = MappingReader(tree, .workload, findings, label: id)
    let title = map.text("title")
    let source = map.text("source")
    var scales = DistributionScales()
    let arrival = arrival(map.mapping("arrival", .arrival), &scales)
    let operations = map.list("operations").compactMap(stated)
    let computation = map.distribution("user-computation", scale: &scales.userComputation)
    let response = map.distribution("response", scale: &scales.response)
    let files = map.value("files").map { tree -> FileSet in
      let files = MappingReader(tree, .files, findings, label: "files")
      return FileSet(
        count: files.quantity("count"), meanBytes: files.quantity("mean-size"),
        zipfExponent: files.quantity("zipf-exponent"), commonShare: files.quantity("common-share"))
    }
    let processes = processes(map.mapping("processes", .processes))
    let workingSet = map.quantity("working-set")
    let round = map.value("background").map(background)
    let (workers, backlog) = (map.quantity("workers"), map.quantity("backlog"))
    guard let arrival, let computation, let response else { return nil }
    let workload = Workload(
      id: id, title: title, arrival: arrival, operations: operations.map(\.entry),
      userComputation: computation, responseBytes: response, files: files, processes: processes,
      workingSetBytes: workingSet, background: round?.work, workers: workers, backlog: backlog,
      source: source, scales: scales)
    refuseTrips(
      of: workload, in: operations, most: HostSimulation.mostTripsOfRequest, what: "request")
    refuseTrips(
      of: workload, in: round?.stated ?? [], most: HostSimulation.mostTripsOfRound,
      what: "round of background work")
    return workload
  }

  /// An operation of a mix and the mapping that states it.
  private struct Stated {
    var entry: OperationCount
    var tree: Tree
  }

  private func stated(_ tree: Tree) -> Stated? {
    operation(tree).map { Stated(entry: $0, tree: tree) }
  }

  /// Refuses more trips to the disk than the program of a request can hold, where the operation
  /// stands that exceeds them; uncertain counts may be drawn as high as their upper ends.
  private func refuseTrips(
    of workload: Workload, in operations: [Stated], most: Int, what: String
  ) {
    var trips = 0.0
    for stated in operations where workload.isTrip(stated.entry) {
      let count = stated.entry.count
      trips += max(count.value, count.high).rounded(.up)
      guard trips > Double(most) else { continue }
      findings.error(
        .value,
        "with `\(stated.entry.operation.rawValue)` there can be \(NumberText.write(trips)) trips "
          + "to the disk in one \(what); at most \(most) can be simulated, so state fewer, larger "
          + "ones, or split the \(what)",
        at: (stated.tree["count"] ?? stated.tree).place)
      return
    }
  }

  private static let keysOfProcess = [
    "poisson": ["rate"], "bursty": ["rate", "peak-to-mean", "burst"],
    "closed": ["users", "think-time"],
  ]

  private func arrival(
    _ map: MappingReader, _ scales: inout DistributionScales
  ) -> Arrival? {
    guard let process = map.choice("process"), let keys = Self.keysOfProcess[process] else {
      return nil
    }
    for key in keys where !map.has(key) { map.missing(key, "A \(process) arrival needs it.") }
    let allowed = keys + (process == "bursty" ? ["in-bursts"] : [])
    for field in Section.arrival.fields
    where field.key != "process" && !allowed.contains(field.key) {
      guard let stray = map.tree[field.key] else { continue }
      findings.error(
        .unknownKey,
        "`\(field.key)` does not go with `process: \(process)`, which takes "
          + allowed.map { "`\($0)`" }.joined(separator: ", "), at: stray.place)
    }
    switch process {
    case "poisson": return .poisson(rate: map.quantity("rate"))
    case "bursty":
      return .bursty(
        rate: map.quantity("rate"), peakToMean: map.quantity("peak-to-mean"),
        burstSeconds: map.quantity("burst"),
        shareInBursts: map.optionalQuantity("in-bursts") ?? Arrival.usualShareInBursts)
    default:
      let users = map.quantity("users")
      return map.distribution("think-time", scale: &scales.thinkTime)
        .map { .closed(users: users, thinkTime: $0) }
    }
  }

  private func operation(_ tree: Tree) -> OperationCount? {
    if tree["do"]?.text == Operation.userComputation.rawValue, let place = tree["do"]?.place {
      findings.error(
        .value,
        "`user-computation` is not an operation of the list; give its time by the key "
          + "`user-computation` of the workload", at: place)
      return nil
    }
    let map = MappingReader(tree, .operation, findings, label: "operation")
    guard !map.isVoid else { return nil }
    let operation = map.choice("do").flatMap(Operation.init(rawValue:))
    let count = map.quantity("count")
    var attributes = Attributes()
    for attribute in Attribute.allCases {
      attributes[attribute] = map.amount(attribute.name)
    }
    let movesResponse = map.flag("moves-response")
    return operation.map {
      OperationCount($0, count: count, attributes: attributes, movesResponse: movesResponse)
    }
  }

  private func processes(_ map: MappingReader) -> ProcessDemand {
    ProcessDemand(
      baseProcesses: map.quantity("base"), baseAnonymousBytes: map.quantity("base-anonymous"),
      workerAnonymousBytes: map.quantity("worker-anonymous"),
      spareWorkers: map.quantity("spare-workers"), activeShare: map.quantity("active-share"),
      textBytes: map.quantity("text"), kernelBytesPerProcess: map.quantity("kernel-per-process"),
      socketsPerWorker: map.quantity("sockets-per-worker"), imageBytes: map.quantity("image"),
      dataBytes: map.quantity("data"))
  }

  private func background(_ tree: Tree) -> (work: BackgroundWork, stated: [Stated]) {
    let map = MappingReader(tree, .background, findings, label: "background")
    let stated = map.list("operations").compactMap(stated)
    let work = BackgroundWork(
      period: map.quantity("period"), userSeconds: map.quantity("user-computation"),
      operations: stated.map(\.entry))
    return (work, stated)
  }
}
