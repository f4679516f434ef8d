import ScenarioFormat
import Testing
import Virtualization

/// What a layer between guest and machine can never do: take work off the guest.
@Suite("Nothing is cheaper under an approach than without it")
struct NativeFloorTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var host: String
    var approach: String

    var testDescription: String { "\(approach) on \(host)" }
  }

  /// Every approach on every host that has prices for it, whatever their dates.
  static let cases: [Case] = RealProfiles.hosts.flatMap { host in
    RealProfiles.library.ids(of: .approach).compactMap { approach in
      let test = Case(host: host, approach: approach)
      guard let pricing = try? pricing(test) else { return nil }
      let isPriced = Operation.allCases.allSatisfy {
        $0 == .userComputation || (try? pricing.hops(of: $0, with: Attributes())) != nil
      }
      return isPriced ? test : nil
    }
  }

  static func pricing(_ test: Case) throws -> PathPricing {
    PathPricing(
      host: try RealProfiles.library.host(test.host),
      approach: try RealProfiles.library.approach(test.approach),
      native: try RealProfiles.library.approach("native"))
  }

  /// Seconds of processor time, on the guest's and on others'.
  private static func seconds(
    _ operation: Virtualization.Operation, _ attributes: Attributes, _ pricing: PathPricing
  ) throws -> Double {
    try pricing.hops(of: operation, with: attributes).reduce(0) {
      $0 + $1.seconds + $1.slowdownSeconds
    }
  }

  @Test func holdsForAllThatIsShipped() {
    for (host, approaches) in RealProfiles.expected {
      for approach in approaches {
        #expect(Self.cases.contains { $0.host == host && $0.approach == approach })
      }
    }
  }

  @Test("No operation costs less than native, its share elsewhere included", arguments: cases)
  func operations(test: Case) throws {
    let pricing = try Self.pricing(test)
    let native = PathPricing(host: pricing.host, approach: pricing.native, native: pricing.native)
    var some = Attributes()
    for attribute in Attribute.allCases { some[attribute] = 3 }
    some[.bytes] = 4096
    for operation in Operation.allCases where operation != .userComputation {
      for attributes in [Attributes(), some] {
        let virtual = try Self.seconds(operation, attributes, pricing)
        let plain = try Self.seconds(operation, attributes, native)
        #expect(virtual >= plain * (1 - 1e-9), "\(operation.rawValue): \(virtual) < \(plain)")
      }
    }
  }

  /// A guest's own processor seconds in a second of computation at the reference speed.
  private static func computation(_ pricing: PathPricing) throws -> Double {
    let workload = try RealProfiles.library.workload("batch")
    let program = try RequestProgram(workload, under: pricing)
    return program.userScale * (1 + program.tickItemsPerSecond.total)
  }

  @Test("A guest that only computes is never faster than native", arguments: cases)
  func computation(test: Case) throws {
    var pricing = try Self.pricing(test)
    let native = PathPricing(host: pricing.host, approach: pricing.native, native: pricing.native)
    let virtual = try Self.computation(pricing)
    let plain = try Self.computation(native)
    guard virtual < plain else { return }
    // Only a kernel that ticks less often than the host's, and not on top of it, may win; and its
    // profile must say so.
    let own = try #require(pricing.approach.guestKernel.tickRate, "\(virtual) < \(plain)")
    #expect(pricing.approach.topology.deviceService == .driverDomain)
    #expect(own.value < pricing.host.kernel.tickRate.value)
    #expect(pricing.approach.notes.contains { $0.contains("tick") && $0.contains("less") })
    var host = pricing.host
    host.kernel.tickRate = own
    pricing = PathPricing(host: host, approach: pricing.approach, native: pricing.native)
    let slower = PathPricing(host: host, approach: pricing.native, native: pricing.native)
    #expect(try Self.computation(pricing) > Self.computation(slower))
  }
}
