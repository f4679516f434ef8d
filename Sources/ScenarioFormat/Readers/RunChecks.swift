import Foundation
import Statistics
import Virtualization

/// Whether a run is long enough to say something, short enough to end, and its demands have means
/// that it can find.
extension CrossChecks {
  /// Requests and rounds of periodic work that one replication may have; every approach has several
  /// replications, and a request takes tens of events.
  static let mostRequests = 1e8

  /// Response times that a run should be long, so that what waits at its ends does not decide.
  static let leastResponses = 10.0

  /// The chance that a run ends without an answer because a replication measured nothing.
  static let mostFailures = 0.01

  func checkRun(_ guests: [ScenarioReader.Sized], run: Tree?) {
    let place = run?["duration"]?.place ?? run?.place
    refuseLongRuns(guests, run)
    refuseIdleGuests(guests)
    for sized in guests { checkRequests(of: sized, at: place) }
    for sized in guests { checkTails(of: sized) }
    let (seconds, response) = (scenario.controls.seconds, scenario.objective.responseSeconds)
    if seconds < Self.leastResponses * response {
      warn(
        .shortRun,
        "`run.duration` is \(Measure.write(seconds, .seconds)), less than "
          + "\(NumberText.write(Self.leastResponses)) times the "
          + "\(Measure.write(response, .seconds)) that a response may take, so the ends of the run "
          + "weigh in its answer; lengthen it",
        at: place ?? guests.first?.tree.place ?? Place(file: ""))
    }
  }

  private func refuseLongRuns(_ guests: [ScenarioReader.Sized], _ run: Tree?) {
    let controls = scenario.controls
    let seconds = controls.warmupSeconds + controls.seconds
    var requests = 0.0
    for sized in guests {
      let workload = sized.guest.workload
      let rate = workload.mostRequestsPerSecond
      let rounds = workload.background.map { 1 / $0.period.value } ?? 0
      requests += Double(sized.guest.count) * seconds * ((rate.isFinite ? rate : 0) + rounds)
      guard requests > Self.mostRequests else { continue }
      // In full where two digits would be the limit that is exceeded.
      let isClose = Self.about(requests) == Self.about(Self.mostRequests)
      let shown =
        isClose ? NumberText.write(requests.rounded(.up)) : Self.about(requests)
      let key = controls.warmupSeconds > controls.seconds ? "warm-up" : "duration"
      findings.error(
        .value,
        "with `\(sized.guest.id)` there are \(shown) requests and rounds of periodic "
          + "work in the \(Measure.write(seconds, .seconds)) of a replication; at most "
          + "\(Self.about(Self.mostRequests)) can be simulated, so shorten `run.\(key)`, or lower "
          + "a `count` or a `rate`",
        at: cause(among: [
          run?[key]?.place, sized.place(of: "count"),
          sized.tree["workload"]?["arrival"]?["rate"]?.place,
        ]) ?? sized.place(of: "workload"))
      return
    }
  }

  /// The place that the user wrote on the command line, or the first that there is.
  private func cause(among places: [Place?]) -> Place? {
    let known = places.compactMap(\.self)
    return known.first { $0.file.hasPrefix("--") } ?? known.first
  }

  private func refuseIdleGuests(_ guests: [ScenarioReader.Sized]) {
    for sized in guests {
      let workload = sized.guest.workload
      guard workload.userComputation.mean == 0,
        workload.operations.allSatisfy({ $0.count.value == 0 })
      else { continue }
      findings.error(
        .value,
        "a request of `\(sized.guest.id)` asks for nothing; give its workload `operations` or a "
          + "`user-computation` above 0", at: sized.place(of: "workload"))
    }
  }

  /// Whether a replication measures requests at all, and enough for the objective's figure.
  private func checkRequests(of sized: ScenarioReader.Sized, at place: Place?) {
    let (controls, objective) = (scenario.controls, scenario.objective)
    let rate = Double(sized.guest.count) * sized.guest.workload.mostRequestsPerSecond
    let requests = rate * controls.seconds
    let place = place ?? sized.place(of: "workload")
    let few =
      "`run.duration` of \(Measure.write(controls.seconds, .seconds)) measures about "
      + "\(Self.about(requests)) requests of `\(sized.guest.id)` in a replication"
    guard requests >= 0.1 else {
      findings.error(
        .value, few + ", so most would measure none; lengthen it, or let more requests come",
        at: place)
      return
    }
    // With so few that come at random, one of the replications is without any, which says nothing;
    // the requests of a replication are the same under every approach.
    let runs = Double(controls.maximumReplications)
    let least = Foundation.log(runs / Self.mostFailures)
    if sized.guest.workload.arrivesAtRandom, requests < least {
      findings.error(
        .value,
        few + ", so some of up to \(NumberText.write(runs)) replications would measure none; about "
          + "\(Self.about(least)) are enough: lengthen it to "
          + "\(Measure.write((least / rate).rounded(.up), .seconds)), or let more requests come",
        at: place)
      return
    }
    guard objective.statistic == .percentile else { return }
    let needed = (2 / (1 - objective.percentile / 100)).rounded()
    guard requests < needed else { return }
    warn(
      .shortRun,
      few + ", and their percentile \(NumberText.write(objective.percentile)) takes "
        + "\(NumberText.write(needed)) or more; lengthen it", at: place)
  }

  /// Finds laws whose mean so few draws cannot show, so that the answer would be of another mean.
  private func checkTails(of sized: ScenarioReader.Sized) {
    let workload = sized.guest.workload
    let controls = scenario.controls
    var laws = [
      ("user-computation", workload.userComputation), ("response", workload.responseBytes),
    ]
    if case .closed(_, let time) = workload.arrival { laws.append(("think-time", time)) }
    let rate = Double(sized.guest.count) * workload.mostRequestsPerSecond
    let requests = rate * controls.seconds * Double(controls.minimumReplications)
    // Where fewer come, that is what is wrong, and not the law.
    let draws = max(1_000, requests.isFinite ? requests : 1_000)
    for (key, law) in laws {
      let share = law.shareBeyond(draws: draws)
      guard share > 0.1 else { continue }
      let text =
        "the law of `\(key)` of `\(sized.guest.id)` has \(Self.about(share * 100)) % of its mean "
        + "in values that one of \(Self.about(draws)) requests exceeds, as many as "
        + "\(controls.minimumReplications) replications have"
      let tree = sized.tree["workload"]
      let place =
        (key == "think-time" ? tree?["arrival"]?[key] : tree?[key])?.place
        ?? sized.place(of: "workload")
      if share > 0.5 {
        findings.error(
          .value,
          text
            + ", so no answer could be of that mean; give it a lighter tail: a larger `shape`, "
            + "less `variation`, or `bounded-pareto`", at: place)
      } else {
        warn(
          .heavyTail,
          text + ": the answer may miss the stated mean by about as much", at: place)
      }
    }
  }

  /// A number in two digits.
  private static func about(_ value: Double) -> String {
    guard value > 0, value.isFinite else { return "0" }
    var (scaled, shift) = (value, 0)
    while scaled >= 100 { (scaled, shift) = (scaled / 10, shift + 1) }
    while scaled < 10 { (scaled, shift) = (scaled * 10, shift - 1) }
    return NumberText.write(scaled.rounded(), shift: shift)
  }
}

extension Workload {
  /// Whether requests come whatever became of those before.
  fileprivate var arrivesAtRandom: Bool {
    if case .closed = arrival { false } else { true }
  }

  /// Requests per second of one guest; at most, where users wait for answers.
  fileprivate var mostRequestsPerSecond: Double {
    switch arrival {
    case .poisson(let rate), .bursty(let rate, _, _, _): rate.value
    case .closed(let users, let thinkTime): users.value / (thinkTime.mean + userComputation.mean)
    }
  }
}

extension Distribution {
  /// The share of the mean beyond what so many draws show; by the variance where GSL cannot say.
  fileprivate func shareBeyond(draws: Double) -> Double {
    if let share = try? shareOfMean(ofLargestIn: draws) { return share }
    return squaredCoefficientOfVariation > draws ? 1 : 0
  }
}
