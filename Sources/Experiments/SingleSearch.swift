import Virtualization

/// The search for the largest number of guests in one replication alone, with one parameter draw.
///
/// Nothing of its runs is kept but whether the objective held.
struct SingleSearch: Sendable {
  var replication: Int
  /// 0 for nominal parameters.
  var draw: Int
  /// The number found over all replications, where this search begins.
  var start: Int
  /// What is known of this replication already, by the number of guests.
  var known: [Int: Verdict] = [:]

  /// What a run says of its number of guests.
  enum Verdict: Sendable {
    case holds
    /// It holds for the classes of which a request was measured; of another, none was.
    case untold
    case fails
  }

  /// The largest number of guests; 0 where not even one holds the objective, or can be created with
  /// the parameters of the draw.
  ///
  /// NaN where no request of some class was measured at it: an objective that nothing was measured
  /// against holds for any number.
  func run(_ scenario: Scenario, _ approach: ApproachProfile) async throws -> Double {
    let drawn = scenario.drawn(draw)
    let profile = drawn.approaches.first { $0.id == approach.id } ?? approach
    let ceiling: Int
    do {
      let limits = try CapacityLimits(host: drawn.host, approach: profile, classes: drawn.guests)
      ceiling =
        limits.firstBinding(maximumGuests: scenario.controls.maximumGuests)
        .first { $0.isHard }?.guests ?? scenario.controls.maximumGuests
    } catch {
      guard draw > 0 else { throw error }
      return 0
    }
    guard ceiling > 0 else { return 0 }
    let replicator = Replicator(scenario: scenario, approach: approach)
    var verdicts = known
    func holds(_ guests: Int) throws -> Bool {
      if let known = verdicts[guests] { return known != .fails }
      let verdict = try verdict(guests, replicator)
      verdicts[guests] = verdict
      return verdict != .fails
    }
    let number = try await largestNumber(from: min(start, ceiling), ceiling: ceiling, where: holds)
    // Which was taken for granted, because it holds in all replications together.
    if number == 1, try !holds(1) { return 0 }
    return verdicts[number] == .untold ? .nan : Double(number)
  }

  private func verdict(_ guests: Int, _ replicator: Replicator) throws -> Verdict {
    let scenario = replicator.scenario
    do {
      return try replicator.run(guests: guests, replication: replication, draw: draw)
        .verdict(
          scenario.objective, counts: GuestMix.counts(classes: scenario.guests, total: guests))
    } catch let error as ModelError where error.code == .doesNotFit {
      return .fails
    } catch is MemoryError where draw > 0 {
      return .fails
    }
  }
}

extension RunSummary {
  /// What this run alone says of an objective, with `counts` guests of each class.
  func verdict(_ objective: Objective, counts: [Int]) -> SingleSearch.Verdict {
    let holds =
      isStable
      && classes.allSatisfy { guests in
        guests.refusedShare <= objective.errorShare
          && guests.guestsAboveShare <= objective.guestShare
          && guests.judged(by: objective) <= objective.responseSeconds
      }
    guard holds else { return .fails }
    return zip(classes, counts).allSatisfy { $0.isMeasured || $1 == 0 } ? .holds : .untold
  }
}
