import DiscreteEvents
import Foundation
import ScenarioFormat
import Virtualization

/// One run of web guests with what it cost.
struct WebRun {
  static let heading =
    "approach             guests cores  load  requests     events   CPU s  ns/event  us/request"
    + "  peak MiB  digest"

  private var row: String
  private var cost: Cost
  private var isJSON: Bool

  func print() throws {
    if isJSON { try cost.print() } else { Swift.print(row) }
  }

  init(_ options: HostBenchmark.Web, approach id: String) throws {
    let library = Library(folders: [options.profiles])
    var approach = try library.approach(id)
    var scenario = try Self.scenario(options, library, approach)
    if let cores = options.cores {
      scenario.host.processors.cores.value = Double(cores)
    } else {
      try Self.chooseCores(&scenario, &approach)
    }
    let cores = scenario.host.processors.cores.value
    let before = resources()
    let plan = try HostPlan(
      scenario: scenario, approach: approach, guests: options.guests, replication: 0)
    let result = try HostSimulation.run(plan)
    let after = resources()
    let seconds = after.seconds - before.seconds
    let requests = result.classes.reduce(0) { $0 + $1.finished }
    let digest = String(format: "%016lx", Self.digest(of: result))
    isJSON = options.json
    cost = Cost(
      benchmark: "\(options.guests) web guests, \(Int(options.seconds)) s, \(id)",
      cpuSeconds: seconds, peakMebibytes: after.mebibytes, guests: options.guests,
      requests: requests, events: result.eventsHandled, digest: digest)
    row =
      id.padding(toLength: 20, withPad: " ", startingAt: 0)
      + String(
        format: "%7d %5.0f %5.2f %9d %10d %7.2f %9.0f %11.2f %9.0f", options.guests, cores,
        result.processorUtilization, requests, result.eventsHandled, seconds,
        seconds / Double(result.eventsHandled) * 1e9, seconds / Double(max(requests, 1)) * 1e6,
        after.mebibytes) + "  " + digest
  }

  private static func scenario(
    _ options: HostBenchmark.Web, _ library: Library, _ approach: ApproachProfile
  ) throws -> Scenario {
    var workload = try library.workload("static-web-2006")
    workload.arrival = .poisson(rate: Self.chosen(options.rate, .hertz))
    var host = try library.host("server-2006")
    // The question is what a run costs, so nothing but time may be short.
    host.memory.bytes = Self.chosen(Double(options.guests) * 192e6 + 8e9, .bytes)
    host.disk.channels = Self.chosen(Double(options.guests) / 4 + 2, .count)
    host.network.rate = Self.chosen(1e10, .bytesPerSecond)
    let limits = GuestLimits(
      weight: 1, processorLimit: nil, memoryBytes: 128e6, processors: 1, beancounters: .vpsBasic)
    return Scenario(
      id: "host-benchmark", title: "What does a run of web guests cost?", year: 2006, host: host,
      approaches: [approach], native: try library.approach("native"),
      guests: [
        GuestClass(id: "web", workload: workload, count: options.guests, limits: limits)
      ],
      objective: Objective(
        percentile: 95, responseSeconds: 0.5, errorShare: 0.01, guestShare: 0.05),
      controls: RunControls(
        seconds: options.seconds * 0.9, warmupSeconds: options.seconds * 0.1, seed: 1,
        confidence: 0.95, precision: 0.05, minimumReplications: 5, maximumReplications: 20,
        parameterDraws: 5, maximumGuests: 10_000))
  }

  /// As many cores, and processors of a driver domain, as are busy for 60 % of the time by mean
  /// demands.
  private static func chooseCores(
    _ scenario: inout Scenario, _ approach: inout ApproachProfile
  ) throws {
    let plan = try HostPlan(
      scenario: scenario, approach: approach, guests: scenario.guestCount, replication: 0)
    guard case .poisson(let rate) = scenario.guests[0].workload.arrival else { return }
    let demand = try plan.meanDemands()[0]
    let busy =
      Double(scenario.guestCount)
      * (rate.value * (demand.request.processor + demand.request.backend)
        + demand.background.processor)
    scenario.host.processors.cores.value = max(1, (busy / 0.6).rounded(.up))
    let driver = Double(scenario.guestCount) * rate.value * demand.request.backend
    approach.topology.driverDomainProcessors?.value = max(1, (driver / 0.6).rounded(.up))
  }

  private static func chosen(_ value: Double, _ unit: Virtualization.Unit) -> Quantity {
    Quantity(value, unit, status: .assumed, source: "chosen for the benchmark")
  }

  /// A hash of what the run found.
  private static func digest(of result: RunResult) -> UInt64 {
    var hash = ContentHash()
    func add(_ word: UInt64) { hash.add(word) }
    for guests in result.classes {
      for value in guests.response.values + guests.processor.values + guests.background.values {
        add(value.bitPattern)
      }
      add(guests.sojournSeconds.bitPattern)
      add(UInt64(guests.finished))
      add(UInt64(guests.refused))
      add(UInt64(guests.guestsAboveObjective))
    }
    for core in result.processors.busy + result.processors.entityTime {
      add(UInt64(core.nanoseconds))
    }
    for value in result.populationSamples { add(value.bitPattern) }
    add(UInt64(result.eventsHandled))
    return hash.value
  }
}
