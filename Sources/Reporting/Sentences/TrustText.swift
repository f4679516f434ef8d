import Experiments
import Virtualization

/// What the shares of trust are about, and what stands beside them.
enum TrustText {
  /// Where the numbers of an answer come from that no price of processor work stands for.
  static func rest(_ scenario: Scenario) -> String {
    let host = scenario.host
    return "Times of the disk and the link are not among them: they are the host profile's own "
      + "numbers (\(disk(host)); link rate \(host.network.rate.status.rawValue)), and sizes in "
      + "memory are the workload's and the approach's."
  }

  /// "disk positioning time assumed, transfer rate published".
  static func disk(_ host: HostProfile) -> String {
    "disk positioning time \(host.disk.positioningTime.status.rawValue), transfer rate "
      + host.disk.transferRate.status.rawValue
  }
}
