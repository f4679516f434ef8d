import Numerics
package import Virtualization

extension AnalyticTwin {
  /// Why the twin has no number of guests for a scenario's objective, whatever the approach; nil
  /// where it can have one.
  package static func absence(in scenario: Scenario) -> String? {
    let closed = scenario.guests.count {
      if case .closed = $0.workload.arrival { true } else { false }
    }
    if let reason = burstAbsence(in: scenario) { return reason }
    if closed == 0 { return nil }
    if closed < scenario.guests.count { return mixture }
    return scenario.objective.statistic == .mean
      ? nil : "of closed arrivals it has the mean response and no percentile"
  }

  /// Why the twin has no number of guests under an approach, if `guests` were its number; nil where
  /// it has one.
  package static func absence(
    in scenario: Scenario, under approach: ApproachProfile, guests: Int?
  ) -> String? {
    if let reason = absence(in: scenario) ?? sharingAbsence(in: scenario, under: approach) {
      return reason
    }
    guard let guests, guests > 0 else { return nil }
    return (try? AnalyticTwin(scenario, approach, guests: guests)).flatMap {
      $0.absenceAtLoad
        ?? (scenario.objective.statistic == .percentile ? $0.percentileAbsence : nil)
    }
  }

  /// Why the twin says nothing of responses here; nil where it does.
  package var absence: String? {
    if !exists { return Self.mixture }
    return Self.burstAbsence(in: scenario) ?? Self.sharingAbsence(in: scenario, under: approach)
      ?? absenceAtLoad
  }

  private var absenceAtLoad: String? { workerAbsence ?? writeBackAbsence ?? serviceAbsence }

  private static var mixture: String { "it does not solve open and closed arrivals together" }

  private static func burstAbsence(in scenario: Scenario) -> String? {
    for guest in scenario.guests {
      if case .bursty = guest.workload.arrival {
        return "the arrivals of \(guest.id) come in bursts, and it knows only Poisson arrivals"
      }
    }
    return nil
  }

  /// A limit or unequal weights that the approach's scheduler obeys.
  private static func sharingAbsence(
    in scenario: Scenario, under approach: ApproachProfile
  ) -> String? {
    let obeys = approach.honorsLimits(on: scenario.host)
    for guest in scenario.guests where guest.limits.processorLimit != nil && obeys {
      return "it does not know the `cpu-limit` of \(guest.id)"
    }
    guard approach.honorsWeights(on: scenario.host), let first = scenario.guests.first else {
      return nil
    }
    return scenario.guests.contains { $0.limits.weight != first.limits.weight }
      ? "it does not know unequal weights" : nil
  }

  /// The share of the disk's time that may go to what it does not count.
  private static var toleratedWriteBack: Double { 0.01 }

  /// Whether what is written to files keeps the disk busy in a way that the twin does not know.
  ///
  /// Of closed arrivals the rate is what the twin is to find, so it has that in no class of its
  /// own. Of open ones it has, and takes the visits for single ones: those of one flush, and of all
  /// guests that one kernel finds due at one look, come together.
  private var writeBackAbsence: String? {
    let disks = scenario.host.disk.kind == .rotational ? scenario.host.disk.spindles : 1
    if isOpen, flushesTogether.reduce(0, +) / Double(disks) > Self.toleratedWriteBack {
      let names = scenario.guests.indices.filter { flushesTogether[$0] > 0 }
        .map { scenario.guests[$0].id }
      return
        "what \(names.joined(separator: " and ")) writes to files goes to the disk in several "
        + "visits at a time, which it takes for single ones"
    }
    for (index, guest) in scenario.guests.enumerated() where populations[index] > 0 {
      guard let response = answer(ofClass: index)?.meanResponse else { continue }
      let rate = Double(populations[index]) / max(response + thinkTimes[index], 1e-9)
      if rate * writeBack[index] / Double(disks) > Self.toleratedWriteBack {
        return "what \(guest.id) writes to files goes to the disk behind requests, and of closed "
          + "arrivals it does not know how often"
      }
    }
    return nil
  }

  /// The share of requests that may find no worker free, before the twin is silent.
  private static var toleratedWaits: Double { 0.01 }

  /// Whether so many requests are in one guest at once that its workers matter, which the twin
  /// takes for unlimited.
  ///
  /// In a product-form network the requests of one class at a queue have a geometric law, and those
  /// at several a sum of such, whose tail is lighter than that of one with the same mean. Arrivals
  /// see it (Poisson), so that at most (L / (1 + L))^W of them find all W workers busy.
  private var workerAbsence: String? {
    for (index, guest) in scenario.guests.enumerated() where counts[index] > 0 {
      let workers = guest.workload.workers.value
      let guests = Double(counts[index])
      guard let response = answer(ofClass: index)?.meanResponse, response > 0 else { continue }
      var present = rates[index] / guests * response
      if populations[index] > 0 {
        let users = Double(populations[index]) / guests
        if users <= workers { continue }
        present = users * response / (response + thinkTimes[index])
      }
      if Double.pow(present / (1 + present), workers) > Self.toleratedWaits {
        return "requests of \(guest.id) wait for workers, of which it knows no limit"
      }
    }
    return nil
  }
}
