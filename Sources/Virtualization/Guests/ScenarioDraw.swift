package import Statistics

/// Draws every uncertain number of a scenario from its range.
///
/// A number is drawn uniformly below its nominal value with probability one half and uniformly above
/// it otherwise, so the nominal value is the median. Its random number is named by what the number
/// is, so one draw is shared by all approaches and does not change when a profile gains a line.
package struct QuantityDraw: Sendable {
  /// The root seed of the study.
  package var seed: UInt64
  /// Which draw; 0 stands for nominal values.
  package var index: Int

  package init(seed: UInt64, index: Int) {
    self.seed = seed
    self.index = index
  }

  /// The quantity with its value drawn.
  package func callAsFunction(_ quantity: Quantity, _ name: String) -> Quantity {
    guard index > 0, quantity.low < quantity.high else { return quantity }
    var result = quantity
    result.value = draw(name, quantity.low, quantity.value, quantity.high)
    return result
  }

  /// A factor drawn from a range around 1.
  package func factor(_ range: ClosedRange<Double>, _ name: String) -> Double {
    guard index > 0, range.lowerBound < range.upperBound else { return 1 }
    return draw(name, range.lowerBound, 1, range.upperBound)
  }

  private func draw(_ name: String, _ low: Double, _ middle: Double, _ high: Double) -> Double {
    var stream = RandomStream(
      StreamKey(
        seed: seed, role: .parameter, index: UInt64(index), name: name))
    let u = stream.uniform()
    return u < 0.5 ? low + (middle - low) * 2 * u : middle + (high - middle) * (2 * u - 1)
  }
}

extension StreamKey {
  /// A key whose guest field is a hash (FNV-1a, 32 bits) of a name.
  fileprivate init(seed: UInt64, role: StreamRole, index: UInt64, name: String) {
    var hash: UInt32 = 2_166_136_261
    for byte in name.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
    self.init(seed: seed, role: role, guest: hash, index: index)
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
}

extension Scenario {
  /// The scenario with every uncertain number drawn; draw 0 is the scenario itself.
  package func drawn(_ index: Int) -> Scenario {
    let draw = QuantityDraw(seed: controls.seed, index: index)
    var result = self
    result.host.draw(draw)
    result.native.draw(draw)
    for position in result.approaches.indices { result.approaches[position].draw(draw) }
    for position in result.guests.indices { result.guests[position].workload.draw(draw) }
    return result
  }
}

extension HostProfile {
  fileprivate mutating func draw(_ draw: QuantityDraw) {
    for index in primitives.indices {
      let primitive = primitives[index]
      let name =
        "primitive/\(primitive.mechanism.rawValue)/\(primitive.service?.rawValue ?? "")/"
        + (primitive.approach ?? "")
      primitives[index].price = draw(primitive.price, name)
    }
    processors.speed = draw(processors.speed, "host/speed")
    processors.cacheBytes = draw(processors.cacheBytes, "host/cache")
    memory.baseBytes = draw(memory.baseBytes, "host/base-memory")
    disk.positioningTime = draw(disk.positioningTime, "host/disk/positioning")
    disk.positioningVariation = draw(disk.positioningVariation, "host/disk/variation")
    disk.transferRate = draw(disk.transferRate, "host/disk/rate")
    network.rate = draw(network.rate, "host/network/rate")
  }
}

extension ApproachProfile {
  fileprivate mutating func draw(_ draw: QuantityDraw) {
    for pathIndex in paths.indices {
      for hopIndex in paths[pathIndex].hops.indices {
        let hop = paths[pathIndex].hops[hopIndex]
        let service = hop.service?.rawValue ?? ""
        let factor = draw.factor(
          hop.countRange,
          "hop/\(id)/\(paths[pathIndex].operation.rawValue)/\(hop.mechanism.rawValue)/"
            + "\(service)/\(hop.place.rawValue)/\(hop.phase.rawValue)")
        paths[pathIndex].hops[hopIndex].count.scale(by: factor)
      }
    }
    kernelSlowdown = draw(kernelSlowdown, "approach/\(id)/kernel-slowdown")
    userSlowdown = draw(userSlowdown, "approach/\(id)/user-slowdown")
    memory.guestKernelBytes = draw(memory.guestKernelBytes, "approach/\(id)/guest-kernel")
    memory.monitorBytes = draw(memory.monitorBytes, "approach/\(id)/monitor")
    memory.hostOverheadBytes = draw(memory.hostOverheadBytes, "approach/\(id)/host-overhead")
    memory.perProcessBytes = draw(memory.perProcessBytes, "approach/\(id)/per-process")
    storage.privateShare = draw(storage.privateShare, "approach/\(id)/private-share")
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
    for index in operations.indices {
      operations[index].count = draw(
        operations[index].count, "\(prefix)operation/\(operations[index].operation.rawValue)")
    }
    processes.draw(draw, prefix)
    workingSetBytes = draw(workingSetBytes, prefix + "working-set")
    if var files {
      files.zipfExponent = draw(files.zipfExponent, prefix + "zipf")
      files.count = draw(files.count, prefix + "files")
      files.meanBytes = draw(files.meanBytes, prefix + "file-bytes")
      files.commonShare = draw(files.commonShare, prefix + "common-share")
      self.files = files
    }
    if var background {
      background.userSeconds = draw(background.userSeconds, prefix + "background/user")
      self.background = background
    }
  }
}

extension ProcessDemand {
  fileprivate mutating func draw(_ draw: QuantityDraw, _ prefix: String) {
    baseProcesses = draw(baseProcesses, prefix + "base-processes")
    baseAnonymousBytes = draw(baseAnonymousBytes, prefix + "base-anonymous")
    workerAnonymousBytes = draw(workerAnonymousBytes, prefix + "worker-anonymous")
    activeShare = draw(activeShare, prefix + "active-share")
    textBytes = draw(textBytes, prefix + "text")
    kernelBytesPerProcess = draw(kernelBytesPerProcess, prefix + "kernel-per-process")
    imageBytes = draw(imageBytes, prefix + "image")
    dataBytes = draw(dataBytes, prefix + "data")
  }
}
