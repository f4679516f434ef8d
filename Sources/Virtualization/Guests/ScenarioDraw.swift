package import Statistics

/// Draws every uncertain number of a scenario from its range.
///
/// A number is drawn uniformly below its nominal value with probability one half and uniformly above
/// it otherwise, so the nominal value is the median. Its random number is named by what the number
/// is, so one draw is shared by all approaches and does not change when a profile gains a line. A
/// factor that quantities have in common is drawn once for all of them.
package struct QuantityDraw: Sendable {
  /// The root seed of the study.
  package var seed: UInt64
  /// Which draw; 0 stands for nominal values.
  package var index: Int

  package init(seed: UInt64, index: Int) {
    self.seed = seed
    self.index = index
  }

  /// Draws the value of a quantity that has a range; `whole` for what is counted in whole numbers.
  package func callAsFunction(_ quantity: inout Quantity, _ name: String, whole: Bool = false) {
    guard index > 0, quantity.low < quantity.high else { return }
    var value: Double
    if let common = quantity.common {
      let low = min(quantity.value, quantity.low / common.low)
      let high = max(quantity.value, quantity.high / common.high)
      value =
        draw(name, low, quantity.value, high) * factor(common.low...common.high, common.name)
    } else {
      value = draw(name, quantity.low, quantity.value, quantity.high)
    }
    quantity.value = whole ? value.rounded() : value
  }

  /// Draws the value of a quantity that may be left out.
  package func callAsFunction(_ quantity: inout Quantity?, _ name: String, whole: Bool = false) {
    guard var some = quantity else { return }
    callAsFunction(&some, name, whole: whole)
    quantity = some
  }

  /// A factor drawn from a range around 1.
  package func factor(_ range: ClosedRange<Double>, _ name: String) -> Double {
    guard index > 0, range.lowerBound < range.upperBound else { return 1 }
    return draw(name, range.lowerBound, 1, range.upperBound)
  }

  /// Draws the scale of a distribution and multiplies the distribution by it.
  package func callAsFunction(
    _ law: inout Distribution, scale: inout Quantity, _ name: String
  ) {
    var drawn = scale
    callAsFunction(&drawn, name)
    // A factor of exactly 0 has no law; its range ends there, and the draw is as good without it.
    guard drawn.value != scale.value, let scaled = try? law.scaled(by: drawn.value / scale.value)
    else { return }
    scale = drawn
    law = scaled
  }

  private func draw(_ name: String, _ low: Double, _ middle: Double, _ high: Double) -> Double {
    var stream = RandomStream(
      StreamKey(seed: seed, role: .parameter, index: UInt64(index), name: name))
    let u = stream.uniform()
    return u < 0.5 ? low + (middle - low) * 2 * u : middle + (high - middle) * (2 * u - 1)
  }
}

extension StreamKey {
  /// A key whose guest and replication fields are a hash of a name.
  fileprivate init(seed: UInt64, role: StreamRole, index: UInt64, name: String) {
    let hash = ContentHash.of(name)
    self.init(
      seed: seed, role: role, guest: UInt32(truncatingIfNeeded: hash), index: index,
      replication: UInt32(truncatingIfNeeded: hash >> 32))
  }
}

extension StreamRole {
  /// Uncertain parameters.
  package static let parameter = StreamRole(rawValue: 1)
  /// Arrivals of requests.
  package static let arrival = StreamRole(rawValue: 2)
  /// Attributes of one request.
  package static let request = StreamRole(rawValue: 3)
  /// Think times of users.
  package static let thinking = StreamRole(rawValue: 4)
  /// Phases of periodic work.
  package static let background = StreamRole(rawValue: 5)
  /// Swapping on behalf of one request.
  package static let swapping = StreamRole(rawValue: 6)
  /// Attributes of one round of periodic work.
  package static let round = StreamRole(rawValue: 7)
}

extension Scenario {
  /// The scenario with every uncertain number drawn; draw 0 is the scenario itself.
  package func drawn(_ index: Int) -> Scenario {
    let draw = QuantityDraw(seed: controls.seed, index: index)
    var result = self
    let originals = Dictionary(
      (approaches + [native]).map { ($0.id, $0.drawnAs) }, uniquingKeysWith: { first, _ in first })
    result.host.draw(draw, originals)
    result.native.draw(draw)
    for position in result.approaches.indices { result.approaches[position].draw(draw) }
    for position in result.guests.indices { result.guests[position].workload.draw(draw) }
    return result
  }
}

extension HostProfile {
  /// - Parameter originals: By approach, the id under which its numbers are drawn.
  fileprivate mutating func draw(_ draw: QuantityDraw, _ originals: [String: String]) {
    for index in primitives.indices {
      let primitive = primitives[index]
      let name =
        "primitive/\(primitive.mechanism.rawValue)/\(primitive.service?.rawValue ?? "")/"
        + (primitive.approach.map { originals[$0] ?? $0 } ?? "")
      draw(&primitives[index].price, name)
    }
    draw(&processors.cores, "host/cores", whole: true)
    draw(&processors.speed, "host/speed")
    draw(&processors.cacheBytes, "host/cache")
    draw(&processors.cacheWays, "host/cache-ways", whole: true)
    draw(&memory.bytes, "host/memory")
    draw(&memory.swapBytes, "host/swap")
    draw(&memory.baseBytes, "host/base-memory")
    draw(&memory.lowMemoryBytes, "host/low-memory")
    draw(&disk.capacityBytes, "host/disk/capacity")
    draw(&disk.channels, "host/disk/channels", whole: true)
    draw(&disk.positioningTime, "host/disk/positioning")
    draw(&disk.positioningVariation, "host/disk/variation")
    draw(&disk.transferRate, "host/disk/rate")
    draw(&network.rate, "host/network/rate")
    draw(&network.segmentBytes, "host/network/segment", whole: true)
    draw(&kernel.tickRate, "host/tick-rate")
    draw(&kernel.processCeiling, "host/process-ceiling", whole: true)
    for parameter in SchedulingPolicy.Parameter.allCases {
      draw(&kernel.parameters[parameter], "host/kernel/" + parameter.rawValue)
    }
    kernel.memory.draw(draw, "host/kernel/memory/")
  }
}

extension MemoryAssumptions {
  fileprivate mutating func draw(_ draw: QuantityDraw, _ prefix: String) {
    draw(&cacheFloor, prefix + "cache-floor")
    draw(&swapCluster, prefix + "swap-cluster", whole: true)
    draw(&rewrittenShare, prefix + "rewritten-share")
    draw(&guestSwap, prefix + "guest-swap")
    draw(&allocatedPerTouched, prefix + "allocated-per-touched")
    draw(&socketBytes, prefix + "socket")
    draw(&socketBufferBytes, prefix + "socket-buffer")
    draw(&filesPerProcess, prefix + "files-per-process", whole: true)
    draw(&directoryCacheBytesPerFile, prefix + "directory-cache-per-file")
  }
}

extension ApproachProfile {
  fileprivate mutating func draw(_ draw: QuantityDraw) {
    for pathIndex in paths.indices {
      var names = RepeatedNames()
      for hopIndex in paths[pathIndex].hops.indices {
        let hop = paths[pathIndex].hops[hopIndex]
        let service = hop.service?.rawValue ?? ""
        let name = names.numbered(
          "hop/\(drawnAs)/\(paths[pathIndex].operation.rawValue)/\(hop.mechanism.rawValue)/"
            + "\(service)/\(hop.place.rawValue)/\(hop.phase.rawValue)")
        paths[pathIndex].hops[hopIndex].count.scale(by: draw.factor(hop.countRange, name))
      }
    }
    let prefix = "approach/\(drawnAs)/"
    draw(&kernelSlowdown, prefix + "kernel-slowdown")
    draw(&userSlowdown, prefix + "user-slowdown")
    draw(&topology.guestProcessors, prefix + "guest-processors", whole: true)
    draw(&topology.driverDomainProcessors, prefix + "driver-domain-processors", whole: true)
    draw(&topology.backendWorkingSetBytes, prefix + "backend-working-set")
    draw(&guestKernel.tickRate, prefix + "tick-rate")
    for parameter in SchedulingPolicy.Parameter.allCases {
      draw(&scheduling.parameters[parameter], prefix + parameter.rawValue)
    }
    draw(&memory.guestKernelBytes, prefix + "guest-kernel")
    draw(&memory.monitorBytes, prefix + "monitor")
    draw(&memory.hostOverheadBytes, prefix + "host-overhead")
    draw(&memory.perProcessBytes, prefix + "per-process")
    draw(&memory.hostProcessesPerGuest, prefix + "host-processes-per-guest")
    draw(&memory.hostProcessesPerProcess, prefix + "host-processes-per-process")
    draw(&memory.balloonFloor, prefix + "balloon-floor")
    draw(&memory.touchedShare, prefix + "touched-share")
    if var admission = memory.admission {
      draw(&admission.keptForHostBytes, prefix + "kept-for-host")
      draw(&admission.overheadBytes, prefix + "admission-overhead")
      draw(&admission.swapSomeShare, prefix + "swap-some")
      draw(&admission.swapMostShare, prefix + "swap-most")
      memory.admission = admission
    }
    draw(&storage.privateShare, prefix + "private-share")
  }
}

extension LinearCount {
  fileprivate mutating func scale(by factor: Double) {
    constant *= factor
    for attribute in Attribute.allCases { slope[attribute] *= factor }
  }
}

extension Workload {
  fileprivate mutating func draw(_ draw: QuantityDraw) {
    let prefix = "workload/\(id)/"
    arrival.draw(draw, prefix + "arrival/", thinking: &scales.thinkTime)
    draw(&userComputation, scale: &scales.userComputation, prefix + "user-computation")
    draw(&responseBytes, scale: &scales.response, prefix + "response")
    operations.draw(draw, prefix + "operation/")
    processes.draw(draw, prefix)
    draw(&workingSetBytes, prefix + "working-set")
    draw(&workers, prefix + "workers", whole: true)
    draw(&backlog, prefix + "backlog", whole: true)
    if var files {
      draw(&files.zipfExponent, prefix + "zipf")
      draw(&files.count, prefix + "files", whole: true)
      draw(&files.meanBytes, prefix + "file-bytes")
      draw(&files.commonShare, prefix + "common-share")
      self.files = files
    }
    if var background {
      draw(&background.period, prefix + "background/period")
      draw(&background.userSeconds, prefix + "background/user")
      background.operations.draw(draw, prefix + "background/operation/")
      self.background = background
    }
  }
}

extension Arrival {
  fileprivate mutating func draw(
    _ draw: QuantityDraw, _ prefix: String, thinking scale: inout Quantity
  ) {
    switch self {
    case .poisson(var rate):
      draw(&rate, prefix + "rate")
      self = .poisson(rate: rate)
    case .bursty(var rate, var peakToMean, var burstSeconds, var shareInBursts):
      draw(&rate, prefix + "rate")
      draw(&peakToMean, prefix + "peak-to-mean")
      draw(&burstSeconds, prefix + "burst")
      draw(&shareInBursts, prefix + "in-bursts")
      self = .bursty(
        rate: rate, peakToMean: peakToMean, burstSeconds: burstSeconds,
        shareInBursts: shareInBursts)
    case .closed(var users, var thinkTime):
      draw(&users, prefix + "users", whole: true)
      draw(&thinkTime, scale: &scale, prefix + "think-time")
      self = .closed(users: users, thinkTime: thinkTime)
    }
  }
}

extension [OperationCount] {
  fileprivate mutating func draw(_ draw: QuantityDraw, _ prefix: String) {
    var names = RepeatedNames()
    for index in indices {
      draw(&self[index].count, names.numbered(prefix + self[index].operation.rawValue))
    }
  }
}

extension ProcessDemand {
  fileprivate mutating func draw(_ draw: QuantityDraw, _ prefix: String) {
    draw(&baseProcesses, prefix + "base-processes", whole: true)
    draw(&baseAnonymousBytes, prefix + "base-anonymous")
    draw(&workerAnonymousBytes, prefix + "worker-anonymous")
    draw(&spareWorkers, prefix + "spare-workers", whole: true)
    draw(&activeShare, prefix + "active-share")
    draw(&textBytes, prefix + "text")
    draw(&kernelBytesPerProcess, prefix + "kernel-per-process")
    draw(&socketsPerWorker, prefix + "sockets", whole: true)
    draw(&imageBytes, prefix + "image")
    draw(&dataBytes, prefix + "data")
  }
}

/// Tells lines of one name apart by their number, so that each has a draw of its own.
private struct RepeatedNames {
  private var seen: [String: Int] = [:]

  mutating func numbered(_ name: String) -> String {
    let count = seen[name, default: 0]
    seen[name] = count + 1
    return count == 0 ? name : "\(name)/\(count)"
  }
}
