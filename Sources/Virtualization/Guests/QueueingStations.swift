package import Statistics

extension HostPlan {
  /// The host as the stations of a queueing network, with what a request of each class asks of them.
  ///
  /// A driver domain takes its time from the same cores as the guests, so its work is the cores' load.
  /// Where it has fewer processors than the host has cores, it can be full while cores are free: a
  /// second network has it as a station of its own. Either alone is too good where the other binds, so
  /// the slower of both counts.
  ///
  /// - Parameters:
  ///   - demands: of every class, from `meanDemands`.
  ///   - withBackground: whether all periodic work is a last class of its own, one job per second.
  /// - Returns: one network, or two with a driver domain that can bind before the cores do.
  package func networks(
    of demands: [MeanDemand], withBackground: Bool
  ) -> [[NetworkStation]] {
    func visits(
      shares: [Double]? = nil, _ demand: (StationDemand) -> Double
    ) -> [Double] {
      let shares = shares ?? demands.map { _ in 1 }
      let requests = zip(demands, shares).map { demand($0.request) * $1 }
      guard withBackground else { return requests }
      var background = 0.0
      for index in demands.indices {
        background += demand(demands[index].background) * shares[index] * Double(counts[index])
      }
      return requests + [background]
    }
    let host = scenario.host
    let cores = max(1, Int(clamping: host.processors.cores.value))
    var devices: [NetworkStation] = [
      .queueing("link in", demands: visits(\.linkIn)),
      .queueing("link out", demands: visits(\.linkOut)),
    ]
    switch host.disk.kind {
    case .rotational:
      // A class visits a spindle in proportion to its guests there: exact for open arrivals.
      for (spindle, shares) in spindleShares.enumerated() {
        devices.append(.queueing("spindle \(spindle)", demands: visits(shares: shares, \.disk)))
      }
    case .solidState:
      devices.append(
        .queueing("disk", servers: host.disk.channelCount, demands: visits(\.disk)))
      devices.append(.queueing("disk transfer", demands: visits(\.diskTransfer)))
    }
    let together = NetworkStation.queueing(
      "processors", servers: cores, demands: visits { $0.processor + $0.backend })
    let domain = max(1, Int(clamping: approach.topology.driverDomainProcessors?.value ?? 1))
    guard approach.topology.deviceService == .driverDomain, domain < cores else {
      return [[together] + devices]
    }
    let apart: [NetworkStation] = [
      .queueing("processors", servers: cores, demands: visits(\.processor)),
      .queueing("driver domain", servers: domain, demands: visits(\.backend)),
    ]
    return [[together] + devices, apart + devices]
  }
}
