extension ApproachProfile {
  mutating func visit(_ walk: inout QuantityWalk<some QuantityVisitor>) {
    let prefix = "approach/\(drawnAs)/"
    walk(&kernelSlowdown, "kernel slowdown", prefix + "kernel-slowdown")
    walk(&userSlowdown, "user slowdown", prefix + "user-slowdown")
    topology.visit(&walk, prefix)
    walk(&guestKernel.tickRate, "timer ticks of a guest kernel", prefix + "tick-rate")
    for parameter in SchedulingPolicy.Parameter.allCases {
      let name = parameter.rawValue
      walk(&scheduling.parameters[parameter], "scheduler: \(name)", prefix + name)
    }
    memory.visit(&walk, prefix)
    walk(&storage.privateShare, "private part of a shared image", prefix + "private-share")
    for pathIndex in paths.indices {
      let operation = paths[pathIndex].operation
      var names = RepeatedNames()
      for hopIndex in paths[pathIndex].hops.indices {
        let hop = paths[pathIndex].hops[hopIndex]
        let service = hop.service?.rawValue ?? ""
        let name = names.numbered(
          "hop/\(drawnAs)/\(operation.rawValue)/\(hop.mechanism.rawValue)/"
            + "\(service)/\(hop.place.rawValue)/\(hop.phase.rawValue)")
        walk.visitor.visit(
          &paths[pathIndex].hops[hopIndex],
          title: "path of \(operation.title): \(hop.mechanism.title)", name: name)
      }
    }
  }
}

extension Topology {
  fileprivate mutating func visit(
    _ walk: inout QuantityWalk<some QuantityVisitor>, _ prefix: String
  ) {
    walk(&guestProcessors, "cores of one guest", prefix + "guest-processors", whole: true)
    walk(
      &driverDomainProcessors, "processors of the driver domain",
      prefix + "driver-domain-processors", whole: true)
    walk(
      &backendWorkingSetBytes, "working set of a driver domain or thread",
      prefix + "backend-working-set")
  }
}

extension MemoryPolicy {
  fileprivate mutating func visit(
    _ walk: inout QuantityWalk<some QuantityVisitor>, _ prefix: String
  ) {
    walk(&guestKernelBytes, "memory of a guest kernel", prefix + "guest-kernel")
    walk(&monitorBytes, "memory of a monitor", prefix + "monitor")
    walk(
      &hostOverheadBytes, "memory of hypervisor and driver domain", prefix + "host-overhead")
    walk(&perProcessBytes, "host memory of a process", prefix + "per-process")
    walk(
      &hostProcessesPerGuest, "host processes of a guest", prefix + "host-processes-per-guest")
    walk(
      &hostProcessesPerProcess, "host processes of a process",
      prefix + "host-processes-per-process")
    walk(&balloonFloor, "least part of its memory that a balloon leaves", prefix + "balloon-floor")
    // How far files read once fill a guest is a matter of the guest, whatever it runs on.
    walk(&touchedShare, "free memory that a guest's file cache fills", "touched-share")
    guard var rule = admission else { return }
    walk(
      &rule.keptForHostBytes, "memory not reserved for guests (admission)", prefix + "kept-for-host"
    )
    walk(
      &rule.swapSomeShare, "part of a guest's memory that need not fit under swap-some",
      prefix + "swap-some")
    walk(
      &rule.swapMostShare, "part of a guest's memory that need not fit under swap-most",
      prefix + "swap-most")
    admission = rule
  }
}
