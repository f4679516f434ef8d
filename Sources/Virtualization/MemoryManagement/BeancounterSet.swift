/// Amounts of every resource, charged or given back together.
package struct BeancounterDemand: BitwiseCopyable, Sendable {
  fileprivate var amounts = InlineArray<20, Int>(repeating: 0)

  /// No demand.
  package init() {}

  /// The demand for one resource, in its own unit.
  package subscript(resource: BeancounterResource) -> Int {
    get { amounts[resource.rawValue] }
    set { amounts[resource.rawValue] = newValue }
  }
}

/// The user beancounters of one container: all rows inline, nothing allocated by a charge.
///
/// The charge rule, the guarantee and the out-of-memory order are those of kernel/ub/beancounter.c,
/// ub_pages.c and ub_oom.c of the 2.6.18 OpenVZ tree. There is one level: a container's rows have
/// no parent.
package struct BeancounterSet: BitwiseCopyable, Sendable {
  private var rows: InlineArray<20, Beancounter>

  /// Empty rows with a configuration's barriers and limits.
  package init(_ configuration: BeancounterConfiguration) {
    rows = InlineArray { index in
      let resource = BeancounterResource.allCases[index]
      return Beancounter(
        barrier: configuration.barrier(resource), limit: configuration.limit(resource))
    }
  }

  /// One row.
  package subscript(resource: BeancounterResource) -> Beancounter {
    get { rows[resource.rawValue] }
    set { rows[resource.rawValue] = newValue }
  }

  /// Charges one resource; on refusal nothing but its `failcnt` changes.
  package mutating func charge(
    _ resource: BeancounterResource, _ amount: Int, _ severity: ChargeSeverity
  ) -> Bool {
    rows[resource.rawValue].charge(amount, severity)
  }

  /// Gives back an amount of one resource.
  package mutating func uncharge(_ resource: BeancounterResource, _ amount: Int) {
    rows[resource.rawValue].uncharge(amount)
  }

  /// Charges all or nothing; returns the resource that refused, whose `failcnt` alone has changed.
  package mutating func charge(_ demand: BeancounterDemand, _ severity: ChargeSeverity)
    -> BeancounterResource?
  {
    for index in rows.indices where demand.amounts[index] != 0 {
      if rows[index].charge(demand.amounts[index], severity) { continue }
      for earlier in 0..<index { rows[earlier].uncharge(demand.amounts[earlier]) }
      return BeancounterResource(rawValue: index)
    }
    return nil
  }

  /// Gives back a demand.
  package mutating func uncharge(_ demand: BeancounterDemand) {
    for index in rows.indices where demand.amounts[index] != 0 {
      rows[index].uncharge(demand.amounts[index])
    }
  }

  /// Whether what is allocated is within the guarantee, so that the host's over-commit check does
  /// not apply (vmguarpages; only its barrier counts).
  package var isWithinGuarantee: Bool {
    self[.privvmpages].held <= self[.vmguarpages].barrier
  }

  /// Pages by which the container is above what out-of-memory kills spare; positive makes it a
  /// candidate, and the largest is the victim (ub_oom.c).
  package var oomOverdraft: Int {
    let kernelBytes =
      self[.kmemsize].held + self[.tcpsndbuf].held + self[.tcprcvbuf].held
      + self[.othersockbuf].held + self[.dgramrcvbuf].held
    return self[.oomguarpages].held + kernelBytes >> 12 - self[.oomguarpages].barrier
  }

  /// Counts an out-of-memory kill in this container.
  package mutating func recordKill() {
    rows[BeancounterResource.oomguarpages.rawValue].failcnt += 1
  }

  /// Sets the two rows that follow residency.
  ///
  /// physpages counts what is in memory, oomguarpages what is in memory or in swap; neither is
  /// enforced.
  package mutating func setResidency(resident: Int, swapped: Int) {
    record(.physpages, resident)
    record(.oomguarpages, resident + swapped)
  }

  private mutating func record(_ resource: BeancounterResource, _ held: Int) {
    rows[resource.rawValue].held = held
    rows[resource.rawValue].maxheld = max(rows[resource.rawValue].maxheld, held)
  }
}
