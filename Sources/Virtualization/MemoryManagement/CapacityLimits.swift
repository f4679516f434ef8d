import Statistics

/// A resource of the host, or of one guest, that can be used up.
package enum CapacityResource: Sendable, Hashable {
  /// Frames: reserved ones, or those that must stay in memory for guests to run without swapping.
  case memory
  /// Frames that can neither be swapped nor dropped.
  case pinnedMemory
  /// Host memory that is kept for guests, by which they are admitted.
  case reservedHostMemory
  /// Memory and swap together.
  case memoryAndSwap
  case diskSpace
  /// Memory that a 32-bit kernel can use for its own objects.
  case lowMemory
  case processes
  /// The memory of one guest of a class.
  case guestMemory(guestClass: String)
  /// A beancounter of one guest of a class.
  case beancounter(BeancounterResource, guestClass: String)

  /// The name used in sentences and tables.
  package var name: String {
    switch self {
    case .memory: "memory"
    case .pinnedMemory: "pinned memory"
    case .reservedHostMemory: "reserved host memory"
    case .memoryAndSwap: "memory and swap"
    case .diskSpace: "disk space"
    case .lowMemory: "low memory"
    case .processes: "processes"
    case .guestMemory(let guestClass): "memory of \(guestClass)"
    case .beancounter(let resource, let guestClass): "\(resource.name) of \(guestClass)"
    }
  }
}

/// How much of a resource a number of guests needs.
package struct ResourceUse: Sendable, Hashable {
  package var resource: CapacityResource
  /// What the guests need, in the resource's unit (bytes; processes; a beancounter's own).
  package var used: Double
  package var capacity: Double
  /// Whether a guest more cannot be created, or fails, beyond the capacity; otherwise it is slow.
  package var isHard: Bool
  /// What is counted, in a sentence.
  package var explanation: String

  package init(
    resource: CapacityResource, used: Double, capacity: Double, isHard: Bool, explanation: String
  ) {
    self.resource = resource
    self.used = used
    self.capacity = capacity
    self.isHard = isHard
    self.explanation = explanation
  }

  /// Used over capacity; infinite where there is none of it.
  package var utilization: Double {
    if capacity > 0 { return used / capacity }
    return used > 0 ? .infinity : 0
  }

  /// What is short, with figures: "62 guests need 8.05 GiB of memory, and there are 8 GiB (...)".
  package func shortage(guests: Int) -> String {
    let noun = guests == 1 ? "1 guest needs" : "\(guests) guests need"
    // As many places as it takes to tell what is needed from what there is.
    let scale =
      [1e2, 1e3, 1e4, 1e5].first { amount(used, scale: $0) != amount(capacity, scale: $0) } ?? 1e6
    let amounts = [used, capacity].map { amount($0, scale: scale) }
    let of = resource == .processes ? "" : "of "
    return "\(noun) \(amounts[0]) \(of)\(resource.name) and there are \(amounts[1]) "
      + "(\(explanation))"
  }

  private func amount(_ value: Double, scale: Double) -> String {
    func short(_ value: Double) -> String {
      let rounded = (value * scale).rounded() / scale
      return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int(rounded))" : "\(rounded)"
    }
    switch resource {
    case .memory, .pinnedMemory, .reservedHostMemory, .memoryAndSwap, .diskSpace, .lowMemory,
      .guestMemory:
      return value < 1_073_741_824
        ? short(value / 1_048_576) + " MiB" : short(value / 1_073_741_824) + " GiB"
    case .processes, .beancounter: return short(value)
    }
  }

  /// By how much the use can grow before the resource binds; negative beyond it.
  package var headroom: Double { utilization > 0 ? 1 / utilization - 1 : .infinity }
}

/// The largest number of guests that a resource allows.
package struct CapacityBinding: Sendable, Hashable {
  package var resource: CapacityResource
  /// Guests that fit.
  package var guests: Int
  package var isHard: Bool
  /// Why one guest more does not, in a sentence.
  package var explanation: String

  package init(resource: CapacityResource, guests: Int, isHard: Bool, explanation: String) {
    self.resource = resource
    self.guests = guests
    self.isHard = isHard
    self.explanation = explanation
  }
}

/// What guests need against what there is, by arithmetic and without simulating.
package struct CapacityLimits: Sendable {
  private let host: HostProfile
  private let approach: ApproachProfile
  private let classes: [GuestClass]
  private let model: MemoryModel
  private let states: [GuestState]
  private let frames: [GuestFrames]

  /// The arithmetic of a mix of guests under an approach on a host.
  ///
  /// - Parameter busyWorkers: workers that serve a request in a guest of each class, for the load
  ///   of interest; the spare ones where nil.
  /// - Throws: `MemoryError` where a number is absurd or a guest does not fit into its own memory.
  package init(
    host: HostProfile, approach: ApproachProfile, classes: [GuestClass],
    busyWorkers: [Int]? = nil
  ) throws(MemoryError) {
    self.host = host
    self.approach = approach
    self.classes = classes
    model = try MemoryModel(
      host: host, approach: approach, classes: classes)
    var states: [GuestState] = []
    var frames: [GuestFrames] = []
    for index in classes.indices {
      var state = GuestState(classIndex: Int32(index))
      if let busyWorkers, index < busyWorkers.count {
        state.busyWorkers = Int32(clamping: max(0, busyWorkers[index]))
        state.connections = state.busyWorkers
      }
      guard let held = model.frames(of: state) else {
        throw model.tooSmall(state, at: classes[index].id)
      }
      states.append(state)
      frames.append(held)
    }
    self.states = states
    self.frames = frames
  }

  /// The use of every resource that can bind, the tightest first.
  package func uses(guests: Int) -> [ResourceUse] {
    let counts = GuestMix.counts(classes: classes, total: guests)
    let uses = hostUses(counts: counts) + guestUses()
    return uses.enumerated().sorted {
      $0.element.utilization != $1.element.utilization
        ? $0.element.utilization > $1.element.utilization : $0.offset < $1.offset
    }.map(\.element)
  }

  /// The largest number of guests that each resource of the host allows, the smallest first; a
  /// resource that allows the given maximum is left out.
  package func firstBinding(maximumGuests: Int) -> [CapacityBinding] {
    var bindings: [CapacityBinding] = []
    let atMost = max(0, maximumGuests)
    for row in hostUses(counts: classes.map { _ in 0 }) {
      let fits = largestPopulation(atMost: atMost) { guests in
        (use(of: row.resource, guests: guests)?.utilization ?? .infinity) <= 1
      }
      guard fits < atMost, let next = use(of: row.resource, guests: fits + 1) else { continue }
      bindings.append(
        CapacityBinding(
          resource: row.resource, guests: fits, isHard: row.isHard,
          explanation: next.shortage(guests: fits + 1)))
    }
    return bindings.enumerated().sorted {
      $0.element.guests != $1.element.guests
        ? $0.element.guests < $1.element.guests : $0.offset < $1.offset
    }.map(\.element)
  }

  private func use(of resource: CapacityResource, guests: Int) -> ResourceUse? {
    hostUses(counts: GuestMix.counts(classes: classes, total: guests)).first {
      $0.resource == resource
    }
  }
}

extension CapacityLimits {
  private func hostUses(counts: [Int]) -> [ResourceUse] {
    var uses = memoryUses(counts: counts)
    if let (counted, available) = model.reservedHostMemory(counts: counts) {
      uses.append(
        ResourceUse(
          resource: .reservedHostMemory, used: counted, capacity: max(0, available), isHard: true,
          explanation: model.admissionRule))
    }
    uses.append(
      ResourceUse(
        resource: .diskSpace,
        used: approach.storage.bytes(
          classes: classes, counts: counts,
          swapShare: model.hasGuestKernels ? host.kernel.memory.guestSwap.value : 0),
        capacity: host.disk.capacityBytes.value, isHard: true, explanation: diskExplanation))
    var kernelBytes = 0.0
    var processes = 0.0
    for index in classes.indices {
      let count = Double(counts[index])
      kernelBytes += count * model.hostKernelBytes(states[index], model.facts[index])
      processes += count * model.hostProcesses(states[index], model.facts[index])
    }
    if let lowMemory = host.memory.lowMemoryBytes, host.kernel.wordBits == 32 {
      uses.append(
        ResourceUse(
          resource: .lowMemory, used: kernelBytes, capacity: lowMemory.value, isHard: true,
          explanation: "the 32-bit host kernel keeps the objects of all host processes in its "
            + "low memory; kernels of guests keep theirs in the guests' own"))
    }
    if let ceiling = host.kernel.processCeiling {
      uses.append(
        ResourceUse(
          resource: .processes, used: processes, capacity: ceiling.value, isHard: true,
          explanation: "the host's kernel sees \(Int(processes)) processes, and it responds "
            + "poorly beyond \(Int(ceiling.value))"))
    }
    return uses
  }

  private func memoryUses(counts: [Int]) -> [ResourceUse] {
    let page = Double(MemoryLedger.pageBytes)
    var totals = GuestFrames()
    for index in frames.indices { totals.add(frames[index], counts[index]) }
    let fixed =
      model.basePages + model.hypervisorPages + model.sharedTextPages(counts: counts)
      + totals.kernelObjects + totals.guestKernel + totals.monitor + totals.text
    let floor = model.cacheFloor(
      totals, wantedCache: model.wantedSharedCache(counts: counts))
    let all = fixed + totals.active + totals.idle + totals.cache + totals.unused
    let capacity = Double(model.totalPages) * page
    if model.kind == .reservation {
      return [
        ResourceUse(
          resource: .memory, used: Double(all) * page, capacity: capacity, isHard: true,
          explanation: approach.memory.balloonFloor.map {
            "every guest keeps at least \(Int(($0.value * 100).rounded())) % of its memory, "
              + "however large its balloon"
          } ?? "every guest reserves its whole memory when it is created")
      ]
    }
    // Pages that groups swapped out because of their own limits are in swap even where frames are
    // free, so there memory counts as full.
    let inGroups = model.kind == .controlGroup ? totals.swappedActive + totals.swappedIdle : 0
    let committed = inGroups > 0 ? max(all + floor, model.totalPages) + inGroups : all + floor
    return [
      ResourceUse(
        resource: .memory, used: Double(fixed + totals.active + floor) * page, capacity: capacity,
        isHard: false,
        explanation: "kernels, program text, the least file cache and the anonymous pages touched "
          + "every minute; beyond memory, active pages go to swap"),
      ResourceUse(
        resource: .pinnedMemory,
        used: Double(fixed - model.swappableKernels(totals) + floor) * page, capacity: capacity,
        isHard: true,
        explanation: model.kind == .touchOnDemand
          ? "the host's kernel and daemons, what they keep for guests, and the least file cache, "
            + "none of which goes to swap"
          : "kernels, their objects, program text and the least file cache, none of which goes to "
            + "swap"),
      ResourceUse(
        resource: .memoryAndSwap, used: Double(committed) * page,
        capacity: capacity + Double(model.swapPages) * page, isHard: true,
        explanation: model.kind == .touchOnDemand
          ? "the memory that every guest has touched, which it does not give back"
          : "all anonymous pages and what cannot be swapped; beyond it, processes are killed"),
    ]
  }

  /// What one guest needs of what it is given itself; the same whatever the number of guests.
  private func guestUses() -> [ResourceUse] {
    var uses: [ResourceUse] = []
    let page = Double(MemoryLedger.pageBytes)
    for (index, guest) in classes.enumerated() {
      let facts = model.facts[index]
      if model.kind != .pool, model.kind != .beancounters, facts.memoryPages < Int.max {
        let held = frames[index]
        let inside =
          (model.hasGuestKernels ? held.guestKernel + held.guestObjects : held.kernelObjects)
          + held.text + held.active + held.idle + held.swappedActive + held.swappedIdle
        uses.append(
          ResourceUse(
            resource: .guestMemory(guestClass: guest.id), used: Double(inside) * page,
            capacity: Double(facts.memoryPages) * page, isHard: false,
            explanation: "what a guest's kernel and processes take of its own memory; beyond it, "
              + "it swaps"))
      }
      if model.kind == .beancounters { uses += beancounterUses(index) }
    }
    return uses
  }

  private func beancounterUses(_ index: Int) -> [ResourceUse] {
    let facts = model.facts[index]
    let configuration = classes[index].limits.beancounters.configuration
    var demand = facts.baseDemand(host.kernel.memory)
    let started = max(0, Int(states[index].busyWorkers) - facts.spareWorkers)
    let connections = Int(states[index].connections)
    var uses: [ResourceUse] = []
    for resource in BeancounterResource.allCases {
      let soft = facts.connectionBuffers[resource] > 0
      demand[resource] +=
        started * facts.workerDemand[resource]
        + connections * (facts.connectionDemand[resource] + facts.connectionBuffers[resource])
      guard demand[resource] > 0 else { continue }
      uses.append(
        ResourceUse(
          resource: .beancounter(resource, guestClass: classes[index].id),
          used: Double(demand[resource]),
          capacity: Double(
            soft ? configuration.limit(resource) : configuration.barrier(resource)),
          isHard: true,
          explanation: "\(configuration.name) refuses a guest more than its "
            + (soft ? "limit" : "barrier")))
    }
    return uses
  }

  private var diskExplanation: String {
    var also = model.hasGuestKernels ? ["its data", "its swap space"] : ["its data"]
    if approach.storage.memoryFile { also.append("the file that is its memory") }
    let last = also.removeLast()
    let rest = also.map { "\($0), " }.joined()
    return switch approach.storage.image {
    case .fullCopy: "every guest has a full copy of its system, \(rest)and \(last)"
    case .unified: "one system for all, what each further guest made private, \(rest)and \(last)"
    case .copyOnWrite: "one base for all, each guest's overlay, \(rest)and \(last)"
    }
  }
}
