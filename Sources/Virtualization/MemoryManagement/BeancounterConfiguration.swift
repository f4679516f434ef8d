/// Barriers and limits of all beancounters, as a container's configuration file states them.
package struct BeancounterConfiguration: Sendable, Hashable {
  /// The sample's name in configuration file names.
  package var name: String
  /// The year that the sample is of.
  package var year: Int
  /// Where the numbers were read.
  package var source: String
  /// (barrier, limit) by resource rank.
  private var bounds: [Bounds]

  private struct Bounds: Sendable, Hashable {
    var barrier: Int
    var limit: Int
  }

  /// A configuration; a resource that is not listed is unlimited.
  package init(
    name: String, year: Int, source: String, _ rows: [(BeancounterResource, Int, Int)]
  ) {
    self.name = name
    self.year = year
    self.source = source
    bounds = Array(
      repeating: Bounds(barrier: Beancounter.unlimited, limit: Beancounter.unlimited),
      count: BeancounterResource.allCases.count)
    for (resource, barrier, limit) in rows {
      bounds[resource.rawValue] = Bounds(barrier: barrier, limit: limit)
    }
  }

  /// The barrier of a resource, in its own unit.
  package func barrier(_ resource: BeancounterResource) -> Int { bounds[resource.rawValue].barrier }

  /// The limit of a resource, in its own unit.
  package func limit(_ resource: BeancounterResource) -> Int { bounds[resource.rawValue].limit }
}

extension BeancounterPreset {
  /// The preset's numbers, with its year and source.
  package var configuration: BeancounterConfiguration {
    let max = Beancounter.unlimited
    return switch self {
    case .veBasic:
      BeancounterConfiguration(
        name: rawValue, year: 2006,
        source:
          "ve-basic.conf-sample, header 2000-2006 SWsoft, as embedded in a third-party script",
        [
          (.kmemsize, 2_752_512, 2_936_012), (.lockedpages, 32, 32),
          (.privvmpages, 49152, 53575), (.shmpages, 8192, 8192), (.numproc, 65, 65),
          (.physpages, 0, max), (.vmguarpages, 6144, max), (.oomguarpages, 6144, max),
          (.numtcpsock, 80, 80), (.numflock, 100, 110), (.numpty, 16, 16),
          (.numsiginfo, 256, 256), (.tcpsndbuf, 319_488, 524_288),
          (.tcprcvbuf, 319_488, 524_288), (.othersockbuf, 132_096, 336_896),
          (.dgramrcvbuf, 132_096, 132_096), (.numothersock, 80, 80),
          (.dcachesize, 1_048_576, 1_097_728), (.numfile, 2048, 2048), (.numiptent, 128, 128),
        ])
    case .vpsBasic:
      BeancounterConfiguration(
        name: rawValue, year: 2007,
        source: "ve-vps.basic.conf-sample (x86), github.com/kolyshkin/vzctl commit 36fdc5be",
        [
          (.kmemsize, 11_055_923, 11_377_049), (.lockedpages, 256, 256),
          (.privvmpages, 65536, 69632), (.shmpages, 21504, 21504), (.numproc, 240, 240),
          (.physpages, 0, max), (.vmguarpages, 33792, max), (.oomguarpages, 26112, max),
          (.numtcpsock, 360, 360), (.numflock, 188, 206), (.numpty, 16, 16),
          (.numsiginfo, 256, 256), (.tcpsndbuf, 1_720_320, 2_703_360),
          (.tcprcvbuf, 1_720_320, 2_703_360), (.othersockbuf, 1_126_080, 2_097_152),
          (.dgramrcvbuf, 262_144, 262_144), (.numothersock, 360, 360),
          (.dcachesize, 3_409_920, 3_624_960), (.numfile, 9312, 9312), (.numiptent, 128, 128),
        ])
    case .light:
      BeancounterConfiguration(
        name: rawValue, year: 2008,
        source: "ve-light.conf-sample (x86), github.com/kolyshkin/vzctl commit 16997fda",
        [
          (.kmemsize, 1_740_800, 1_847_296), (.lockedpages, 4, 4), (.privvmpages, 7680, 8448),
          (.shmpages, 1152, 1152), (.numproc, 40, 40), (.physpages, 0, max),
          (.vmguarpages, 1725, max), (.oomguarpages, 1725, max), (.numtcpsock, 40, 40),
          (.numflock, 50, 60), (.numpty, 4, 4), (.numsiginfo, 256, 256),
          (.tcpsndbuf, 159_744, 262_144), (.tcprcvbuf, 159_744, 262_144),
          (.othersockbuf, 135_168, 237_568), (.dgramrcvbuf, 135_168, 196_608),
          (.numothersock, 40, 40), (.dcachesize, 196_608, 202_752), (.numfile, 512, 512),
          (.numiptent, 16, 16),
        ])
    case .unlimited:
      BeancounterConfiguration(
        name: rawValue, year: 2006, source: "every barrier and limit at the largest number",
        [])
    }
  }
}
