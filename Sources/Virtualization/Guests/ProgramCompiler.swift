/// Turns a workload's operation mixes into the stages of a request and of a round of periodic work.
struct ProgramCompiler {
  let workload: Workload
  let pricing: PathPricing
  /// The mix that is compiled.
  private var operations: [OperationCount]
  /// Most trips to the disk that one request can make, and one round of periodic work.
  static let maximumTrips = 1024
  static let maximumTripsOfRound = 100_000

  init(workload: Workload, pricing: PathPricing) {
    self.workload = workload
    self.pricing = pricing
    operations = workload.operations
  }

  func compile(into program: inout RequestProgram) throws(ModelError) {
    let speed = pricing.host.processors.speed.value
    guard speed > 0 else {
      throw ModelError(.invalidValue, "host \(pricing.host.id): speed must be greater than zero")
    }
    let slowdown = pricing.approach.userSlowdown.value
    program.userScale = slowdown / speed
    program.userSlowdownShare = (slowdown - 1) / slowdown

    try compileMix(
      "request", maximumTrips: Self.maximumTrips, repeatsTrips: false, into: &program)
    program.requestStages = program.stages.count
    try compileKernel(into: &program)
    guard let background = workload.background else { return }
    program.hasRounds = true
    program.backgroundPeriod = background.period.value
    program.backgroundUserSeconds = background.userSeconds.value
    var rounds = self
    rounds.operations = background.operations
    try rounds.compileMix(
      "round of background work", maximumTrips: Self.maximumTripsOfRound, repeatsTrips: true,
      into: &program)
  }

  /// The stages of one mix: each trip written down as often as it is made, or once with a way back.
  private func compileMix(
    _ what: String, maximumTrips: Int, repeatsTrips: Bool, into program: inout RequestProgram
  ) throws(ModelError) {
    try appendReceiving(to: &program)
    let work = try synchronousWork()
    let trips = try diskTrips(of: what, maximum: maximumTrips)
    let share = 1 / Double(trips.reduce(1) { $0 + $1.tries })
    for trip in trips {
      let first = program.stages.count
      for _ in 0..<(repeatsTrips ? 1 : trip.tries) {
        appendGuestWork(work, share: share, to: &program)
        try append(trip, to: &program)
      }
      guard repeatsTrips, trip.tries > 1 else { continue }
      var again = Stage(kind: .again)
      again.span = Int32(program.stages.count - first)
      again.repeats = Int32(trip.tries)
      append(again, fixed: MechanismVector(), to: &program)
    }
    appendGuestWork(work, share: share, to: &program)
    try appendSending(to: &program)
  }

  // MARK: Synchronous work

  struct Work {
    var fixed = MechanismVector()
    var perByte = MechanismVector()
  }

  private func synchronousWork() throws(ModelError) -> Work {
    var work = Work()
    for entry in operations
    where !entry.operation.isInputOutput && entry.operation != .userComputation {
      let once = try costs(of: entry, phases: [.call, .completion], elsewhere: false)
      work.fixed.add(once.fixed, times: entry.count.value)
      work.perByte.add(once.perByte, times: entry.count.value)
    }
    return work
  }

  /// Costs of one occurrence in some phases; shared hops apart when asked for.
  private func costs(
    of entry: OperationCount, phases: Set<Phase>, elsewhere: Bool, shared: Bool? = nil
  ) throws(ModelError) -> Work {
    var work = Work()
    let constant = attributes(of: entry, responseBytes: 0)
    try add(entry.operation, constant, phases, elsewhere, shared, to: &work.fixed)
    if entry.movesResponse {
      var one = MechanismVector()
      let slope = attributes(of: entry, responseBytes: 1)
      try add(entry.operation, slope, phases, elsewhere, shared, to: &one)
      work.perByte = one
      work.perByte.add(work.fixed, times: -1)
    }
    return work
  }

  private func attributes(of entry: OperationCount, responseBytes: Double) -> Attributes {
    var result = entry.attributes
    guard entry.movesResponse else {
      if result[.packets] == 0, entry.operation == .packetSend || entry.operation == .packetReceive
      {
        result[.packets] = (result[.bytes] / pricing.host.network.segmentBytes.value).rounded(.up)
      }
      return result
    }
    result[.bytes] += responseBytes
    result[.packets] += responseBytes / pricing.host.network.segmentBytes.value + 0.5
    return result
  }

  private func add(
    _ operation: Operation, _ attributes: Attributes, _ phases: Set<Phase>, _ elsewhere: Bool,
    _ shared: Bool?, to vector: inout MechanismVector
  ) throws(ModelError) {
    for priced in try pricing.hops(of: operation, with: attributes)
    where phases.contains(priced.hop.phase) && priced.hop.place.isElsewhere == elsewhere
      && (shared == nil || shared == priced.hop.isShared)
    {
      vector[priced.hop.mechanism] += priced.seconds
      vector[.kernelSlowdown] += priced.slowdownSeconds
    }
  }

  // MARK: Stages

  private func appendGuestWork(_ work: Work, share: Double, to program: inout RequestProgram) {
    var stage = Stage(kind: .guest)
    stage.userShare = share
    append(
      stage, fixed: work.fixed.scaled(by: share), perByte: work.perByte.scaled(by: share),
      to: &program)
  }

  private func append(
    _ stage: Stage, fixed: MechanismVector, perByte: MechanismVector = MechanismVector(),
    shared: MechanismVector = MechanismVector(), to program: inout RequestProgram
  ) {
    var stage = stage
    stage.fixed = fixed.total
    stage.perResponseByte = perByte.total
    stage.shared = shared.total
    program.stages.append(stage)
    program.fixedItems.append(fixed)
    program.perByteItems.append(perByte)
    program.sharedItems.append(shared)
  }

  private func appendDevice(
    _ kind: Stage.Kind, fixed: Double, perResponseByte: Double, to program: inout RequestProgram
  ) {
    var stage = Stage(kind: kind)
    stage.fixed = fixed
    stage.perResponseByte = perResponseByte
    program.stages.append(stage)
    program.fixedItems.append(MechanismVector())
    program.perByteItems.append(MechanismVector())
    program.sharedItems.append(MechanismVector())
  }

  /// Work in one phase of device operations, here or elsewhere, if there is any.
  private func appendPhase(
    _ kind: Stage.Kind, _ entries: [OperationCount], _ phases: Set<Phase>,
    to program: inout RequestProgram
  ) throws(ModelError) {
    var plain = Work()
    var shared = Work()
    for entry in entries {
      let elsewhere = kind == .backend
      let alone = try costs(of: entry, phases: phases, elsewhere: elsewhere, shared: false)
      let batched = try costs(of: entry, phases: phases, elsewhere: elsewhere, shared: true)
      plain.fixed.add(alone.fixed, times: entry.count.value)
      plain.perByte.add(alone.perByte, times: entry.count.value)
      shared.fixed.add(batched.fixed, times: entry.count.value)
    }
    guard plain.fixed.total + plain.perByte.total + shared.fixed.total > 0 else { return }
    append(
      Stage(kind: kind), fixed: plain.fixed, perByte: plain.perByte, shared: shared.fixed,
      to: &program)
  }

  private func deviceBytes(_ entries: [OperationCount]) -> (fixed: Double, perByte: Double) {
    var result = (fixed: 0.0, perByte: 0.0)
    for entry in entries {
      result.fixed += entry.count.value * entry.attributes[.bytes]
      if entry.movesResponse { result.perByte += entry.count.value }
    }
    return result
  }

  private func appendReceiving(to program: inout RequestProgram) throws(ModelError) {
    let entries = operations.filter { $0.operation == .packetReceive }
    guard !entries.isEmpty else { return }
    let bytes = deviceBytes(entries)
    appendDevice(.linkIn, fixed: bytes.fixed, perResponseByte: bytes.perByte, to: &program)
    try appendPhase(.backend, entries, [.backend, .backendCompletion], to: &program)
    try appendPhase(.guest, entries, [.call, .completion], to: &program)
  }

  private func appendSending(to program: inout RequestProgram) throws(ModelError) {
    let entries = operations.filter { $0.operation == .packetSend }
    guard !entries.isEmpty else { return }
    try appendPhase(.guest, entries, [.call, .completion], to: &program)
    try appendPhase(.backend, entries, [.backend, .backendCompletion], to: &program)
    let bytes = deviceBytes(entries)
    appendDevice(.linkOut, fixed: bytes.fixed, perResponseByte: bytes.perByte, to: &program)
  }

  // MARK: Trips to the disk

  struct Trip {
    var entry: OperationCount
    /// How often it is tried, each time with the probability.
    var tries: Int
    var condition: Stage.Condition
    var probability: Double
  }

  private func diskTrips(of what: String, maximum: Int) throws(ModelError) -> [Trip] {
    var trips: [Trip] = []
    var all = 0.0
    for entry in operations {
      let condition: Stage.Condition
      let operation: Operation
      switch entry.operation {
      case .fileRead where workload.files != nil: (condition, operation) = (.miss, .diskRead)
      case .diskRead: (condition, operation) = (.chance, .diskRead)
      case .diskWrite: (condition, operation) = (.chance, .diskWrite)
      default: continue
      }
      let count = entry.count.value
      guard count > 0 else { continue }
      let tries = count.rounded(.up)
      all += tries
      guard all <= Double(maximum) else {
        throw ModelError(
          .invalidValue,
          "workload \(workload.id): more than \(maximum) trips to the disk in one \(what); state "
            + "fewer, larger ones or split the \(what)")
      }
      var visit = entry
      visit.operation = operation
      visit.count.value = 1
      trips.append(
        Trip(entry: visit, tries: Int(tries), condition: condition, probability: count / tries))
    }
    return trips
  }

  private func append(_ trip: Trip, to program: inout RequestProgram) throws(ModelError) {
    let first = program.stages.count
    let entries = [trip.entry]
    let bytes = deviceBytes(entries)
    try appendPhase(.guest, entries, [.call], to: &program)
    try appendPhase(.backend, entries, [.backend], to: &program)
    appendDevice(.disk, fixed: bytes.fixed, perResponseByte: bytes.perByte, to: &program)
    try appendPhase(.backend, entries, [.backendCompletion], to: &program)
    try appendPhase(.guest, entries, [.completion], to: &program)
    program.stages[first].condition = trip.condition
    program.stages[first].probability = trip.probability
    program.stages[first].span = Int32(program.stages.count - first)
  }

  // MARK: Kernel

  private func compileKernel(into program: inout RequestProgram) throws(ModelError) {
    program.wakeupItems = try pricing.cost(of: .idleWakeup, with: Attributes())
    try compileTicks(into: &program)
    program.taskSwitchItems = try pricing.cost(of: .contextSwitch, with: Attributes())
    program.guestSwitchItems = try pricing.cost(of: .guestSwitch, with: Attributes())
  }
}
