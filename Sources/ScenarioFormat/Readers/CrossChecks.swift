import Virtualization

/// Checks of a scenario that need more than one of its files.
struct CrossChecks {
  let findings: Findings
  let scenario: Scenario
  /// The codes of warnings that the scenario does not want to see.
  let silenced: Set<String>

  /// Warns of what did not exist in the scenario's year.
  func warnOfAnachronisms(_ listed: [ScenarioReader.Listed], host: Place) {
    for approach in listed {
      let profile = approach.profile
      if profile.firstYear > scenario.year {
        warn(
          .anachronism,
          "`\(profile.id)` did not exist in \(scenario.year), only from \(profile.firstYear) on",
          at: approach.place)
      } else if let last = profile.lastYear, last < scenario.year {
        warn(
          .anachronism,
          "`\(profile.id)` was no longer in use in \(scenario.year), only until \(last)",
          at: approach.place)
      }
    }
    if scenario.host.year > scenario.year {
      warn(
        .anachronism,
        "the host `\(scenario.host.id)` is of \(scenario.host.year), later than \(scenario.year)",
        at: host)
    }
  }

  func warn(_ code: Finding.Code, _ message: String, at place: Place) {
    guard !silenced.contains(code.rawValue) else { return }
    let advice = "; `silence: [\(code.rawValue)]` accepts that"
    findings.add(Finding(code, message + advice, at: place, severity: .warning))
  }

  /// Refuses more guests and users than a run can hold, where the class stands that exceeds it.
  func refuseCrowds(guests tree: Tree?) {
    guard let tree, case .list(let places) = tree.content else { return }
    var (all, users) = (0, 0.0)
    for (guest, place) in zip(scenario.guests, places) {
      all += guest.count
      if all > HostSimulation.mostGuests {
        findings.error(
          .value,
          "with `\(guest.id)` there are \(all) guests; at most \(HostSimulation.mostGuests) can be "
            + "simulated, so lower a `count`", at: (place["count"] ?? place).place)
        return
      }
      guard case .closed(let each, _) = guest.workload.arrival else { continue }
      users += Double(guest.count) * each.value
      if users > Double(HostSimulation.mostUsers) {
        findings.error(
          .value,
          "with `\(guest.id)` there are \(NumberText.write(users)) users; at most "
            + "\(HostSimulation.mostUsers) can be simulated, so lower a `count` or `users`",
          at: (place["count"] ?? place).place)
        return
      }
    }
  }

  /// Demands a path and all prices for every operation that a workload counts.
  func demandPrices(_ listed: [ScenarioReader.Listed]) {
    var counted: Set<Operation> = []
    for guest in scenario.guests {
      counted.formUnion(guest.workload.operations.map(\.operation))
      counted.formUnion(guest.workload.background?.operations.map(\.operation) ?? [])
    }
    for approach in listed {
      var seen: Set<PriceReader.Key> = []
      for operation in counted.sorted() {
        let own = approach.profile.paths.first { $0.operation == operation }
        guard let path = own ?? scenario.native.paths.first(where: { $0.operation == operation })
        else {
          findings.error(
            .missingPrice,
            "`\(approach.profile.id)` has no path for `\(operation.rawValue)`, nor has the native "
              + "approach; add one under `paths`", at: approach.place)
          continue
        }
        for hop in path.hops {
          let service = hop.mechanism == .kernelWork ? hop.service ?? operation : nil
          let id = approach.profile.id
          let price = scenario.host.price(of: hop.mechanism, service: service, under: id)
          let key = PriceReader.Key(
            Primitive(hop.mechanism, service: service, approach: id, price: .placeholder))
          guard price == nil, hop.mechanism.isPriced, seen.insert(key).inserted else { continue }
          let name =
            hop.mechanism.rawValue + (service.map { ": {" + $0.rawValue + ": ...}" } ?? "")
          findings.error(
            .missingPrice,
            "`\(id)` needs the price `\(name)` for `\(operation.rawValue)`, and the host "
              + "`\(scenario.host.id)` has none; add it under `primitives`", at: approach.place)
        }
      }
    }
  }
}
