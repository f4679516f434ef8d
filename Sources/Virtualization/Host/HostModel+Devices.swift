import DiscreteEvents
import Statistics

extension HostModel where P: ~Copyable {
  // MARK: Disk

  mutating func visitDisk(
    _ id: Int32, bytes: Double, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    let index = Pool<Request>.Index(rawValue: id)
    let transfer = bytes / diskRate
    requests[index].since = now
    if sharesDiskTransfer {
      requests[index].service = SimulationDuration(seconds: requests[index].positioning)
      requests[index].transfer = SimulationDuration(seconds: transfer)
    } else {
      requests[index].service = SimulationDuration(
        seconds: requests[index].positioning + transfer)
    }
    let spindle = Int(guests[Int(requests[index].guest)].spindle)
    if disk.arrive(id, at: now, group: spindle) { beginDiskService(id, at: now, &scheduler) }
  }

  private mutating func beginDiskService(
    _ id: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    let index = Pool<Request>.Index(rawValue: id)
    noteDiskWait(index, until: now)
    scheduler.schedule(.diskDone(request: id), after: requests[index].service)
  }

  private mutating func beginDiskTransfer(
    _ id: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    let index = Pool<Request>.Index(rawValue: id)
    noteDiskWait(index, until: now)
    scheduler.schedule(.diskTransferDone(request: id), after: requests[index].transfer)
  }

  private mutating func noteDiskWait(_ index: Pool<Request>.Index, until now: SimulationTime) {
    let waited = (now - requests[index].since).nanoseconds
    if requests[index].isSwapping {
      requests[index].times.swapping += waited
    } else {
      requests[index].times.diskQueueing += waited
    }
    requests[index].serviceBegan = now
  }

  private mutating func noteDiskService(_ index: Pool<Request>.Index, until now: SimulationTime) {
    let served = (now - requests[index].serviceBegan).nanoseconds
    if requests[index].isSwapping {
      requests[index].times.swapping += served
    } else {
      requests[index].times.diskService += served
    }
  }

  /// A request has left its spindle or channel; from a channel it goes on to the drive's transfer.
  mutating func leaveDisk(
    _ id: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    let index = Pool<Request>.Index(rawValue: id)
    noteDiskService(index, until: now)
    let spindle = Int(guests[Int(requests[index].guest)].spindle)
    if let next = disk.finish(at: now, group: spindle) {
      beginDiskService(next, at: now, &scheduler)
    }
    guard sharesDiskTransfer else {
      endDiskVisit(id, at: now, &scheduler)
      return
    }
    requests[index].since = now
    if diskTransfer.arrive(id, at: now) { beginDiskTransfer(id, at: now, &scheduler) }
  }

  mutating func leaveDiskTransfer(
    _ id: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    noteDiskService(Pool<Request>.Index(rawValue: id), until: now)
    if let next = diskTransfer.finish(at: now) { beginDiskTransfer(next, at: now, &scheduler) }
    endDiskVisit(id, at: now, &scheduler)
  }

  private mutating func endDiskVisit(
    _ id: Int32, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    let index = Pool<Request>.Index(rawValue: id)
    if requests[index].isSwapping {
      requests[index].isSwapping = false
      // A guest that its host lets wait for a page was not idle, so nothing in it is woken.
      let stage = Int(requests[index].stage)
      requests[index].isGoingOn = stages[stage].kind == .hostSwapDisk
    }
    requests[index].isDecided = false
    requests[index].stage += 1
    advance(id, at: now, &scheduler)
  }

  // MARK: Link

  mutating func visitLink(
    _ id: Int32, bytes: Double, inward: Bool, at now: SimulationTime,
    _ scheduler: inout Scheduler<HostEvent>
  ) {
    let index = Pool<Request>.Index(rawValue: id)
    requests[index].since = now
    requests[index].service = SimulationDuration(seconds: bytes / linkRate)
    let served = inward ? linkIn.arrive(id, at: now) : linkOut.arrive(id, at: now)
    if served { beginTransfer(id, inward: inward, at: now, &scheduler) }
  }

  private mutating func beginTransfer(
    _ id: Int32, inward: Bool, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    let index = Pool<Request>.Index(rawValue: id)
    requests[index].times.linkQueueing += (now - requests[index].since).nanoseconds
    requests[index].serviceBegan = now
    scheduler.schedule(
      inward ? .linkInDone(request: id) : .linkOutDone(request: id),
      after: requests[index].service)
  }

  mutating func leaveLink(
    _ id: Int32, inward: Bool, at now: SimulationTime, _ scheduler: inout Scheduler<HostEvent>
  ) {
    let index = Pool<Request>.Index(rawValue: id)
    requests[index].times.linkService += (now - requests[index].serviceBegan).nanoseconds
    let next = inward ? linkIn.finish(at: now) : linkOut.finish(at: now)
    if let next { beginTransfer(next, inward: inward, at: now, &scheduler) }
    requests[index].stage += 1
    advance(id, at: now, &scheduler)
  }
}
