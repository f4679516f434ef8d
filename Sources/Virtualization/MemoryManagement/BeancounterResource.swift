/// The resources that user beancounters account, in the order of the 2.6.18 OpenVZ kernel.
///
/// Source: include/ub/beancounter.h of the 2.6.18 OpenVZ tree (github.com/bronson/
/// linux-2.6.18.8-ovz-xen); grouping by wiki.openvz.org, UBC parameters.
package enum BeancounterResource: Int, CaseIterable, Sendable, Hashable, BitwiseCopyable {
  case kmemsize, lockedpages, privvmpages, shmpages, numproc, physpages, vmguarpages
  case oomguarpages, numtcpsock, numflock, numpty, numsiginfo, tcpsndbuf, tcprcvbuf
  case othersockbuf, dgramrcvbuf, numothersock, dcachesize, numfile, numiptent

  /// The name in `/proc/user_beancounters` and in configuration files.
  package var name: String {
    switch self {
    case .kmemsize: "kmemsize"
    case .lockedpages: "lockedpages"
    case .privvmpages: "privvmpages"
    case .shmpages: "shmpages"
    case .numproc: "numproc"
    case .physpages: "physpages"
    case .vmguarpages: "vmguarpages"
    case .oomguarpages: "oomguarpages"
    case .numtcpsock: "numtcpsock"
    case .numflock: "numflock"
    case .numpty: "numpty"
    case .numsiginfo: "numsiginfo"
    case .tcpsndbuf: "tcpsndbuf"
    case .tcprcvbuf: "tcprcvbuf"
    case .othersockbuf: "othersockbuf"
    case .dgramrcvbuf: "dgramrcvbuf"
    case .numothersock: "numothersock"
    case .dcachesize: "dcachesize"
    case .numfile: "numfile"
    case .numiptent: "numiptent"
    }
  }

  /// What one unit of the resource is.
  package enum Measure: String, Sendable, Hashable {
    case bytes
    case pages
    case objects
  }

  /// What one unit of the resource is.
  package var measure: Measure {
    switch self {
    case .kmemsize, .tcpsndbuf, .tcprcvbuf, .othersockbuf, .dgramrcvbuf, .dcachesize: .bytes
    case .lockedpages, .privvmpages, .shmpages, .physpages, .vmguarpages, .oomguarpages: .pages
    case .numproc, .numtcpsock, .numflock, .numpty, .numsiginfo, .numothersock, .numfile,
      .numiptent:
      .objects
    }
  }
}

/// How badly the kernel needs a charge to succeed.
package enum ChargeSeverity: Sendable, Hashable {
  /// Fails above the barrier.
  case hard
  /// Fails above the limit only.
  case soft
  /// Never fails.
  case force
}

/// One row of `/proc/user_beancounters`.
package struct Beancounter: BitwiseCopyable, Sendable, Hashable {
  /// The value that stands for "no limit" in configuration files: the largest signed 32-bit number.
  package static let unlimited = 2_147_483_647

  /// In use now.
  package var held = 0
  /// The most that was ever in use.
  package var maxheld = 0
  /// Where ordinary allocations begin to be refused.
  package var barrier: Int
  /// Where essential ones are refused too.
  package var limit: Int
  /// Allocations refused (for oomguarpages: processes killed).
  package var failcnt = 0

  package init(barrier: Int, limit: Int) {
    self.barrier = barrier
    self.limit = limit
  }

  /// Charges an amount; on refusal nothing but `failcnt` changes.
  package mutating func charge(_ amount: Int, _ severity: ChargeSeverity) -> Bool {
    let wanted = held + amount
    let passes =
      switch severity {
      case .hard: wanted <= barrier && wanted <= limit
      case .soft: wanted <= limit
      case .force: true
      }
    guard passes else {
      failcnt += 1
      return false
    }
    held = wanted
    maxheld = max(maxheld, wanted)
    return true
  }

  /// Gives back an amount; never below zero.
  package mutating func uncharge(_ amount: Int) { held = max(0, held - amount) }
}
