import DiscreteEvents
import Statistics

extension HostModel where P: ~Copyable {
  // MARK: From stage to stage

  /// Takes a request on to its next visit to the processors or to a device, or to its end.
  ///
  /// Work of the guest in consecutive stages is one piece of work for the processors.
  mutating func advance(
    _ id: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    let index = Pool<Request>.Index(rawValue: id)
    let slot = Int(requests[index].guest)
    let parameters = classes[Int(guests[slot].classIndex)]
    let (end, swapStage) = requests[index].bounds(parameters)
    var seconds = 0.0
    var position = Int(requests[index].stage)
    var steps = 0
    walk: while true {
      if position == swapStage, !requests[index].swapping.isEmpty {
        position = takeTripToSwap(index, parameters)
      }
      guard position != end else { break }
      steps += 1
      if steps > Self.longestWalk {
        requests[index].stage = Int32(position)
        if seconds > 0 { break walk }
        scheduler.schedule(.goOn(request: id), after: .zero)
        return
      }
      if stages[position].condition != .always, !requests[index].isDecided {
        guard decide(index, position, slot) else {
          position += Int(stages[position].span)
          continue
        }
        requests[index].isDecided = true
      }
      switch stages[position].kind {
      case .guest:
        let isAtWork =
          guests[slot].piecesOfWork > 0 || seconds > 0 || requests[index].isGoingOn
        seconds += cost(
          of: position, for: index, slot,
          whileAtWork: (isAtWork, backendIsAtWork(for: slot)))
      case .disk where requests[index].isInHostCache: break
      case .again:
        requests[index].repeats += 1
        if requests[index].repeats < stages[position].repeats {
          position -= Int(stages[position].span)
          continue
        }
        requests[index].repeats = 0
      case .swapEnd:
        position = swapStage
        continue
      case .dirty:
        let bytes = stages[position].dirtied(responseBytes: requests[index].responseBytes)
        guard bytes > 0 else { break }
        // What is to be computed first has not been.
        if seconds > 0 { break walk }
        guard mayWrite(slot) else {
          requests[index].stage = Int32(position)
          holdBack(id, at: now, &scheduler)
          return
        }
        write(bytes, slot, at: now, &scheduler)
      case .backend, .disk, .swapDisk, .hostSwapDisk, .linkIn, .linkOut:
        if seconds > 0 { break walk }
        requests[index].stage = Int32(position)
        visit(id, position, at: now, &scheduler)
        return
      }
      requests[index].isDecided = false
      position += 1
    }
    requests[index].stage = Int32(position)
    if seconds > 0 {
      giveWork(
        id, slot, seconds: seconds, goesOn: steps > Self.longestWalk, at: now, &scheduler)
    } else if requests[index].isTouch {
      endTouch(id, at: now, &scheduler)
    } else if requests[index].isFlush {
      endFlushVisit(id, at: now, &scheduler)
    } else if requests[index].isBackground {
      endRound(id, at: now, &scheduler)
    } else {
      finish(id, at: now, &scheduler)
    }
  }

  /// Stages taken within one event at most: more than a request has, so that only rounds with very
  /// many trips that find everything in the cache are taken in several.
  private static var longestWalk: Int { 8192 }

  private func backendIsAtWork(for slot: Int) -> Bool {
    let backend = guests[slot].backend
    return backend >= 0 && backendBursts[Int(backend - firstBackend)] > 0
  }

  /// Whether a request takes the trip that begins at a stage; draws what the trip will need, taken
  /// or not, so that the request's later draws are the same under every approach.
  private mutating func decide(_ index: Pool<Request>.Index, _ position: Int, _ slot: Int) -> Bool {
    let u = requests[index].stream.uniform()
    let below = requests[index].stream.uniform()
    requests[index].positioning = positioning.draw(&requests[index].stream)
    requests[index].isInHostCache = false
    let stage = stages[position]
    guard stage.condition == .miss else { return u < stage.probability }
    guard u < stage.probability * (1 - memory.hitRatio(guest: Int32(slot))) else { return false }
    requests[index].isInHostCache = below < memory.hostHitRatio(guest: Int32(slot))
    return true
  }

  /// Seconds of processor time that a stage takes for a request, counted for the itemization.
  ///
  /// - Parameter whileAtWork: whether the entity that does the stage is at work already, and
  ///   whether the one that it notifies is.
  private mutating func cost(
    of position: Int, for index: Pool<Request>.Index, _ slot: Int,
    whileAtWork: (own: Bool, other: Bool)
  ) -> Double {
    let stage = stages[position]
    let bytes = requests[index].responseBytes
    let packets = requests[index].responsePackets
    let scale = classes[Int(guests[slot].classIndex)].userScale
    var seconds =
      stage.fixed + stage.perResponseByte * bytes + stage.perResponsePacket * packets
    seconds += stage.userShare * requests[index].userSeconds * scale
    if !whileAtWork.own { seconds += stage.shared }
    if !whileAtWork.other { seconds += stage.sent }
    let isCounted = requests[index].isBackground ? isInWindow : requests[index].isMeasured
    if isCounted {
      stageCounters[position].executions += 1
      stageCounters[position].responseBytes += bytes
      stageCounters[position].responsePackets += packets
      if !whileAtWork.own { stageCounters[position].received += 1 }
      if !whileAtWork.other { stageCounters[position].sent += 1 }
      if requests[index].isBackground {
        counters[Int(guests[slot].classIndex)].background.userSeconds +=
          stage.userShare * requests[index].userSeconds
      }
    }
    return seconds
  }

  private mutating func visit(
    _ id: Int32, _ position: Int, at now: SimulationTime,
    _ scheduler: inout Scheduler<HostEvent>
  ) {
    let index = Pool<Request>.Index(rawValue: id)
    let slot = Int(requests[index].guest)
    let stage = stages[position]
    let bytes =
      stage.fixed + stage.perResponseByte * requests[index].responseBytes
      + stage.perResponsePacket * requests[index].responsePackets
    switch stage.kind {
    case .guest, .again, .swapEnd, .dirty: break
    case .backend:
      let entity = guests[slot].backend
      let place = Int(entity - firstBackend)
      let seconds = cost(
        of: position, for: index, slot,
        whileAtWork: (backendBursts[place] > 0, guests[slot].piecesOfWork > 0))
      let work = SimulationDuration(seconds: seconds)
      if requests[index].isMeasured {
        counters[Int(guests[slot].classIndex)].work += Int128(work.nanoseconds)
      }
      backendBursts[place] += 1
      processors.submit(Burst(task: id, entity: entity, work: work), at: now, &scheduler)
    case .disk: visitDisk(id, bytes: bytes, at: now, &scheduler)
    case .swapDisk, .hostSwapDisk:
      requests[index].isSwapping = true
      requests[index].positioning = positioning.draw(&requests[index].swapStream)
      visitDisk(id, bytes: bytes, at: now, &scheduler)
    case .linkIn, .linkOut:
      visitLink(id, bytes: bytes, inward: stage.kind == .linkIn, at: now, &scheduler)
    }
  }

  // MARK: Processors

  private mutating func giveWork(
    _ id: Int32, _ slot: Int, seconds: Double, goesOn: Bool, at now: SimulationTime,
    _ scheduler: inout Scheduler<HostEvent>
  ) {
    let index = Pool<Request>.Index(rawValue: id)
    let classIndex = Int(guests[slot].classIndex)
    let parameters = classes[classIndex]
    var seconds = seconds
    let isWakeup = guests[slot].piecesOfWork == 0 && !requests[index].isGoingOn
    requests[index].isGoingOn = goesOn
    if isWakeup { seconds += parameters.wakeupSeconds }
    let ticked = seconds
    seconds *= 1 + parameters.tickShare
    if requests[index].isBackground {
      if isInWindow {
        if isWakeup { counters[classIndex].background.wakeups += 1 }
        counters[classIndex].background.tickedSeconds += ticked
      }
    }
    let work = SimulationDuration(seconds: seconds)
    if requests[index].isMeasured {
      if isWakeup { counters[classIndex].wakeups += 1 }
      counters[classIndex].tickedSeconds += ticked
      counters[classIndex].work += Int128(work.nanoseconds)
    }
    if guests[slot].piecesOfWork == 0 { guests[slot].idle += now - guests[slot].idleSince }
    guests[slot].piecesOfWork += 1
    processors.submit(Burst(task: id, entity: Int32(slot), work: work), at: now, &scheduler)
  }

  mutating func complete(
    _ burst: CompletedBurst, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    if burst.entity >= firstTicker {
      guests[Int(burst.entity - firstTicker)].isTicking = false
      return
    }
    let index = Pool<Request>.Index(rawValue: burst.task)
    let slot = Int(requests[index].guest)
    requests[index].times.switching += burst.switching.nanoseconds
    requests[index].times.refill += burst.refill.nanoseconds
    if burst.entity >= firstBackend {
      backendBursts[Int(burst.entity - firstBackend)] -= 1
      requests[index].times.driverContention += (burst.contention + burst.throttled).nanoseconds
      requests[index].isDecided = false
      requests[index].stage += 1
      advance(burst.task, at: now, &scheduler)
      return
    }
    guests[slot].piecesOfWork -= 1
    if guests[slot].piecesOfWork == 0 { guests[slot].idleSince = now }
    requests[index].times.contention += burst.contention.nanoseconds
    requests[index].times.throttled += burst.throttled.nanoseconds
    advance(burst.task, at: now, &scheduler)
  }
}
