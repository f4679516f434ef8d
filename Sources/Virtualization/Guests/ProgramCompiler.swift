/// Turns a workload's operation mixes into the stages of a request and of a round of periodic work.
struct ProgramCompiler {
  let workload: Workload
  let pricing: PathPricing
  /// What waking an idle guest costs.
  private let wakeup: MechanismVector
  /// The mix that is compiled.
  var operations: [OperationCount]
  /// Most trips to the disk that one request can make, and one round of periodic work.
  static let maximumTrips = 1024
  static let maximumTripsOfRound = 100_000

  init(workload: Workload, pricing: PathPricing) throws(ModelError) {
    self.workload = workload
    self.pricing = pricing
    wakeup = try pricing.cost(of: .idleWakeup, with: Attributes())
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
    program.receivingStages = receivingStages(of: program)
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
      append(again, Work(), to: &program)
    }
    appendGuestWork(work, share: share, to: &program)
    try appendSending(to: &program)
  }

  // MARK: Synchronous work

  /// Costs of a mix: fixed, and per byte and packet of the response.
  struct Work {
    var fixed = MechanismVector()
    var perByte = MechanismVector()
    var perPacket = MechanismVector()

    mutating func add(_ other: Work, times count: Double) {
      fixed.add(other.fixed, times: count)
      perByte.add(other.perByte, times: count)
      perPacket.add(other.perPacket, times: count)
    }

    func scaled(by factor: Double) -> Work {
      Work(
        fixed: fixed.scaled(by: factor), perByte: perByte.scaled(by: factor),
        perPacket: perPacket.scaled(by: factor))
    }

    var total: Double { fixed.total + perByte.total + perPacket.total }
  }

  private func synchronousWork() throws(ModelError) -> Work {
    var work = Work()
    for entry in operations
    where !entry.operation.isInputOutput && entry.operation != .userComputation {
      let once = try costs(of: entry, phases: [.call, .completion], elsewhere: false, .any)
      work.add(once, times: entry.count.value)
    }
    return work
  }

  /// Costs of one occurrence in some phases, of all hops or of those that are shared in a certain
  /// way.
  private func costs(
    of entry: OperationCount, phases: Set<Phase>, elsewhere: Bool, _ sharing: Sharing
  ) throws(ModelError) -> Work {
    var work = Work()
    func cost(bytes: Double, packets: Double) throws(ModelError) -> MechanismVector {
      var cost = MechanismVector()
      let attributes = entry.attributes(
        on: pricing.host.network, responseBytes: bytes, responsePackets: packets)
      try add(entry.operation, attributes, phases, elsewhere, sharing, to: &cost)
      return cost
    }
    work.fixed = try cost(bytes: 0, packets: 0)
    if entry.movesResponse {
      work.perByte = try cost(bytes: 1, packets: 0)
      work.perByte.add(work.fixed, times: -1)
      work.perPacket = try cost(bytes: 0, packets: 1)
      work.perPacket.add(work.fixed, times: -1)
    }
    return work
  }

  private func add(
    _ operation: Operation, _ attributes: Attributes, _ phases: Set<Phase>, _ elsewhere: Bool,
    _ sharing: Sharing, to vector: inout MechanismVector
  ) throws(ModelError) {
    for priced in try pricing.hops(of: operation, with: attributes)
    where phases.contains(priced.hop.phase) && priced.hop.place.isElsewhere == elsewhere
      && (sharing == .any || sharing == self.sharing(of: priced.hop))
    {
      vector[priced.hop.mechanism] += priced.seconds
      vector[.kernelSlowdown] += priced.slowdownSeconds
    }
  }

  /// Whether a hop is left out, and while who is at work.
  private enum Sharing {
    case any
    case never
    /// The entity that does it.
    case byOwner
    /// The entity that it notifies.
    case byNotified
  }

  /// Who is asked whether a hop is left out.
  ///
  /// A guest that calls notifies whoever serves its devices, and that one notifies the guest when
  /// the device is done; all else is done by the entity that is told. Where the guest's own kernel
  /// serves the devices, there is nobody else.
  private func sharing(of hop: Hop) -> Sharing {
    guard hop.isShared else { return .never }
    guard pricing.approach.topology.deviceService != .inKernel else { return .byOwner }
    let notifies =
      hop.phase == .call || (hop.phase == .backendCompletion && hop.mechanism == .notification)
    return notifies ? .byNotified : .byOwner
  }

  // MARK: Stages

  private func appendGuestWork(_ work: Work, share: Double, to program: inout RequestProgram) {
    var stage = Stage(kind: .guest)
    stage.userShare = share
    append(stage, work.scaled(by: share), to: &program)
  }

  func append(
    _ stage: Stage, _ work: Work, shared: MechanismVector = MechanismVector(),
    sent: MechanismVector = MechanismVector(), to program: inout RequestProgram
  ) {
    var stage = stage
    stage.fixed = work.fixed.total
    stage.perResponseByte = work.perByte.total
    stage.perResponsePacket = work.perPacket.total
    stage.shared = shared.total
    stage.sent = sent.total
    program.stages.append(stage)
    program.fixedItems.append(work.fixed)
    program.perByteItems.append(work.perByte)
    program.perPacketItems.append(work.perPacket)
    program.sharedItems.append(shared)
    program.sentItems.append(sent)
  }

  func appendDevice(
    _ kind: Stage.Kind, _ bytes: DeviceBytes, to program: inout RequestProgram
  ) {
    var stage = Stage(kind: kind)
    stage.fixed = bytes.fixed
    stage.perResponseByte = bytes.perByte
    stage.perResponsePacket = bytes.perPacket
    program.stages.append(stage)
    program.fixedItems.append(MechanismVector())
    program.perByteItems.append(MechanismVector())
    program.perPacketItems.append(MechanismVector())
    program.sharedItems.append(MechanismVector())
    program.sentItems.append(MechanismVector())
  }

  /// Work in one phase of device operations, here or elsewhere, if there is any.
  func appendPhase(
    _ kind: Stage.Kind, _ entries: [OperationCount], _ phases: Set<Phase>,
    besides other: MechanismVector? = nil, without less: MechanismVector? = nil,
    to program: inout RequestProgram
  ) throws(ModelError) {
    var plain = Work()
    var shared = MechanismVector()
    var sent = MechanismVector()
    for entry in entries {
      func costs(_ sharing: Sharing) throws(ModelError) -> Work {
        try self.costs(of: entry, phases: phases, elsewhere: kind == .backend, sharing)
      }
      plain.add(try costs(.never), times: entry.count.value)
      shared.add(try costs(.byOwner).fixed, times: entry.count.value)
      sent.add(try costs(.byNotified).fixed, times: entry.count.value)
    }
    if let less { plain.fixed = plain.fixed.excess(over: less) }
    if let other { plain.fixed.add(other) }
    guard plain.total + shared.total + sent.total > 0 else { return }
    // Who is told while idle is woken by that, and what both contain happens once.
    if kind == .guest { shared = shared.excess(over: wakeup) }
    append(Stage(kind: kind), plain, shared: shared, sent: sent, to: &program)
  }

  /// Bytes that a device moves: fixed, and per byte and packet of the response.
  struct DeviceBytes {
    var fixed = 0.0
    var perByte = 0.0
    var perPacket = 0.0
  }

  func diskBytes(_ entry: OperationCount) -> DeviceBytes {
    DeviceBytes(
      fixed: entry.count.value * entry.attributes[.bytes],
      perByte: entry.movesResponse ? entry.count.value : 0)
  }

  /// Bytes on the wire: payload, and for each packet what goes with it.
  private func linkBytes(_ entries: [OperationCount]) -> DeviceBytes {
    let network = pricing.host.network
    let overhead = network.overheadBytes?.value ?? 0
    var result = DeviceBytes()
    for entry in entries {
      let stated = entry.attributes(on: network, responseBytes: 0, responsePackets: 0)
      result.fixed += entry.count.value * (stated[.bytes] + overhead * stated[.packets])
      guard entry.movesResponse else { continue }
      result.perByte += entry.count.value
      result.perPacket += entry.count.value * overhead
    }
    return result
  }

  private func appendReceiving(to program: inout RequestProgram) throws(ModelError) {
    let entries = operations.filter { $0.operation == .packetReceive }
    guard !entries.isEmpty else { return }
    appendDevice(.linkIn, linkBytes(entries), to: &program)
    try appendPhase(.backend, entries, [.backend, .backendCompletion], to: &program)
    try appendPhase(.guest, entries, [.call, .completion], to: &program)
  }

  private func appendSending(to program: inout RequestProgram) throws(ModelError) {
    let entries = operations.filter { $0.operation == .packetSend }
    guard !entries.isEmpty else {
      appendDirtying(to: &program)
      return
    }
    try appendPhase(.guest, entries, [.call, .completion], to: &program)
    // Here, so that a request's own work is one piece of work.
    appendDirtying(to: &program)
    try appendPhase(.backend, entries, [.backend, .backendCompletion], to: &program)
    appendDevice(.linkOut, linkBytes(entries), to: &program)
  }

  /// The stages with which a request begins before a worker has it.
  private func receivingStages(of program: RequestProgram) -> Int {
    guard program.stages.first?.kind == .linkIn else { return 0 }
    let rest = program.stages[..<program.requestStages].dropFirst()
    return rest.firstIndex { $0.kind == .guest && $0.userShare > 0 } ?? 0
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
    try appendPhase(.guest, entries, [.call], to: &program)
    try appendPhase(.backend, entries, [.backend], to: &program)
    appendDevice(.disk, diskBytes(trip.entry), to: &program)
    try appendPhase(.backend, entries, [.backendCompletion], to: &program)
    try appendPhase(.guest, entries, [.completion], to: &program)
    program.stages[first].condition = trip.condition
    program.stages[first].probability = trip.probability
    program.stages[first].span = Int32(program.stages.count - first)
  }

  // MARK: Kernel

  private func compileKernel(into program: inout RequestProgram) throws(ModelError) {
    program.wakeupItems = wakeup
    try compileTicks(into: &program)
    program.taskSwitchItems = try pricing.cost(of: .contextSwitch, with: Attributes())
    program.guestSwitchItems = try pricing.cost(of: .guestSwitch, with: Attributes())
  }
}
