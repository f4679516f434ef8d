import DiscreteEvents
import Numerics

extension HostPlan {
  /// What the flusher asks of each station.
  ///
  /// A guest's flush begins when the kernel first looks after the expiry, or at once where what it
  /// would have by then is more than the background share of its memory, and takes as many visits as
  /// its bytes need.
  func addWriteBack(
    of index: Int, guest: Int32, in memory: MemorySimulation, to demand: inout MeanDemand
  ) {
    guard !programs[index].flushing.isEmpty else { return }
    let parameters = FlusherParameters(scenario.host.kernel.memory)
    let perRequest = dirtyBytesPerRequest(ofClass: index)
    let rate = dirtyBytesPerSecond(ofClass: index)
    demand.writeBack.add(
      visit(index, bytes: parameters.visitBytes), times: perRequest / parameters.visitBytes)
    guard rate > 0 else { return }
    let domain = memory.dirtyDomain(guest: guest)
    var together = rate
    if domain == nil {
      together = 0
      for other in programs.indices where !programs[other].flushing.isEmpty {
        together += dirtyBytesPerSecond(ofClass: other) * Double(counts[other])
      }
    }
    let background = max(
      parameters.background * memory.dirtyableBytes(domain: domain), parameters.visitBytes)
    let cycle = parameters.cycle(writesPerSecond: writesPerSecond(ofClass: index))
    var visits = rate / parameters.visitBytes
    if together * cycle <= background {
      // Of the last visit of a flush half is empty in the mean, unless it is the only one.
      let full = rate * cycle / parameters.visitBytes
      visits = (full <= 1 ? 1 : full + 0.5) / cycle
    }
    demand.background.add(visit(index, bytes: rate / visits), times: visits)
  }

  private func visit(_ index: Int, bytes: Double) -> StationDemand {
    stationDemand(
      programs[index], programs[index].flushing, user: 0, bytes: bytes, packets: 0, hit: 1,
      hostHit: 0)
  }

  /// Writes of one guest that make something dirty.
  private func writesPerSecond(ofClass index: Int) -> Double {
    var rate = 0.0
    switch scenario.guests[index].workload.arrival {
    case .poisson(let perGuest), .bursty(let perGuest, _, _, _):
      if dirtyBytesPerRequest(ofClass: index) > 0 { rate += perGuest.value }
    case .closed: break
    }
    if dirtyBytesOfRounds(ofClass: index) > 0 { rate += 1 / programs[index].backgroundPeriod }
    return rate
  }
}

extension FlusherParameters {
  /// Mean seconds from one flush of a guest to the next, where Poisson writes are due by age.
  ///
  /// A flush begins at a look; the first write after it comes at an exponential time x, and the next
  /// flush at the first look at or after expiry + x. With r from the expiry to the first look after it,
  /// further looks are as many as periods begin in x - r.
  fileprivate func cycle(writesPerSecond rate: Double) -> Double {
    let (expiry, period) = (self.expiry.seconds, self.period.seconds)
    guard rate > 0 else { return expiry + period }
    let looks = (expiry / period).rounded(.up)
    let rest = looks * period - expiry
    let further = Double.exp(-rate * rest) / (1 - Double.exp(-rate * period))
    return period * (looks + further)
  }
}
