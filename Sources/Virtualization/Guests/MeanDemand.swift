import Statistics

/// What one request of a class asks of each station in the mean, in seconds.
package struct MeanDemand: Sendable {
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
  /// Processor time per second and guest of periodic work and idle ticks.
  package var background = 0.0
}

extension HostPlan {
  /// The mean demands of every class, with the page cache as it is without load.
  ///
  /// Every notification is paid and every guest is woken from idle: what sharing saves under load is
  /// left out.
  ///
  /// - Throws: `ModelError` when so many guests do not fit.
  package func meanDemands() throws(ModelError) -> [MeanDemand] {
    let memory: MemorySimulation
    do throws(MemoryError) {
      memory = try MemorySimulation(
        host: scenario.host, approach: approach, classes: scenario.guests,
        assignment: guestClasses)
    } catch {
      throw ModelError(error)
    }
    var demands: [MeanDemand] = []
    for index in programs.indices {
      guard let guest = guestClasses.firstIndex(of: index) else {
        demands.append(MeanDemand())
        continue
      }
      demands.append(
        meanDemand(
          index, hit: memory.hitRatio(guest: Int32(guest)),
          hostHit: memory.hostHitRatio(guest: Int32(guest))))
    }
    return demands
  }

  private func meanDemand(_ index: Int, hit: Double, hostHit: Double) -> MeanDemand {
    let program = programs[index]
    let workload = scenario.guests[index].workload
    let host = scenario.host
    let bytes = workload.responseBytes.mean
    var demand = MeanDemand()
    var probability = 1.0
    var deviceShare = 1.0
    var left = 0
    for stage in program.stages {
      if left > 0 { left -= 1 } else { (probability, deviceShare) = (1, 1) }
      switch stage.condition {
      case .always: break
      case .chance: (probability, left) = (stage.probability, Int(stage.span) - 1)
      case .miss:
        (probability, left) = (stage.probability * (1 - hit), Int(stage.span) - 1)
        deviceShare = 1 - hostHit
      }
      let amount = stage.fixed + stage.perResponseByte * bytes
      switch stage.kind {
      case .guest:
        let user = stage.userShare * workload.userComputation.mean * program.userScale
        demand.processor += probability * (amount + stage.shared + user)
      case .backend: demand.backend += probability * (amount + stage.shared)
      case .disk:
        let visits = probability * deviceShare
        let transfer = visits * amount / host.disk.transferRate.value
        demand.disk += visits * host.disk.positioningTime.value
        switch host.disk.kind {
        case .rotational: demand.disk += transfer
        case .solidState: demand.diskTransfer += transfer
        }
      case .linkIn: demand.linkIn += probability * amount / host.network.rate.value
      case .linkOut: demand.linkOut += probability * amount / host.network.rate.value
      }
    }
    let ticks = program.tickItemsPerSecond.total
    demand.processor = (demand.processor + program.wakeupItems.total) * (1 + ticks)
    demand.background = program.backgroundItems.total / program.backgroundPeriod
    demand.background += program.idleTickRate * program.idleTickItems.total
    return demand
  }
}
