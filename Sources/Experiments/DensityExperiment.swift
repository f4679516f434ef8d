import Statistics
package import Virtualization

/// Answers how many guests fit under each approach: the largest number at which the objective
/// holds.
///
/// The analytic twin brackets the search; the number is then found by simulation with common random
/// numbers. The same search in each replication alone, and once more with each parameter draw,
/// gives the interval: sectioning over replications for the noise, paired differences for the
/// parameters.
package struct DensityExperiment: Sendable {
  let scenario: Scenario
  let pool: RunPool
  let progress: StudyProgress

  /// An experiment on a scenario's approaches.
  package init(_ scenario: Scenario, pool: RunPool, progress: @escaping StudyProgress) {
    self.scenario = scenario
    self.pool = pool
    self.progress = progress
  }

  /// Runs the experiment: the searches of all approaches with those of single replications, then
  /// those with parameter draws.
  ///
  /// A search takes one number of guests after the other, with the replications of each side by
  /// side; those of single replications and draws are side by side.
  package func run() async throws -> DensityAnswer {
    let searched = try await pool.together(scenario.approaches) { approach in
      do {
        var search = try DensitySearch(scenario: scenario, approach: approach, pool: pool)
        let found = try await search.run()
        await progress("density of \(approach.id)", Self.searchWeight)
        return found
      } catch let error as MemoryError {
        guard error.code != .invalidValue else { throw ModelError(error) }
        // The guests do not even hold what they run without load.
        return DensitySearch.Found(
          answer: try .nothing(
            approach, scenario, binding: "memory of the guest",
            failure: "\(error.place): \(error.message)"))
      } catch let error as ModelError where error.code == .tooManyEvents {
        return DensitySearch.Found(
          answer: .open(.notFinished, approach, scenario.controls, because: "\(error)"))
      } catch is CancellationError {
        return DensitySearch.Found(
          answer: .open(
            .interrupted, approach, scenario.controls, because: "the search was interrupted"))
      }
    }
    let searches = searched.enumerated().flatMap { index, found in
      found.draws.map { (approach: index, single: $0) }
    }
    let numbers = try await pool.map(searches) { item -> Double? in
      let approach = scenario.approaches[item.approach]
      do {
        let number = try await item.single.run(scenario, approach)
        await progress("intervals of \(approach.id)", 1)
        return number
      } catch let error as ModelError where error.code == .tooManyEvents {
        // It tells nothing, which is no reason to doubt the number found without it.
        return .nan
      } catch is CancellationError {
        return nil
      }
    }
    let shares = try await demandShares(searched.map(\.answer))
    var answers: [ApproachDensity] = []
    var figures: [PairedFigure] = []
    for (index, found) in searched.enumerated() {
      let own = zip(searches, numbers).filter { $0.0.approach == index }.map(\.1)
      var (answer, figure) = try found.completed(
        draws: own, maximum: scenario.controls.maximumGuests,
        Estimation(scenario.controls))
      if let twin = answer.twinGuests, (answer.low...answer.high).contains(twin) {
        answer.demandShare = shares[index]
      }
      answers.append(answer)
      if let figure { figures.append(figure) }
    }
    let pairs = try PairedFigure.differences(
      [figures], Estimation(scenario.controls))
    return DensityAnswer(approaches: answers, pairs: pairs[0])
  }

  /// The share of demand in the effect of uncertain numbers, for each approach that was answered.
  private func demandShares(_ answers: [ApproachDensity]) async throws -> [Double?] {
    guard scenario.controls.parameterDraws > 0 else { return answers.map { _ in nil } }
    return try await pool.map(Array(zip(answers, scenario.approaches))) { answer, approach in
      guard answer.guests > 0, answer.twinGuests != nil, !Task.isCancelled else { return nil }
      return DemandShare(scenario: scenario, approach: approach).share()
    }
  }

  /// What a search of one approach, over all replications and in each alone, weighs in the
  /// progress, in searches with one draw.
  private static let searchWeight = 20

  /// The most that the progress of one approach adds up to.
  static func weight(of controls: RunControls) -> Int {
    searchWeight + controls.parameterDraws
  }
}

/// Takes note of what was finished, in words, and of how much that is.
package typealias StudyProgress = @Sendable (_ latest: String, _ weight: Int) async -> Void

/// The largest number up to a ceiling for which a predicate holds, searched outwards from a guess.
///
/// The predicate is taken to be monotone, and to hold at 1, which is not tried.
func largestNumber(
  from guess: Int, ceiling: Int, where holds: (Int) async throws -> Bool
) async rethrows -> Int {
  var low = 1
  var high = ceiling + 1
  var probe = min(max(guess, 1), ceiling)
  var step = max(1, probe / 64)
  var startHolds = probe == 1
  if !startHolds { startHolds = try await holds(probe) }
  if startHolds {
    low = probe
    while low < ceiling {
      probe = min(ceiling, low + step)
      if try await holds(probe) {
        low = probe
      } else {
        high = probe
        break
      }
      step *= 2
    }
  } else {
    high = probe
    while high > 2 {
      probe = max(1, high - step)
      if probe == 1 { break }
      if try await holds(probe) {
        low = probe
        break
      }
      high = probe
      step *= 2
    }
  }
  while high - low > 1 {
    let middle = low + (high - low) / 2
    if try await holds(middle) { low = middle } else { high = middle }
  }
  return low
}
