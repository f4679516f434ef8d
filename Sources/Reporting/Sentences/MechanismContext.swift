package import Experiments
package import Virtualization

/// What is known around a mechanism, so that its cause can be named truly: who serves devices under
/// the approach, how many processors a guest may use, how busy the host's are.
package struct MechanismContext: Sendable {
  package var approach: ApproachProfile
  package var host: HostProfile
  /// Cores that one guest can use at once.
  package var guestProcessors: Int
  /// The busy share of the host's processors; nil where it is not known.
  package var processorUtilization: Double?

  /// The context of one class of guests under an approach.
  package init(
    _ approach: ApproachProfile, _ guests: GuestClass, _ host: HostProfile,
    _ utilizations: [ResourceUtilization]
  ) {
    self.approach = approach
    self.host = host
    guestProcessors = approach.topology.processors(
      of: guests.limits, cores: Int(clamping: host.processors.cores.value))
    processorUtilization = utilizations.first { $0.resource == "processors" }?.share
  }

  /// Why the mechanism costs what it does here, as a sentence without its full stop.
  ///
  /// - Parameter places: where the work is done, by the paths.
  package func note(_ mechanism: Mechanism, at places: [Place] = []) -> String {
    switch mechanism {
    case .processorContention: contention
    case .backendWork: backendWork(places) ?? mechanism.note
    case .driverContention:
      switch approach.topology.deviceService {
      case .driverDomain: "the driver domain is ready to run, but gets no core"
      case .threadPerGuest:
        "the host's thread that serves the guest's devices is ready to run, but gets no core"
      case .inKernel: mechanism.note
      }
    default: mechanism.note
    }
  }

  /// Whether waiting for a processor is waiting for the guest's own virtual processors: it may use
  /// fewer than the host has, and those of the host are idle most of the time.
  private var waitsForItself: Bool {
    guard let share = processorUtilization else { return false }
    return share < 0.5 && guestProcessors < Int(host.processors.cores.value)
  }

  private var contention: String {
    let cores = NumberText.count(Int(host.processors.cores.value), "core")
    let busy = processorUtilization.map { ", which are \(NumberText.percent($0)) busy" } ?? ""
    let own = NumberText.count(guestProcessors, "virtual processor")
    if waitsForItself {
      return "the guest's own \(own) serves another of its requests, its background jobs or its "
        + "ticks; the host has " + cores + busy
    }
    if guestProcessors < Int(host.processors.cores.value) {
      return "the request is ready to run, but waits for its guest's own \(own) or for the host's "
        + cores + busy
    }
    return "the request is ready to run, but waits for one of the host's \(cores)\(busy)"
  }

  private func backendWork(_ places: [Place]) -> String? {
    var parts: [String] = []
    if places.contains(.driverDomain) {
      parts.append("the driver domain does the device's work again for every guest")
    }
    if places.contains(.ioThread) {
      parts.append("a thread of the host that serves this guest does the device's work again")
    }
    if places.contains(where: { !$0.isElsewhere }) {
      parts.append(
        "the host does the device's work again, on the guest's own processor time")
    }
    return parts.isEmpty ? nil : parts.joined(separator: ", and ")
  }
}
