import ScenarioFormat
import Virtualization

/// The profiles of this checkout, and runs on them.
enum RealProfiles {
  /// The library of the checkout that holds this file.
  static let library: Library = {
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    parts.removeLast(4)
    parts.append("Sources/Virtualization/Profiles")
    return Library(folders: [parts.joined(separator: "/")])
  }()

  static let hosts = library.ids(of: .host)

  /// The approaches that were in use in the year of a host, and that it has prices for.
  ///
  /// A name that stands for another approach (`xen-pv`) gets that one's prices in a scenario only,
  /// so it is left out here.
  static func contemporaries(of host: HostProfile) throws -> [ApproachProfile] {
    let native = try library.approach("native")
    return try library.ids(of: .approach).map { try library.approach($0) }
      .filter { approach in
        guard approach.firstYear <= host.year, host.year <= approach.lastYear ?? .max else {
          return false
        }
        let pricing = PathPricing(host: host, approach: approach, native: native)
        // User computation is stated in seconds and has no price.
        return Operation.allCases.allSatisfy {
          $0 == .userComputation || (try? pricing.hops(of: $0, with: Attributes())) != nil
        }
      }
  }

  /// Those that every host must be able to run.
  static let expected: [String: Set<String>] = [
    "dell-2650-2003": [
      "native", "linux-vserver", "vmware-workstation", "uml-tt", "uml-skas3",
    ],
    "server-2006": [
      "native", "openvz", "linux-vserver", "xen-pv-32", "xen-pv-64", "vmware-workstation",
      "uml-skas0",
    ],
    "server-2024": ["native", "linux-container", "kvm"],
  ]

  /// Guests of one real workload on a real host, without limits.
  ///
  /// - Parameter rate: Replaces the arrivals of the workload by Poisson ones, per second and guest.
  static func scenario(
    host: HostProfile, workload: Workload, guests: Int, rate: Double? = nil, seconds: Double,
    warmup: Double = 10, memory: Double = 256e6
  ) throws -> Scenario {
    var workload = workload
    if let rate { workload.arrival = .poisson(rate: HostFixture.exact(rate, .hertz)) }
    var scenario = HostFixture.scenario(
      host: host, native: try library.approach("native"), workload: workload, guests: guests,
      seconds: seconds, warmup: warmup)
    scenario.year = host.year
    scenario.guests[0].limits.memoryBytes = memory
    return scenario
  }

  /// The rate per second and guest at which the busiest station would be busy for a share of the
  /// time, by mean demands.
  static func rate(
    loading share: Double, _ scenario: Scenario, _ approach: ApproachProfile
  ) throws -> Double {
    let plan = try HostPlan(
      scenario: scenario, approach: approach, guests: scenario.guestCount, replication: 0)
    let all = try plan.meanDemands()[0]
    let demand = all.request
    let guests = Double(scenario.guestCount)
    let host = scenario.host
    let cores = host.processors.cores.value
    let own = min(approach.topology.guestProcessors?.value ?? cores, cores)
    let perDriver =
      approach.topology.deviceService == .driverDomain
      ? (approach.topology.driverDomainProcessors?.value ?? 1) / guests : 1
    // What periodic work leaves of a station; the driver domain's is left out.
    func free(_ servers: Double, _ background: Double) -> Double {
      max(servers - guests * background, 0.1 * servers)
    }
    let disk = host.disk.channels.value
    // What one guest can do at each station, in requests per second.
    let bounds = [
      free(cores, all.background.processor + all.background.backend) / guests
        / (demand.processor + demand.backend),
      own / demand.processor, perDriver / demand.backend,
      free(disk, all.background.disk) / guests / demand.disk,
      free(1, all.background.diskTransfer) / guests / demand.diskTransfer,
      1 / guests / demand.linkIn, 1 / guests / demand.linkOut,
      scenario.guests[0].workload.workers.value
        / (demand.processor + demand.backend + demand.disk + demand.diskTransfer + demand.linkIn
          + demand.linkOut),
    ]
    return share * (bounds.filter(\.isFinite).min() ?? 1)
  }
}
