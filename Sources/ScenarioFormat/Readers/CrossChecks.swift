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
          "`\(profile.id)`, as its profile describes it, was in use only until \(last)",
          at: approach.place)
      }
    }
    for approach in listed {
      guard let mode = approach.profile.scheduling.mode, let first = mode.firstYear,
        first > scenario.year
      else { continue }
      warn(
        .anachronism,
        "`mode: \(mode.rawValue)` of `\(approach.profile.id)` did not exist in \(scenario.year), "
          + "only from \(first) on", at: approach.scheduling?["mode"]?.place ?? approach.place)
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
  func refuseCrowds(_ guests: [ScenarioReader.Sized]) {
    var (all, users) = (0, 0.0)
    for sized in guests {
      let guest = sized.guest
      all += guest.count
      if all > HostSimulation.mostGuests {
        findings.error(
          .value,
          "with `\(guest.id)` there are \(all) guests; at most \(HostSimulation.mostGuests) can be "
            + "simulated, so lower a `count`", at: sized.place(of: "count"))
        return
      }
      guard case .closed(let each, _) = guest.workload.arrival else { continue }
      users += Double(guest.count) * each.value
      if users > Double(HostSimulation.mostUsers) {
        findings.error(
          .value,
          "with `\(guest.id)` there are \(NumberText.write(users)) users; at most "
            + "\(HostSimulation.mostUsers) can be simulated, so lower a `count` or `users`",
          at: sized.place(of: "count"))
        return
      }
    }
  }
}
