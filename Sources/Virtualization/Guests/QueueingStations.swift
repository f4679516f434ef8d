package import Statistics

extension HostPlan {
  /// The host as the stations of a queueing network, with what a request of each class asks of
  /// them.
  ///
  /// A driver domain takes its time from the same cores as the guests, so its work is the cores'
  /// load. Where it has fewer processors than the host has cores, it can be full while cores are
  /// free: a second network has it as a station of its own. Either alone is too good where the
  /// other binds, so the slower of both counts.
  ///
  /// Devices tell what visits are like, since they serve in order of arrival.
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
    func moments(
      shares: [Double]? = nil, _ device: (StationDemand) -> StationVisits
    ) -> [StationVisits]? {
      let shares = shares ?? demands.map { _ in 1 }
      var background = StationVisits.none
      var result: [StationVisits] = []
      for (index, demand) in demands.enumerated() {
        var request = StationVisits.none
        request.add(device(demand.request), times: shares[index])
        background.add(device(demand.background), times: shares[index] * Double(counts[index]))
        result.append(request)
      }
      if withBackground { result.append(background) }
      // Without a variance there is no mean wait; product form is left, to guess by.
      return result.allSatisfy(\.secondMoment.isFinite) ? result : nil
    }
    func device(
      _ name: String, servers: Int = 1, shares: [Double]? = nil,
      _ demand: (StationDemand) -> Double, _ visit: (StationDemand) -> StationVisits
    ) -> NetworkStation {
      NetworkStation(
        name: name, kind: .queueing(servers: servers), demands: visits(shares: shares, demand),
        visits: moments(shares: shares, visit))
    }
    let host = scenario.host
    let cores = max(1, Int(clamping: host.processors.cores.value))
    var devices: [NetworkStation] = [
      device("the link in", \.linkIn, \.linkInVisits),
      device("the link out", \.linkOut, \.linkOutVisits),
    ]
    switch host.disk.kind {
    case .rotational:
      // A class visits a spindle in proportion to its guests there: exact for open arrivals.
      let spindles = spindleShares
      for (spindle, shares) in spindles.enumerated() {
        let name = spindles.count == 1 ? "the disk" : "disk \(spindle + 1)"
        devices.append(device(name, shares: shares, \.disk, \.diskVisits))
      }
    case .solidState:
      devices.append(
        device("the disk", servers: host.disk.channelCount, \.disk, \.diskVisits))
      devices.append(
        device("the transfer of the disk", \.diskTransfer, \.diskTransferVisits))
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
