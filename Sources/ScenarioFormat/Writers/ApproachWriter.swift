import Virtualization
import Yams

extension FormatWriter {
  static func approach(_ profile: ApproachProfile) -> [(String, Node)] {
    let memory = profile.memory
    var entries: [(String, Node)] = [
      ("title", quoted(profile.title)), ("first-year", word("\(profile.firstYear)")),
    ]
    if profile.drawnAs != profile.id { entries.append(("drawn-as", quoted(profile.drawnAs))) }
    if let last = profile.lastYear { entries.append(("last-year", word("\(last)"))) }
    entries += quantities([
      "kernel-slowdown": profile.kernelSlowdown, "user-slowdown": profile.userSlowdown,
    ])
    entries += [
      ("topology", topology(profile.topology))
    ]
    if profile.guestKernel != GuestKernel() {
      entries.append(("guest-kernel", guestKernel(profile.guestKernel)))
    }
    entries += [
      ("scheduling", scheduling(profile.scheduling)),
      (
        "memory",
        map(
          [
            ("kind", word(memory.kind.rawValue)),
            ("page-cache", word(memory.pageCache.rawValue)),
            ("shares-identical-files", flag(memory.sharesIdenticalFiles)),
          ]
            + quantities([
              "guest-kernel": memory.guestKernelBytes, "monitor": memory.monitorBytes,
              "host-overhead": memory.hostOverheadBytes, "per-process": memory.perProcessBytes,
              "host-processes-per-guest": memory.hostProcessesPerGuest,
              "host-processes-per-process": memory.hostProcessesPerProcess,
              "balloon-floor": memory.balloonFloor, "touched-share": memory.touchedShare,
            ])
            + (memory.monitorSwaps ? [("monitor-swaps", flag(true))] : [])
            + (memory.admission.map { [("admission", admission($0))] } ?? []))
      ),
      (
        "storage",
        map(
          [("image", word(profile.storage.image.rawValue))]
            + quantities(["private-share": profile.storage.privateShare])
            + (profile.storage.directIO ? [("direct-io", flag(true))] : [])
            + (profile.storage.memoryFile ? [("memory-file", flag(true))] : []))
      ),
      ("paths", map(profile.paths.map { ($0.operation.rawValue, list($0.hops.map(hop))) })),
      ("notes", list(profile.notes.map(quoted))),
    ]
    return entries
  }

  private static func admission(_ policy: AdmissionPolicy) -> Node {
    map(
      [("rule", word(policy.rule.rawValue))]
        + quantities([
          "kept-for-host": policy.keptForHostBytes, "swap-some": policy.swapSomeShare,
          "swap-most": policy.swapMostShare,
        ]))
  }

  private static func topology(_ topology: Topology) -> Node {
    map(
      [("kernel-per-guest", flag(topology.kernelPerGuest))]
        + quantities(["guest-processors": topology.guestProcessors])
        + [("device-service", word(topology.deviceService.rawValue))]
        + quantities([
          "driver-domain-processors": topology.driverDomainProcessors,
          "backend-working-set": topology.backendWorkingSetBytes,
        ]))
  }

  private static func guestKernel(_ kernel: GuestKernel) -> Node {
    map(
      quantities(["tick-rate": kernel.tickRate])
        + (kernel.ticksWhenIdle.map { [("idle-ticks", flag($0))] } ?? []))
  }

  private static func scheduling(_ policy: SchedulingPolicy) -> Node {
    return map(
      [("algorithm", word(policy.algorithm.rawValue))]
        + (policy.mode.map { [("mode", word($0.rawValue))] } ?? [])
        + [("parameters", parameters(policy.parameters))])
  }

  private static func hop(_ hop: Hop) -> Node {
    var entries: [(String, Node)] = [("do", word(hop.mechanism.rawValue))]
    if let service = hop.service { entries.append(("service", word(service.rawValue))) }
    entries += [("at", word(hop.place.rawValue)), ("phase", word(hop.phase.rawValue))]
    let slopes = Attribute.allCases.filter { hop.count.slope[$0] != 0 }
    if slopes.isEmpty {
      entries.append(("count", number(hop.count.constant, .count)))
    } else {
      entries.append(
        (
          "count",
          map(
            [("constant", number(hop.count.constant, .count))]
              + slopes.map { ($0.name, number(hop.count.slope[$0], .count)) })
        ))
    }
    let range = [hop.countRange.lowerBound, hop.countRange.upperBound]
    entries += [
      ("range", Node(range.map { number($0, .count) }, .implicit, .flow)),
      ("shared", flag(hop.isShared)), ("status", word(hop.status.rawValue)),
      ("source", quoted(hop.source)),
    ]
    return map(entries)
  }
}
