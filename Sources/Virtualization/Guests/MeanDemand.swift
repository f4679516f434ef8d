package import Statistics

/// What some work asks of each station in the mean, in seconds.
package struct StationDemand: Sendable {
  /// Processor time on the guest's own account.
  package var processor = 0.0
  /// Processor time of the driver domain or of the guest's thread.
  package var backend = 0.0
  /// Spindle time, or the time of one channel of a solid-state drive.
  package var disk = 0.0
  /// Time of the transfer that all channels of a solid-state drive share.
  package var diskTransfer = 0.0
  package var linkIn = 0.0
  package var linkOut = 0.0
  /// What the visits to each device are like, which serves them in order of arrival.
  package var diskVisits = StationVisits.none
  package var diskTransferVisits = StationVisits.none
  package var linkInVisits = StationVisits.none
  package var linkOutVisits = StationVisits.none

  /// Whether service at every device has a variance, without which the mean wait has no end.
  package var hasVariance: Bool {
    [diskVisits, diskTransferVisits, linkInVisits, linkOutVisits].allSatisfy(
      \.secondMoment.isFinite)
  }

  mutating func add(_ other: StationDemand, times factor: Double) {
    processor += other.processor * factor
    backend += other.backend * factor
    disk += other.disk * factor
    diskTransfer += other.diskTransfer * factor
    linkIn += other.linkIn * factor
    linkOut += other.linkOut * factor
    diskVisits.add(other.diskVisits, times: factor)
    diskTransferVisits.add(other.diskTransferVisits, times: factor)
    linkInVisits.add(other.linkInVisits, times: factor)
    linkOutVisits.add(other.linkOutVisits, times: factor)
  }
}

/// What a guest of a class asks of each station in the mean.
package struct MeanDemand: Sendable {
  /// One request.
  package var request = StationDemand()
  /// Periodic work, idle ticks, touches of pages in swap and what goes to the disk behind requests
  /// of open arrivals, per second.
  package var background = StationDemand()
  /// What goes to the disk behind one request.
  package var writeBack = StationDemand()
  /// Seconds of the disk's time per second for visits of the flusher that come several at a time:
  /// of one flush, or of several guests of one kernel.
  package var flushesTogether = 0.0
}

extension HostPlan {
  /// The mean demands of every class, with the page cache as it is without load.
  ///
  /// Every notification is paid and every guest is woken from idle: what sharing saves under load
  /// is left out.
  ///
  /// - Throws: `ModelError` when so many guests do not fit.
  package func meanDemands() throws(ModelError) -> [MeanDemand] {
    try meanDemands(requestRates: try requestRates())
  }

  /// The same where the guests of each class make so many requests per second.
  func meanDemands(requestRates: [Double]?) throws(ModelError) -> [MeanDemand] {
    let memory: MemorySimulation
    do throws(MemoryError) {
      memory = try MemorySimulation(
        host: scenario.host, approach: approach, classes: scenario.guests,
        assignment: guestClasses, requestRates: requestRates)
    } catch {
      throw ModelError(error)
    }
    var demands: [MeanDemand] = []
    for index in programs.indices {
      guard let guest = guestClasses.firstIndex(of: index) else {
        demands.append(MeanDemand())
        continue
      }
      var demand = meanDemand(
        index, hit: memory.hitRatio(guest: Int32(guest)),
        hostHit: memory.hostHitRatio(guest: Int32(guest)))
      addSwapping(of: index, guest: Int32(guest), in: memory, to: &demand)
      addWriteBack(of: index, guest: Int32(guest), in: memory, to: &demand)
      demands.append(demand)
    }
    return demands
  }

  /// Trips to swap of a request, and those for what a guest keeps active beside requests.
  private func addSwapping(
    of index: Int, guest: Int32, in memory: MemorySimulation, to demand: inout MeanDemand
  ) {
    let reads = memory.swapReadsPerRequest(guest: guest)
    if reads.total > 0 { demand.request.add(swapDemand(index, reads), times: 1) }
    let perMinute = 60 * scenario.guests[index].workload.arrival.requestsPerSecond
    let touches = memory.swapReadsPerSecond(guest: guest, requestsPerMinute: perMinute)
    if touches.total > 0 { demand.background.add(swapDemand(index, touches), times: 1) }
  }

  /// What some reads from swap, and the writes that make room for them, ask of each station.
  private func swapDemand(_ index: Int, _ reads: SwapVisits) -> StationDemand {
    let program = programs[index]
    let trips = program.requestSwapping
    let again = min(1, max(0, scenario.host.kernel.memory.rewrittenShare.value))
    var sum = StationDemand()
    for (start, times) in [
      (trips.ownRead, reads.own), (trips.ownWrite, reads.own * again),
      (trips.hostRead, reads.host), (trips.hostWrite, reads.host * again),
    ] where times > 0 {
      let stages = trips.stages(of: start, in: program.stages)
      sum.add(
        stationDemand(
          program, stages, user: 0, bytes: 0, packets: 0, hit: 1, hostHit: 0, wakes: false),
        times: times)
    }
    return sum
  }

  private func meanDemand(_ index: Int, hit: Double, hostHit: Double) -> MeanDemand {
    let program = programs[index]
    let workload = scenario.guests[index].workload
    let split = program.requestStages
    var demand = MeanDemand()
    demand.request = stationDemand(
      program, 0..<split, user: workload.userComputation.mean, bytes: workload.responseBytes.mean,
      bytesVariance: workload.responseBytes.variance,
      packets: workload.meanResponsePackets(on: scenario.host.network), hit: hit, hostHit: hostHit)
    if program.hasRounds {
      let round = stationDemand(
        program, split..<program.roundEnd, user: program.backgroundUserSeconds, bytes: 0,
        packets: 0, hit: hit, hostHit: hostHit)
      demand.background.add(round, times: 1 / program.backgroundPeriod)
    }
    demand.background.processor += program.idleTickRate * program.idleTickItems.total
    return demand
  }

  /// What some stages ask of each station.
  ///
  /// Packets of a response grow with its bytes here, as if the last one's filling were always the
  /// mean: their number as a whole hardly adds to how much a response varies.
  func stationDemand(
    _ program: RequestProgram, _ range: Range<Int>, user: Double, bytes: Double,
    bytesVariance: Double = 0, packets: Double, hit: Double, hostHit: Double, wakes: Bool = true
  ) -> StationDemand {
    let host = scenario.host
    var times = Array(repeating: 1.0, count: program.stages.count)
    for position in range where program.stages[position].kind == .again {
      let again = program.stages[position]
      for stage in position - Int(again.span)..<position { times[stage] *= Double(again.repeats) }
    }
    var demand = StationDemand()
    var probability = 1.0
    var deviceShare = 1.0
    var left = 0
    for position in range {
      let stage = program.stages[position]
      if left > 0 { left -= 1 } else { (probability, deviceShare) = (1, 1) }
      switch stage.condition {
      case .always: break
      case .chance: (probability, left) = (stage.probability, Int(stage.span) - 1)
      case .miss:
        (probability, left) = (stage.probability * (1 - hit), Int(stage.span) - 1)
        deviceShare = 1 - hostHit
      }
      let visits = probability * times[position]
      let amount =
        stage.fixed + stage.perResponseByte * bytes + stage.perResponsePacket * packets
      let perByte =
        stage.perResponseByte + stage.perResponsePacket / host.network.segmentBytes.value
      let moved = (mean: amount, variance: perByte > 0 ? perByte * perByte * bytesVariance : 0)
      switch stage.kind {
      case .guest:
        let own = stage.userShare * user * program.userScale
        demand.processor += visits * (amount + stage.shared + stage.sent + own)
      case .backend: demand.backend += visits * (amount + stage.shared + stage.sent)
      case .disk, .swapDisk, .hostSwapDisk:
        demand.addDisk(moved, visits: visits * deviceShare, host.disk)
      case .linkIn:
        demand.linkIn += visits * amount / host.network.rate.value
        demand.linkInVisits.add(.moving(moved, at: host.network.rate), times: visits)
      case .linkOut:
        demand.linkOut += visits * amount / host.network.rate.value
        demand.linkOutVisits.add(.moving(moved, at: host.network.rate), times: visits)
      case .again, .swapEnd, .dirty: break
      }
    }
    let ticks = program.tickItemsPerSecond.total
    if wakes { demand.processor += program.wakeupItems.total }
    demand.processor *= 1 + ticks
    return demand
  }
}

extension StationDemand {
  /// Visits to the disk that move some bytes each.
  fileprivate mutating func addDisk(
    _ bytes: (mean: Double, variance: Double), visits: Double, _ profile: DiskProfile
  ) {
    let positioning = profile.positioningTime.value
    let deviation = positioning * profile.positioningVariation.value
    let transfer = StationVisits.moving(bytes, at: profile.transferRate)
    let seconds = bytes.mean / profile.transferRate.value
    disk += visits * positioning
    var visit = StationVisits(
      count: 1, secondMoment: positioning * positioning + deviation * deviation)
    switch profile.kind {
    case .rotational:
      disk += visits * seconds
      visit.secondMoment += 2 * positioning * seconds + transfer.secondMoment
    case .solidState:
      diskTransfer += visits * seconds
      diskTransferVisits.add(transfer, times: visits)
    }
    diskVisits.add(visit, times: visits)
  }
}

extension StationVisits {
  /// One visit to a device that moves some bytes at a rate.
  fileprivate static func moving(
    _ bytes: (mean: Double, variance: Double), at rate: Quantity
  ) -> StationVisits {
    StationVisits(
      count: 1,
      secondMoment: (bytes.mean * bytes.mean + bytes.variance) / (rate.value * rate.value))
  }
}

extension Arrival {
  /// Requests per second of one guest; where users wait for answers, as if those took no time.
  fileprivate var requestsPerSecond: Double {
    switch self {
    case .poisson(let rate), .bursty(let rate, _, _, _): rate.value
    case .closed(let users, let thinkTime):
      thinkTime.mean > 0 ? users.value / thinkTime.mean : .infinity
    }
  }
}
