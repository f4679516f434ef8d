import Virtualization

/// Reads an approach profile.
struct ApproachReader {
  let findings: Findings
  /// The native paths; nil while the native approach itself is read.
  let native: [Operation: Path]?

  func read(_ definition: Resolver.Definition) -> ApproachProfile {
    let id = definition.id
    let map = MappingReader(definition.tree, .approach, findings, label: id)
    // Native is what most approaches build on, not an original of which they are variants.
    let original =
      map.value("drawn-as")?.text ?? definition.ancestors.last { $0 != "native" }
    let firstYear = map.integer("first-year")
    let lastYear = map.optionalInteger("last-year")
    if let lastYear, lastYear < firstYear, let place = map.tree["last-year"]?.place {
      findings.error(.value, "`last-year` lies before `first-year`", at: place)
    }
    let topology = topology(map.mapping("topology", .topology))
    let memory = memory(map.mapping("memory", .approachMemory))
    let storage = storage(map.mapping("storage", .storage))
    if storage.directIO, memory.pageCache != .double,
      let place = map.tree["storage"]?["direct-io"]?.place
    {
      findings.error(
        .value,
        "`direct-io` belongs to `page-cache: double`, and this is `\(memory.pageCache.rawValue)`: "
          + "the host caches nothing in any case", at: place)
    }
    return ApproachProfile(
      id: id, drawnAs: original, title: map.text("title"), firstYear: firstYear, lastYear: lastYear,
      paths: map.value("paths").map(PathReader(findings: findings, native: native).read) ?? [],
      kernelSlowdown: map.quantity("kernel-slowdown"), userSlowdown: map.quantity("user-slowdown"),
      topology: topology, guestKernel: guestKernel(map, topology),
      scheduling: scheduling(map.mapping("scheduling", .scheduling)),
      memory: memory, storage: storage, notes: notes(map))
  }

  private func topology(_ map: MappingReader) -> Topology {
    let topology = Topology(
      kernelPerGuest: map.flag("kernel-per-guest"),
      guestProcessors: map.optionalQuantity("guest-processors"),
      deviceService: map.choice("device-service", default: .inKernel),
      driverDomainProcessors: map.optionalQuantity("driver-domain-processors"),
      backendWorkingSetBytes: map.optionalQuantity("backend-working-set"))
    if topology.deviceService == .driverDomain, !map.has("driver-domain-processors") {
      map.missing("driver-domain-processors", "A driver domain runs on processors of its own.")
    }
    if topology.deviceService == .inKernel, let stray = map.tree["backend-working-set"] {
      findings.error(
        .unknownKey,
        "`backend-working-set` goes with `device-service: driver-domain` or `thread-per-guest` "
          + "only", at: stray.place)
    }
    return topology
  }

  private func guestKernel(_ approach: MappingReader, _ topology: Topology) -> GuestKernel {
    guard let tree = approach.value("guest-kernel") else { return GuestKernel() }
    if !topology.kernelPerGuest {
      findings.error(
        .unknownKey, "`guest-kernel` goes with `kernel-per-guest: true` only", at: tree.place)
    }
    let map = MappingReader(tree, .guestKernel, findings, label: "guest-kernel")
    return GuestKernel(
      tickRate: map.optionalQuantity("tick-rate"),
      ticksWhenIdle: map.has("idle-ticks") ? map.flag("idle-ticks") : nil)
  }

  private func scheduling(_ map: MappingReader) -> SchedulingPolicy {
    var parameters: [SchedulingPolicy.Parameter: Quantity] = [:]
    if let tree = map.value("parameters") {
      let values = MappingReader(tree, .parameters, findings, label: "parameters")
      for parameter in SchedulingPolicy.Parameter.allCases {
        guard let quantity = values.optionalQuantity(parameter.rawValue) else { continue }
        parameters[parameter] = quantity
      }
    }
    let policy = SchedulingPolicy(
      algorithm: map.choice("algorithm", default: .host),
      mode: map.has("mode") ? map.choice("mode", default: .hard) : nil, parameters: parameters)
    if policy.mode != nil, policy.algorithm != .tokenBucket, let place = map.tree["mode"]?.place {
      findings.error(
        .unknownKey,
        "`mode` goes with `algorithm: token-bucket` only, and this is "
          + "`\(policy.algorithm.rawValue)`", at: place)
    }
    return policy
  }

  private func memory(_ map: MappingReader) -> MemoryPolicy {
    var policy = MemoryPolicy(
      kind: map.choice("kind", default: .pool),
      pageCache: map.choice("page-cache", default: .shared),
      sharesIdenticalFiles: map.flag("shares-identical-files"),
      guestKernelBytes: map.quantity("guest-kernel"), monitorBytes: map.quantity("monitor"),
      hostOverheadBytes: map.quantity("host-overhead"),
      perProcessBytes: map.quantity("per-process"),
      hostProcessesPerGuest: map.quantity("host-processes-per-guest"),
      hostProcessesPerProcess: map.quantity("host-processes-per-process"))
    policy.balloonFloor = map.optionalQuantity("balloon-floor")
    if policy.balloonFloor != nil, policy.kind != .reservation,
      let place = map.tree["balloon-floor"]?.place
    {
      findings.error(
        .value,
        "`balloon-floor` belongs to the kind `reservation`, and this is `\(policy.kind.rawValue)`",
        at: place)
    }
    policy.monitorSwaps = map.has("monitor-swaps") && map.flag("monitor-swaps")
    if policy.monitorSwaps, policy.kind != .touchOnDemand,
      let place = map.tree["monitor-swaps"]?.place
    {
      findings.error(
        .value,
        "`monitor-swaps` belongs to the kind `touch-on-demand`, and this is "
          + "`\(policy.kind.rawValue)`", at: place)
    }
    policy.touchedShare = map.optionalQuantity("touched-share")
    if policy.touchedShare != nil, policy.kind != .touchOnDemand,
      let place = map.tree["touched-share"]?.place
    {
      findings.error(
        .value,
        "`touched-share` belongs to the kind `touch-on-demand`, and this is "
          + "`\(policy.kind.rawValue)`", at: place)
    }
    if map.has("admission") { policy.admission = admission(map.mapping("admission", .admission)) }
    return policy
  }

  private func admission(_ map: MappingReader) -> AdmissionPolicy {
    AdmissionPolicy(
      rule: map.choice("rule", default: .fitAll), keptForHostBytes: map.quantity("kept-for-host"),
      swapSomeShare: map.quantity("swap-some"),
      swapMostShare: map.quantity("swap-most"))
  }

  private func storage(_ map: MappingReader) -> StoragePolicy {
    StoragePolicy(
      image: map.choice("image", default: .fullCopy), privateShare: map.quantity("private-share"),
      directIO: map.has("direct-io") && map.flag("direct-io"),
      memoryFile: map.has("memory-file") && map.flag("memory-file"))
  }

  private func notes(_ map: MappingReader) -> [String] {
    map.list("notes").compactMap { note in
      guard let text = note.text, !text.isEmpty else {
        findings.error(
          .wrongType, "a note is \(note.description); it must be text", at: note.place)
        return nil
      }
      return text
    }
  }
}
