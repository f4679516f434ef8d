import DiscreteEvents
import Numerics

extension HostPlan {
  /// What the flusher asks of each station.
  ///
  /// A guest's flush begins when the kernel first looks after the expiry, or with the write that
  /// reaches the background share of its memory where that comes first, and takes as many visits as
  /// its bytes need.
  func addWriteBack(
    of index: Int, guest: Int32, in memory: MemorySimulation, to demand: inout MeanDemand
  ) {
    guard !programs[index].flushing.isEmpty else { return }
    let parameters = FlusherParameters(scenario.host.kernel.memory)
    let perRequest = dirtyBytesPerRequest(ofClass: index)
    demand.writeBack.add(
      visit(index, bytes: parameters.visitBytes), times: perRequest / parameters.visitBytes)
    let own = writing(ofClass: index)
    guard own.bytes > 0 else { return }
    let domain = memory.dirtyDomain(guest: guest)
    var all = Writing()
    if domain == nil {
      for (other, count) in counts.enumerated() where !programs[other].flushing.isEmpty {
        guard let first = guestClasses.firstIndex(of: other),
          memory.dirtyDomain(guest: Int32(first)) == nil
        else { continue }
        all.add(writing(ofClass: other), times: Double(count))
      }
    } else {
      all = own
    }
    let background = max(
      parameters.background * memory.dirtyableBytes(domain: domain), parameters.visitBytes)
    var cycle = parameters.cycle(writesPerSecond: own.writes)
    // The first write is sure: the flush is due by it.
    var deviation = own.deviation(inSeconds: max(0, cycle - 1 / own.writes))
    let isByExpiry = all.bytes * cycle <= background
    if !isByExpiry {
      // The write that reaches the share is the last before the flush.
      let size = all.bytes / all.writes
      cycle = size * (background / size).rounded(.up) / all.bytes
      deviation = all.writes > own.writes ? own.deviation(inSeconds: cycle) : 0
    }
    let visits =
      Self.visits(
        mean: own.bytes * cycle / parameters.visitBytes,
        deviation: deviation / parameters.visitBytes) / cycle
    let isSingle = isByExpiry && own.bytes * cycle <= parameters.visitBytes
    let visit = visit(
      index, bytes: own.bytes / visits, variance: isSingle ? deviation * deviation : 0)
    demand.background.add(visit, times: visits)
    let guests = programs.indices.reduce(0) {
      $0 + (programs[$1].flushing.isEmpty ? 0 : counts[$1])
    }
    // One kernel looks for what is due of all guests at the same moment.
    if !isSingle || (guests > 1 && !memory.model.hasGuestKernels) {
      demand.flushesTogether += visits * max(visit.disk, visit.diskTransfer)
    }
  }

  /// The mean number of visits of a flush whose bytes, counted in full visits, are nearly normal:
  /// that of the next whole number, at least one.
  private static func visits(mean: Double, deviation: Double) -> Double {
    // Where there are many, half of the last one is empty.
    guard mean < 64 else { return mean + 0.5 }
    guard deviation > 1e-6 else { return max(1, (mean - 1e-6).rounded(.up)) }
    var visits = 1.0
    var full = 1.0
    while full < mean + 6 * deviation {
      visits += 0.5 * Double.erfc((full - mean) / (deviation * 2.0.squareRoot()))
      full += 1
    }
    return visits
  }

  private func visit(_ index: Int, bytes: Double, variance: Double = 0) -> StationDemand {
    stationDemand(
      programs[index], programs[index].flushing, user: 0, bytes: bytes, bytesVariance: variance,
      packets: 0, hit: 1, hostHit: 0)
  }

  /// What one guest writes that becomes dirty.
  private func writing(ofClass index: Int) -> Writing {
    var writing = Writing()
    switch scenario.guests[index].workload.arrival {
    case .poisson(let perGuest), .bursty(let perGuest, _, _, _):
      let bytes = dirtyBytesPerRequest(ofClass: index)
      if bytes > 0 {
        writing.writes += perGuest.value
        writing.bytes += perGuest.value * bytes
        writing.requests = (perGuest.value, bytes)
      }
    case .closed: break
    }
    let rounds = dirtyBytesOfRounds(ofClass: index)
    if rounds > 0 {
      let period = programs[index].backgroundPeriod
      writing.writes += 1 / period
      writing.bytes += rounds
      writing.rounds = (1 / period, rounds * period)
    }
    return writing
  }
}

/// Writes to files, per second.
private struct Writing {
  var writes = 0.0
  var bytes = 0.0
  /// Those at random times and those at regular ones: how many, and the bytes of each.
  var requests = (rate: 0.0, bytes: 0.0)
  var rounds = (rate: 0.0, bytes: 0.0)

  mutating func add(_ other: Writing, times count: Double) {
    writes += count * other.writes
    bytes += count * other.bytes
  }

  /// The standard deviation of the bytes written in some time: Poisson for requests, and for rounds
  /// whether one more or less falls within it.
  func deviation(inSeconds seconds: Double) -> Double {
    let whole = rounds.rate * seconds
    let part = whole - whole.rounded(.down)
    return
      (requests.rate * seconds * requests.bytes * requests.bytes
      + part * (1 - part) * rounds.bytes * rounds.bytes).squareRoot()
  }
}

extension FlusherParameters {
  /// Mean seconds from one flush of a guest to the next, where Poisson writes are due by age.
  ///
  /// A flush begins at a look; the first write after it comes at an exponential time x, and the
  /// next flush at the first look at or after expiry + x. With r from the expiry to the first look
  /// after it, further looks are as many as periods begin in x - r.
  fileprivate func cycle(writesPerSecond rate: Double) -> Double {
    let (expiry, period) = (self.expiry.seconds, self.period.seconds)
    guard rate > 0 else { return expiry + period }
    let looks = (expiry / period).rounded(.up)
    let rest = looks * period - expiry
    let further = Double.exp(-rate * rest) / (1 - Double.exp(-rate * period))
    return period * (looks + further)
  }
}
