import Experiments
import Statistics
import Virtualization

/// What the shares of trust are about, and what stands beside them.
enum TrustText {
  /// Where the numbers of an answer come from that no price of processor work stands for.
  static func rest(_ scenario: Scenario) -> String {
    let host = scenario.host
    return "Times of the disk and the link are not among them: they are the host profile's own "
      + "numbers (\(disk(host)); link rate \(host.network.rate.status.rawValue)), and sizes in "
      + "memory are the workload's and the approach's. The programs' own computation is demand and "
      + "not among them either: \(computation(scenario))."
  }

  /// "a request of shop computes 8 ms at the reference speed (assumed, 4 ms to 12 ms)".
  private static func computation(_ scenario: Scenario) -> String {
    var told: [String] = []
    for workload in scenario.guests.map(\.workload) {
      let mean = workload.userComputation.mean
      let scale = workload.scales.userComputation
      let ends = [scale.low * mean, scale.high * mean].map { NumberText.duration($0) }
      let range = scale.low < scale.high ? ends.joined(separator: " to ") : "taken as exact"
      let text =
        "a request of \(workload.id) computes \(NumberText.duration(mean)) at the reference speed "
        + "(\(scale.status.rawValue), \(range))"
      if !told.contains(text) { told.append(text) }
    }
    return told.joined(separator: ", ")
  }

  /// "disk positioning time assumed, transfer rate published".
  static func disk(_ host: HostProfile) -> String {
    "disk positioning time \(host.disk.positioningTime.status.rawValue), transfer rate "
      + host.disk.transferRate.status.rawValue
  }
}
