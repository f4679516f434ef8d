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
  var known: [Int: Bool] = [:]

  /// The largest number of guests; 0 where not even one holds the objective, or can be created with
  /// the parameters of the draw.
  func run(_ scenario: Scenario, _ approach: ApproachProfile) async throws -> Int {
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
    func holds(_ guests: Int) throws -> Bool {
      if let known = known[guests] { return known }
      do {
        let summary = try replicator.run(guests: guests, replication: replication, draw: draw)
        return summary.holds(scenario.objective)
      } catch let error as ModelError where error.code == .doesNotFit {
        return false
      } catch is MemoryError where draw > 0 {
        return false
      }
    }
    let number = try await largestNumber(from: min(start, ceiling), ceiling: ceiling, where: holds)
    // Which was taken for granted, because it holds in all replications together.
    if number == 1 { return try holds(1) ? 1 : 0 }
    return number
  }
}

extension RunSummary {
  /// Whether the objective holds in this run alone.
  func holds(_ objective: Objective) -> Bool {
    isStable
      && classes.allSatisfy { guests in
        guests.refusedShare <= objective.errorShare
          && guests.guestsAboveShare <= objective.guestShare
          && guests.judged(by: objective) <= objective.responseSeconds
      }
  }
}
