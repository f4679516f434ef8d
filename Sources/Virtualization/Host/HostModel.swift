import DiscreteEvents
import Statistics

/// A host with its guests, as a model for the event loop: what happens when, and to whom.
///
/// All state is trivial values in tables and pools, so that handling an event neither allocates
/// nor counts references.
struct HostModel<P: ProcessorModel & ~Copyable>: Model, ~Copyable {
  typealias Event = HostEvent

  var processors: P
  /// The disk's spindles or channels.
  var disk: DeviceStation
  /// What the channels of a solid-state drive share; unused where each spindle transfers by itself.
  var diskTransfer = DeviceStation(channels: 1)
  var linkIn = DeviceStation(channels: 1)
  var linkOut = DeviceStation(channels: 1)
  var requests: Pool<Request>
  var guests: Table<GuestInRun>
  var classes: Table<ClassParameters>
  var counters: Table<ClassCounters>
  /// The stages of all classes one after another; a class begins at `firstStage`.
  var stages: Table<Stage>
  var stageCounters: Table<StageCounters>
  /// Bursts that the processors hold for each backend.
  var backendBursts: Table<Int32>
  /// Dirty bytes of each guest with a kernel or a limit of its own, and last those of all others.
  var domains: Table<DirtyDomain>
  let flusher: FlusherParameters
  /// Requests made so far by each user of closed arrivals.
  var userRequests: Table<UInt32>
  let firstBackend: Int32
  let firstTicker: Int32
  let seed: UInt64
  let replication: UInt32
  let windowStart: SimulationTime
  let windowEnd: SimulationTime
  let objective: SimulationDuration
  let sharesDiskTransfer: Bool
  let diskRate: Double
  let linkRate: Double
  /// Payload of a full packet.
  let segmentBytes: Double
  var demands: [ClassDemands]
  var positioning: Distribution
  var histograms: [LatencyHistogram]
  var memory: MemorySimulation
  var isInWindow = false
  /// Measured requests that are not finished.
  var unfinished: Int64 = 0
  /// Rounds of periodic work that were due in the window and have not begun.
  var overdueRounds: Int64 = 0
  var isWindowClosed = false
  /// Whether active pages have been in swap, so that guests look for what they touch.
  var isTouching = false
  /// Whether ticks of idle guests were waiting when the window closed, beyond what passes.
  var areTicksBehind = false
  /// Whether guests were waiting, when the window closed, for pages that were due long before.
  var areTouchesBehind = false
  /// Whether, when the window closed, more was dirty than goes to the disk in time.
  var isWriteBackBehind = false
  /// Requests in the system: with a worker or waiting for one.
  var population: Int64 = 0
  var populationArea: Int128 = 0
  var populationChanged = SimulationTime.zero
  /// Time that requests spent in the system within the window, summed request by request.
  var timeInSystem: Int128 = 0
  /// The number in the system at regular times, for judging the warm-up.
  var samples: [Double] = []
  var atClose: WindowTotals?
  let sampleInterval: SimulationDuration
  /// The requests that have a worker and have not begun.
  var beginning = RequestQueue()
  /// Whether requests are beginning, further down the stack.
  var isBeginning = false

  mutating func handle(
    _ event: HostEvent, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    switch event {
    case .processorEvent(let event):
      if let burst = processors.handle(event, at: now, &scheduler) {
        complete(burst, at: now, &scheduler)
      }
    case .arrival(let guest):
      scheduleArrival(of: guest, at: now, &scheduler)
      ask(guest: guest, user: -1, at: now, &scheduler)
    case .askAgain(let guest, let user): ask(guest: guest, user: user, at: now, &scheduler)
    case .backgroundRound(let guest): roundIsDue(guest, at: now, &scheduler)
    case .overdueRound(let guest): beginRound(of: guest, at: now, &scheduler)
    case .idleTicks(let guest): idleTicksAreDue(guest, at: now, &scheduler)
    case .touch(let guest): touchIsDue(guest, at: now, &scheduler)
    case .flushIsDue(let guest): flushIsDue(guest, at: now, &scheduler)
    case .flush(let guest): beginFlushVisit(guest, at: now, &scheduler)
    case .noteWritten:
      noteWritten()
      return
    case .noteBacklog:
      noteBacklog()
      return
    case .goOn(let request): advance(request, at: now, &scheduler)
    case .diskDone(let request): leaveDisk(request, at: now, &scheduler)
    case .diskTransferDone(let request): leaveDiskTransfer(request, at: now, &scheduler)
    case .linkInDone(let request): leaveLink(request, inward: true, at: now, &scheduler)
    case .linkOutDone(let request): leaveLink(request, inward: false, at: now, &scheduler)
    case .sample:
      samples.append(Double(population))
      if now < windowEnd { scheduler.schedule(.sample, after: sampleInterval) }
      return
    case .windowOpens:
      openWindow(at: now)
      return
    case .windowCloses:
      closeWindow(at: now, &scheduler)
      return
    }
    processors.settle(at: now, &scheduler)
  }

  // MARK: Arrivals

  mutating func scheduleArrival(
    of guest: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    let slot = Int(guest)
    let index = Int(guests[slot].classIndex)
    let seconds: Double
    if guests[slot].bursts != nil {
      var guest = guests[slot]
      seconds = guest.bursts?.nextInterarrival(&guest.arrivals) ?? .infinity
      guests[slot] = guest
    } else {
      seconds = classes[index].meanInterarrival * guests[slot].arrivals.exponential()
    }
    scheduler.schedule(.arrival(guest: guest), after: SimulationDuration(seconds: seconds))
  }

  /// A new request; all that is random about it is drawn now, from a stream of its own.
  mutating func ask(
    guest: Int32, user: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    let slot = Int(guest)
    let index = Int(guests[slot].classIndex)
    let number: UInt64
    if user < 0 {
      number = guests[slot].requestIndex
      guests[slot].requestIndex += 1
    } else {
      let place = Int(guests[slot].firstUser + user)
      number = UInt64(user + 1) << 32 | UInt64(userRequests[place])
      userRequests[place] &+= 1
    }
    var stream = RandomStream(
      StreamKey(
        seed: seed, role: .request, guest: UInt32(truncatingIfNeeded: guest), index: number,
        replication: replication))
    let userSeconds = demands[index].userComputation.draw(&stream)
    let bytes = demands[index].responseBytes.draw(&stream)
    let thinkSeconds = user < 0 ? 0 : demands[index].thinkTime.draw(&stream)
    let id = requests.insert(
      Request(
        guest: guest, user: user, stage: classes[index].firstStage, isBackground: false,
        isMeasured: isInWindow, number: number, arrival: now, since: now, stream: stream,
        userSeconds: userSeconds, responseBytes: bytes,
        responsePackets: (bytes / segmentBytes).rounded(.up), thinkSeconds: thinkSeconds)
    ).rawValue
    changePopulation(by: 1, at: now)
    if isInWindow {
      counters[index].arrivals += 1
      unfinished += 1
    }
    takeWorker(id, at: now, &scheduler)
  }

  // MARK: Departures

  mutating func finish(
    _ id: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    let request = requests[.init(rawValue: id)]
    let slot = Int(request.guest)
    let index = Int(guests[slot].classIndex)
    if isInWindow { counters[index].completions += 1 }
    if request.isMeasured {
      let sojourn = now - request.arrival
      counters[index].finished += 1
      counters[index].sojourn += Int128(sojourn.nanoseconds)
      counters[index].userSeconds += request.userSeconds
      counters[index].responseBytes += request.responseBytes
      counters[index].times.add(request.times)
      guests[slot].measured += 1
      if sojourn > objective { guests[slot].aboveObjective += 1 }
      guests[slot].excess.add(
        (sojourn - objective).seconds, at: (request.arrival - windowStart).nanoseconds,
        part: partOfWindow)
      histograms[index].record(sojourn.nanoseconds)
      unfinished -= 1
    }
    depart(id, at: now, &scheduler)
    if !guests[slot].queue.isEmpty {
      begin(takeFirst(slot), at: now, &scheduler)
      if guests[slot].lacksMemory { serveQueue(of: slot, at: now, &scheduler) }
    } else {
      guests[slot].active -= 1
      memory.endRequest(guest: Int32(slot))
    }
  }

  mutating func depart(
    _ id: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    let index = Pool<Request>.Index(rawValue: id)
    let request = requests[index]
    changePopulation(by: -1, at: now)
    timeInSystem += Int128(overlap(of: request.arrival, now))
    requests.remove(index)
    if request.user >= 0 {
      scheduler.schedule(
        .askAgain(guest: request.guest, user: request.user),
        after: SimulationDuration(seconds: request.thinkSeconds))
    }
    stopWhenDone(&scheduler)
  }

  // MARK: The window

  /// Ends the run when all requests of the window are done and its rounds have begun.
  func stopWhenDone(_ scheduler: inout Scheduler<HostEvent>) {
    if isWindowClosed, unfinished == 0, overdueRounds == 0 { scheduler.stop() }
  }

  mutating func changePopulation(by change: Int64, at now: SimulationTime) {
    populationArea += Int128(population) * Int128(overlap(of: populationChanged, now))
    populationChanged = now
    population += change
  }

  /// The parts in which the mean response of a guest is looked at, in nanoseconds.
  private var partOfWindow: Int64 {
    max(1, (windowEnd - windowStart).nanoseconds / Int64(MeanExcess.parts))
  }

  /// The part of an interval that lies in the window, in nanoseconds.
  func overlap(of start: SimulationTime, _ end: SimulationTime) -> Int64 {
    max(0, (min(end, windowEnd) - max(start, windowStart)).nanoseconds)
  }

  mutating func openWindow(at now: SimulationTime) {
    isInWindow = true
    processors.resetCounters(at: now)
    disk.resetCounters(at: now)
    diskTransfer.resetCounters(at: now)
    linkIn.resetCounters(at: now)
    linkOut.resetCounters(at: now)
  }

  /// Takes down what is known at the end of the window; arrivals go on, so that the load stays as
  /// it is until the last measured request is done.
  mutating func closeWindow(at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>) {
    isInWindow = false
    isWindowClosed = true
    areTicksBehind = ticksFallBehind()
    areTouchesBehind = touchesFallBehind(at: now)
    isWriteBackBehind = writeBackFallsBehind(at: now)
    atClose = totals(at: now)
    stopWhenDone(&scheduler)
  }

  func totals(at now: SimulationTime) -> WindowTotals {
    WindowTotals(
      processors: processors.counters(at: now), diskBusy: disk.busySeconds(at: now),
      diskQueue: disk.queueSeconds(at: now) + diskTransfer.queueSeconds(at: now),
      diskCompletions: disk.completions, diskTransferBusy: diskTransfer.busySeconds(at: now),
      linkInBusy: linkIn.busySeconds(at: now), linkInCompletions: linkIn.completions,
      linkOutBusy: linkOut.busySeconds(at: now), linkOutCompletions: linkOut.completions)
  }
}
