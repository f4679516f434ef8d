import Virtualization

/// What guests are given, against what the host has and what approaches can give.
extension CrossChecks {
  /// Finds guests with more memory or processors than the whole host has.
  ///
  /// An error only where an approach would have to set the memory aside: such a guest cannot be
  /// created. Elsewhere a size is a ceiling, and a ceiling above the host's memory is odd but runs.
  func compareWithHost(_ guests: [ScenarioReader.Sized], _ listed: [ScenarioReader.Listed]) {
    for sized in guests {
      compareMemory(sized, listed)
      let cores = scenario.host.processors.cores.value
      let processors = sized.guest.limits.processors
      if Double(processors) > cores {
        warn(
          .beyondHost,
          "`\(sized.guest.id)` has \(processors) processors, but the host `\(scenario.host.id)` "
            + "has \(NumberText.write(cores)), and a guest uses no more at once",
          at: sized.place(of: "processors"))
      }
    }
  }

  private func compareMemory(
    _ sized: ScenarioReader.Sized, _ listed: [ScenarioReader.Listed]
  ) {
    let (wanted, there) = (sized.guest.limits.memoryBytes, scenario.host.memory.bytes.value)
    guard wanted > there else { return }
    let place = sized.place(of: "memory")
    let figures =
      "`\(sized.guest.id)` has a memory of \(Measure.write(wanted, .bytes)), but the host "
      + "`\(scenario.host.id)` has \(Measure.write(there, .bytes))"
    func approaches(where matches: (MemoryPolicy) -> Bool) -> String? {
      let ids = listed.map(\.profile).filter { matches($0.memory) }.map { "`\($0.id)`" }
      return ids.isEmpty ? nil : ids.joined(separator: ", ")
    }
    func reserves(_ policy: MemoryPolicy) -> Bool {
      if let admission = policy.admission {
        let counted = admission.countedBytes(
          memoryBytes: wanted, besideBytes: policy.monitorBytes.value)
        return counted > there - admission.keptForHostBytes.value
      }
      return policy.kind == .reservation && wanted * (policy.balloonFloor?.value ?? 1) > there
    }
    if let names = approaches(where: reserves) {
      findings.error(
        .beyondHost,
        figures + "; \(names) must set all of it aside, so no guest can be created; give less, or "
          + "leave that out of `approaches`",
        at: place)
    }
    if let names = approaches(where: { $0.kind == .reservation && !reserves($0) }) {
      warn(
        .beyondHost, figures + "; under \(names) balloons take from guests what is not there",
        at: place)
    }
    if let names = approaches(where: { $0.kind == .touchOnDemand && !reserves($0) }) {
      warn(
        .beyondHost,
        figures + "; under \(names) guests get pages as they touch them, and swap once that is "
          + "more than there is", at: place)
    }
    if let names = approaches(where: { $0.kind == .controlGroup }) {
      warn(
        .beyondHost,
        figures + "; under \(names) it is a limit, which then never holds a guest back",
        at: place)
    }
    if let names = approaches(where: { $0.kind == .pool || $0.kind == .beancounters }) {
      warn(
        .beyondHost, figures + "; \(names): not used there, since guests share one pool", at: place)
    }
  }

  /// Warns of limits and weights that approaches do not know.
  func warnOfIgnoredLimits(_ guests: [ScenarioReader.Sized], _ listed: [ScenarioReader.Listed]) {
    let cores = Int(clamping: scenario.host.processors.cores.value)
    for sized in guests {
      let limits = sized.guest.limits
      // One is what a class has that says nothing.
      let sharing = listed.map(\.profile).filter {
        limits.processors > 1
          && $0.topology.processors(of: limits, cores: cores) > limits.processors
      }
      if !sharing.isEmpty {
        warn(
          .ignoredLimit,
          sharing.map { "`\($0.id)`" }.joined(separator: ", ")
            + (sharing.count == 1 ? " ignores" : " ignore")
            + " the `processors` of `\(sized.guest.id)`: guests on one kernel may use each of the "
            + "\(cores) cores", at: sized.place(of: "processors"))
      }
      for profile in listed.map(\.profile) {
        let policy = profile.scheduling.resolved(on: scenario.host)
        func ignores(_ key: String, _ what: String) {
          warn(
            .ignoredLimit,
            "`\(profile.id)` ignores the `\(key)` of `\(sized.guest.id)`: \(what)",
            at: sized.place(of: key))
        }
        let mode = policy.mode.map { ", `mode: \($0.rawValue)`" } ?? ""
        let scheduler = "its scheduler (`\(policy.algorithm.rawValue)`\(mode))"
        let sideBySide =
          policy.honorsWeights ? "side by side, its guests are not groups to \(scheduler)" : nil
        if limits.processorLimit != nil, !profile.honorsLimits(on: scenario.host) {
          let only =
            policy.algorithm == .tokenBucket
            ? "to \(scheduler) it only fills the bucket that sets the guest's priority" : nil
          ignores(
            "cpu-limit",
            sideBySide ?? only ?? "\(scheduler) has no limit on processor time")
        }
        if let limit = limits.processorLimit, let given = Self.coarse(limit, policy) {
          warn(
            .ignoredLimit,
            "`\(profile.id)` gives the `cpu-limit` of `\(sized.guest.id)`, "
              + "\(Measure.write(limit, .share)), as \(Measure.write(given, .share)): \(scheduler) "
              + "counts it in 1024ths of a core", at: sized.place(of: "cpu-limit"))
        }
        if limits.weight != 1, !profile.honorsWeights(on: scenario.host) {
          ignores("weight", sideBySide ?? "\(scheduler) has no shares")
        }
        if let most = profile.topology.guestProcessors?.value, most < Double(limits.processors) {
          ignores("processors", "it gives a guest \(NumberText.write(most)) at most")
        }
        if limits.directIO != nil, profile.memory.pageCache != .double {
          ignores("direct-io", "its guests have no image file that the host would cache")
        }
      }
    }
  }

  /// What a scheduler makes of a limit that it counts too coarsely to give nearly as it is asked
  /// for.
  ///
  /// The rates of both token buckets are whole 1024ths of a core, and at least one.
  private static func coarse(_ limit: Double, _ policy: SchedulingPolicy) -> Double? {
    guard policy.honorsLimits,
      [.startTimeFairQueueing, .tokenBucket].contains(policy.algorithm)
    else { return nil }
    let given = max((limit * 1_024).rounded(), 1) / 1_024
    return abs(given / limit - 1) > 0.1 ? given : nil
  }

  /// Warns of constants of a scheduler that an approach's scheduler does not have.
  func warnOfIgnoredParameters(_ listed: [ScenarioReader.Listed]) {
    for approach in listed {
      let policy = approach.profile.scheduling
      let algorithm = policy.resolved(on: scenario.host).algorithm
      let known = algorithm.parameters
      for parameter in SchedulingPolicy.Parameter.allCases
      where policy.parameters[parameter] != nil && !known.contains(parameter) {
        let name = parameter.rawValue
        let names = known.map { "`\($0.rawValue)`" }.joined(separator: ", ")
        warn(
          .ignoredLimit,
          "`\(approach.profile.id)` ignores the parameter `\(name)`: its scheduler "
            + "(`\(algorithm.rawValue)`) has \(known.isEmpty ? "none" : "only \(names)")",
          at: approach.scheduling?["parameters"]?[name]?.place ?? approach.place)
      }
    }
  }
}
