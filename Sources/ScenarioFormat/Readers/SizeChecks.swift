import Virtualization

/// Refuses what would take more memory than a machine can be expected to have.
extension CrossChecks {
  /// Bytes that the answers to both questions may keep while they are made.
  static let mostBytes = 4.0 * 1_073_741_824

  /// Bytes of the response times of one class in all runs together: a histogram.
  private static let histogramBytes = 328.0 * 1024
  /// Bytes of the figures of one class in one run: items of two itemizations, and in an overhead
  /// with the number of requests in the system over time.
  private static let figureBytes = (overhead: 6.0 * 1024, density: 2.0 * 1024)
  /// Numbers of guests that a search tries: it doubles its steps, halves them, and fills its curve.
  private static let triedNumbers = 24.0

  /// Finds products of numbers, each allowed by itself, that no run could hold.
  func refuseSizes(
    guests: [ScenarioReader.Sized], run: Tree?, _ listed: [ScenarioReader.Listed]
  ) {
    refuseClasses(guests, run)
    for approach in listed.map(\.profile) {
      if refuseCacheStates(guests, approach) { return }
      if refuseSearch(run, approach) { return }
    }
  }

  private func refuseClasses(_ guests: [ScenarioReader.Sized], _ run: Tree?) {
    if guests.count > HostSimulation.mostClasses {
      findings.error(
        .value,
        "there are \(guests.count) classes of guests; at most \(HostSimulation.mostClasses) can be "
          + "simulated, so put guests that are alike into one class with a `count`",
        at: guests[HostSimulation.mostClasses].tree.place)
      return
    }
    var trips = 0.0
    for sized in guests {
      trips += sized.guest.workload.programTrips
      guard trips > Double(HostSimulation.mostTrips) else { continue }
      findings.error(
        .value,
        "with `\(sized.guest.id)` the requests of all classes make \(NumberText.write(trips)) "
          + "trips to the disk; at most \(HostSimulation.mostTrips) can be simulated, so state "
          + "fewer, larger ones", at: sized.place(of: "workload"))
      return
    }
    refuseRuns(guests, run)
  }

  /// Finds more replications and draws than either question could keep the figures of.
  private func refuseRuns(_ guests: [ScenarioReader.Sized], _ run: Tree?) {
    let controls = scenario.controls
    let replications = Double(controls.maximumReplications)
    let columns = Double(guests.count * scenario.approaches.count)
    // Of an overhead, those of the last checkpoint apart from those before it; draws of a density
    // keep no more than a number.
    let overhead =
      (replications + Double(controls.parameterDraws)) * Self.figureBytes.overhead
      + 2 * Self.histogramBytes
    let density =
      Self.triedNumbers * (replications * Self.figureBytes.density + Self.histogramBytes)
    let bytes = columns * (overhead + density)
    guard bytes > Self.mostBytes else { return }
    func gibibytes(_ bytes: Double) -> String {
      NumberText.write((bytes / 1_073_741_824).rounded(.up))
    }
    findings.error(
      .value,
      "\(controls.maximumReplications) replications and \(controls.parameterDraws) parameter draws "
        + "of \(guests.count) classes under \(scenario.approaches.count) approaches may take "
        + "\(gibibytes(bytes)) GiB of figures while both questions are answered; at most "
        + "\(gibibytes(Self.mostBytes)) GiB can be kept, so lower `replications` or "
        + "`parameter-draws`, or ask for fewer approaches or classes at a time",
      at: (run?["replications"] ?? run)?.place ?? guests.first?.tree.place ?? Place(file: ""))
  }

  private var cores: Int { Int(clamping: scenario.host.processors.cores.value) }

  private func cacheStates(_ guests: Int, _ approach: ApproachProfile) -> Int {
    approach.topology.entities(guests: guests) * cores
  }

  private func refuseCacheStates(
    _ guests: [ScenarioReader.Sized], _ approach: ApproachProfile
  ) -> Bool {
    var all = 0
    for sized in guests {
      all += sized.guest.count
      guard cacheStates(all, approach) > HostSimulation.mostCacheStates else { continue }
      findings.error(
        .value,
        "with `\(sized.guest.id)` there are \(all) guests on \(cores) cores: under "
          + "`\(approach.id)` more pairs of the two than the \(HostSimulation.mostCacheStates) "
          + "whose caches can be simulated; lower a `count` or the `cores` of the host",
        at: sized.place(of: "count"))
      return true
    }
    return false
  }

  /// The same for the guests that a density search may try: as many as memory and disk hold.
  private func refuseSearch(_ run: Tree?, _ approach: ApproachProfile) -> Bool {
    let most = scenario.controls.maximumGuests
    guard let place = run?["maximum-guests"]?.place,
      cacheStates(most, approach) > HostSimulation.mostCacheStates
    else { return false }
    let limits = try? CapacityLimits(
      host: scenario.host, approach: approach, classes: scenario.guests)
    let held = limits?.firstBinding(maximumGuests: most).filter(\.isHard).map(\.guests).min()
    guard cacheStates(held ?? most, approach) > HostSimulation.mostCacheStates else { return false }
    findings.error(
      .value,
      "\(most) guests on \(cores) cores are under `\(approach.id)` more pairs of the two than the "
        + "\(HostSimulation.mostCacheStates) whose caches can be simulated; lower `maximum-guests` "
        + "or the `cores` of the host", at: place)
    return true
  }
}
