/// A rule for beancounter configurations that a configuration does not keep.
///
/// A warning, never an error: shipped sample configurations break some of the rules themselves.
package struct BeancounterWarning: Sendable, Hashable, CustomStringConvertible {
  /// The rules, one case each.
  package enum Rule: String, CaseIterable, Sendable, Hashable {
    case kmemsizeForProcesses = "kmemsize-for-processes"
    case dcachesizeForFiles = "dcachesize-for-files"
    case numfileForProcesses = "numfile-for-processes"
    case numprocForAverage = "numproc-for-average"
    case privvmpagesForGuarantee = "privvmpages-for-guarantee"
    case tcpsndbufGap = "tcpsndbuf-gap"
    case othersockbufGap = "othersockbuf-gap"
    case tcprcvbufLeast = "tcprcvbuf-least"
    case dgramrcvbufLeast = "dgramrcvbuf-least"
    case othersockbufLeast = "othersockbuf-least"
    case kmemsizeGap = "kmemsize-gap"
    case privvmpagesGap = "privvmpages-gap"
    case dcachesizeGap = "dcachesize-gap"
    case numflockGap = "numflock-gap"
    case privvmpagesForMemory = "privvmpages-for-memory"
    case lowMemoryCommitment = "low-memory-commitment"
    case memoryAndSwapCommitment = "memory-and-swap-commitment"
    case guaranteeCommitment = "guarantee-commitment"
    case allocationCommitment = "allocation-commitment"
  }

  package let rule: Rule
  /// What the rule asks for, in the unit of the resource.
  package let required: Double
  /// What the configuration has.
  package let actual: Double
  /// The two in a sentence.
  package let description: String
}

extension BeancounterConfiguration {
  /// The rules for one container that this configuration does not keep, in a fixed order.
  ///
  /// Source: vzctl's validation of configurations (github.com/kolyshkin/vzctl); the least tcprcvbuf
  /// from forum.openvz.org, thread 7878.
  ///
  /// - Parameter memoryBytes: the host's memory, for the rule that depends on it.
  package func warnings(memoryBytes: Double) -> [BeancounterWarning] {
    var found: [BeancounterWarning] = []
    func ask(_ rule: BeancounterWarning.Rule, _ what: String, of actual: Int, least: Double) {
      if Double(actual) < least { found.append(.below(rule, what, Double(actual), least)) }
    }
    func gap(_ rule: BeancounterWarning.Rule, _ resource: BeancounterResource) {
      guard limit(resource) < Beancounter.unlimited else { return }
      ask(
        rule, "\(resource.name).limit", of: limit(resource),
        least: Double(11 * barrier(resource)) / 10)
    }
    let processes = Double(averageProcesses)
    let kibibyte = 1024.0
    ask(
      .kmemsizeForProcesses, "kmemsize.barrier", of: barrier(.kmemsize),
      least: limit(.dcachesize) < Beancounter.unlimited
        ? 40 * kibibyte * processes + Double(limit(.dcachesize)) : 40 * kibibyte * processes)
    if barrier(.numfile) < Beancounter.unlimited {
      ask(
        .dcachesizeForFiles, "dcachesize.barrier", of: barrier(.dcachesize),
        least: 384 * Double(barrier(.numfile)))
    }
    ask(.numfileForProcesses, "numfile.barrier", of: barrier(.numfile), least: 32 * processes)
    ask(.numprocForAverage, "numproc.barrier", of: barrier(.numproc), least: 2 * processes)
    if barrier(.vmguarpages) < Beancounter.unlimited {
      ask(
        .privvmpagesForGuarantee, "privvmpages.barrier", of: barrier(.privvmpages),
        least: Double(barrier(.vmguarpages)))
    }
    if limit(.tcpsndbuf) < Beancounter.unlimited, barrier(.numtcpsock) < Beancounter.unlimited {
      ask(
        .tcpsndbufGap, "tcpsndbuf.limit - barrier", of: limit(.tcpsndbuf) - barrier(.tcpsndbuf),
        least: 2.5 * kibibyte * Double(barrier(.numtcpsock)))
    }
    if limit(.othersockbuf) < Beancounter.unlimited,
      barrier(.numothersock) < Beancounter.unlimited
    {
      ask(
        .othersockbufGap, "othersockbuf.limit - barrier",
        of: limit(.othersockbuf) - barrier(.othersockbuf),
        least: 2.5 * kibibyte * Double(barrier(.numothersock)))
    }
    ask(.tcprcvbufLeast, "tcprcvbuf.barrier", of: barrier(.tcprcvbuf), least: 64 * kibibyte)
    ask(.dgramrcvbufLeast, "dgramrcvbuf.barrier", of: barrier(.dgramrcvbuf), least: 129 * kibibyte)
    ask(
      .othersockbufLeast, "othersockbuf.barrier", of: barrier(.othersockbuf), least: 129 * kibibyte)
    gap(.kmemsizeGap, .kmemsize)
    gap(.privvmpagesGap, .privvmpages)
    gap(.dcachesizeGap, .dcachesize)
    gap(.numflockGap, .numflock)
    let pages = 0.6 * memoryBytes / Double(MemoryLedger.pageBytes)
    if limit(.privvmpages) < Beancounter.unlimited, Double(limit(.privvmpages)) > pages {
      found.append(
        .above(.privvmpagesForMemory, "privvmpages.limit", Double(limit(.privvmpages)), pages))
    }
    return found
  }
}

/// How far a host's memory is promised to containers, as shares of what it has.
///
/// Source: the host-wide checks of a Python port of vzctl's validation; low memory counts as 0.4 of
/// at most 832 MiB on a 32-bit x86 host.
package struct NodeCommitment: Sendable, Hashable {
  /// Kernel memory and socket buffers (limits) against low memory; nil on a 64-bit host.
  package var lowMemory: Double?
  /// oomguarpages barriers and kernel memory against memory and swap.
  package var memoryAndSwap: Double
  /// vmguarpages barriers and kernel memory against memory and swap.
  package var guarantees: Double
  /// privvmpages limits and kernel memory against memory and swap.
  package var allocations: Double

  /// The commitment of a host to containers of each configuration; an unlimited resource is left
  /// out, because it promises nothing.
  package init(
    _ containers: [(configuration: BeancounterConfiguration, count: Int)], on host: HostProfile
  ) {
    let page = Double(MemoryLedger.pageBytes)
    var kernel = 0.0
    var spared = 0.0
    var guaranteed = 0.0
    var allocatable = 0.0
    for (configuration, count) in containers {
      let times = Double(count)
      func bounded(_ value: Int) -> Double {
        value < Beancounter.unlimited ? times * Double(value) : 0
      }
      for resource in [
        BeancounterResource.kmemsize, .tcpsndbuf, .tcprcvbuf, .othersockbuf, .dgramrcvbuf,
      ] {
        kernel += bounded(configuration.limit(resource))
      }
      spared += bounded(configuration.barrier(.oomguarpages)) * page
      guaranteed += bounded(configuration.barrier(.vmguarpages)) * page
      allocatable += bounded(configuration.limit(.privvmpages)) * page
    }
    let all = host.memory.bytes.value + host.memory.swapBytes.value
    if host.kernel.wordBits == 32 {
      let low = 0.4 * min(host.memory.bytes.value, 832 * 1024 * 1024)
      lowMemory = low > 0 ? kernel / low : 0
    }
    memoryAndSwap = all > 0 ? (spared + kernel) / all : 0
    guarantees = all > 0 ? (guaranteed + kernel) / all : 0
    allocations = all > 0 ? (allocatable + kernel) / all : 0
  }

  /// The commitments above what is healthy, in a fixed order.
  package var warnings: [BeancounterWarning] {
    var found: [BeancounterWarning] = []
    func ask(_ rule: BeancounterWarning.Rule, _ what: String, _ actual: Double, most: Double) {
      if actual > most { found.append(.above(rule, what, actual, most)) }
    }
    if let lowMemory { ask(.lowMemoryCommitment, "low memory promised", lowMemory, most: 1.2) }
    ask(
      .memoryAndSwapCommitment, "memory and swap spared from kills", memoryAndSwap, most: 1)
    ask(.guaranteeCommitment, "memory and swap guaranteed", guarantees, most: 1)
    ask(.allocationCommitment, "memory and swap allocatable", allocations, most: 4)
    return found
  }
}

extension BeancounterWarning {
  fileprivate static func below(
    _ rule: Rule, _ what: String, _ actual: Double, _ least: Double
  ) -> BeancounterWarning {
    BeancounterWarning(
      rule: rule, required: least, actual: actual,
      description: "\(what) is \(actual), below \(least) that the rule \(rule.rawValue) asks for")
  }

  fileprivate static func above(
    _ rule: Rule, _ what: String, _ actual: Double, _ most: Double
  ) -> BeancounterWarning {
    BeancounterWarning(
      rule: rule, required: most, actual: actual,
      description: "\(what) is \(actual), above \(most) that the rule \(rule.rawValue) allows")
  }
}
