/// What a request takes and gives back, in one step each.
extension MemorySimulation {
  /// A request of a guest gets a worker and a connection, or neither.
  ///
  /// Spare workers are used before new ones are started. Under beancounters a new worker and the
  /// connection's sockets are charged against barriers, its buffers against limits.
  package mutating func startRequest(guest: Int32) -> MemoryGrant {
    let index = Int(guest)
    var next = states[index]
    next.busyWorkers += 1
    next.connections += 1
    if accounts.isEmpty { return admit(index, next) }
    let facts = model.facts[Int(next.classIndex)]
    let starts = Int(next.busyWorkers) > facts.spareWorkers
    if starts, let refusing = accounts[index].charge(facts.workerDemand, .hard) {
      return .refused(refusing)
    }
    if let refusing = accounts[index].charge(facts.connectionDemand, .hard) {
      if starts { accounts[index].uncharge(facts.workerDemand) }
      return .refused(refusing)
    }
    if let refusing = accounts[index].charge(facts.connectionBuffers, .soft) {
      accounts[index].uncharge(facts.connectionDemand)
      if starts { accounts[index].uncharge(facts.workerDemand) }
      return .refused(refusing)
    }
    let grant = admit(index, next)
    if grant != .granted { uncharge(index, facts, worker: starts) }
    return grant
  }

  /// A request of a guest has ended: its connection is closed, its worker free or gone.
  package mutating func endRequest(guest: Int32) {
    let index = Int(guest)
    var next = states[index]
    guard next.busyWorkers > 0, next.connections > 0 else { return }
    if !accounts.isEmpty {
      let facts = model.facts[Int(next.classIndex)]
      uncharge(index, facts, worker: Int(next.busyWorkers) > facts.spareWorkers)
    }
    next.busyWorkers -= 1
    next.connections -= 1
    release(index, next)
  }

  private mutating func uncharge(_ index: Int, _ facts: GuestFacts, worker: Bool) {
    accounts[index].uncharge(facts.connectionBuffers)
    accounts[index].uncharge(facts.connectionDemand)
    if worker { accounts[index].uncharge(facts.workerDemand) }
  }
}
