/// A host's memory by kind of frame, for reports.
package struct MemoryMap: Sendable, Hashable {
  /// One kind of frame.
  package struct Row: Sendable, Hashable {
    package var kind: FrameKind
    package var bytes: Double

    package init(kind: FrameKind, bytes: Double) {
      self.kind = kind
      self.bytes = bytes
    }
  }

  /// Guests on the host.
  package var guests: Int
  /// One row per kind, in the order of `FrameKind.allCases`; they add up to the host's memory.
  package var rows: [Row]
  /// Bytes of the host's swap in use.
  package var swapBytes: Double
  /// Bytes of swap in use inside guests, on their own disks.
  package var guestSwapBytes: Double

  /// The map of no host.
  package static let empty = MemoryMap(guests: 0, rows: [], swapBytes: 0, guestSwapBytes: 0)

  package init(guests: Int, rows: [Row], swapBytes: Double, guestSwapBytes: Double) {
    self.guests = guests
    self.rows = rows
    self.swapBytes = swapBytes
    self.guestSwapBytes = guestSwapBytes
  }

  /// Bytes of one kind.
  package subscript(kind: FrameKind) -> Double {
    rows.first { $0.kind == kind }?.bytes ?? 0
  }

  /// Bytes of all kinds that belong to the host, to single guests, to several, or to nobody.
  package func bytes(_ ownership: FrameKind.Ownership) -> Double {
    rows.reduce(0) { $1.kind.ownership == ownership ? $0 + $1.bytes : $0 }
  }

  /// Private bytes of a guest on average.
  package var privateBytesPerGuest: Double {
    guests > 0 ? bytes(.private) / Double(guests) : 0
  }

  /// The map of a host with a number of guests of a mix, without load.
  ///
  /// - Throws: `MemoryError` where so many guests do not fit.
  package static func at(
    guests: Int, host: HostProfile, approach: ApproachProfile, classes: [GuestClass]
  ) throws(MemoryError) -> MemoryMap {
    try MemorySimulation(
      host: host, approach: approach, classes: classes,
      assignment: GuestMix.assignment(classes: classes, total: guests)
    ).memoryMap
  }
}

extension MemorySimulation {
  /// The memory as it is now.
  package var memoryMap: MemoryMap {
    let page = Double(MemoryLedger.pageBytes)
    let inside = model.hasGuestKernels ? totals.swappedActive + totals.swappedIdle : 0
    return MemoryMap(
      guests: counts.reduce(0, +),
      rows: FrameKind.allCases.map {
        MemoryMap.Row(kind: $0, bytes: Double(ledger[$0]) * page)
      },
      swapBytes: Double(ledger.swapUsed) * page, guestSwapBytes: Double(inside) * page)
  }
}
