/// The Erlang loss and delay formulas, by recurrences that neither overflow nor cancel.
public enum ErlangFormula {
  /// The probability that an arrival finds all servers of M/M/c/c busy (Erlang B).
  ///
  /// B(0) = 1, B(k) = a B(k-1) / (k + a B(k-1)); insensitive to the service distribution.
  /// Source: A. K. Erlang, 1917, "Solution of some problems in the theory of probabilities of
  /// significance in automatic telephone exchanges"; recurrence as in L. Kleinrock, 1975,
  /// "Queueing Systems, volume 1".
  /// - Parameters:
  ///   - servers: the number of servers c, 1 or more.
  ///   - offeredLoad: arrival rate times mean service time, in erlangs.
  /// - Throws: ``QueueingError`` for a count or load outside its domain.
  public static func blocking(
    servers: Int, offeredLoad: Double
  ) throws(QueueingError) -> Double {
    try QueueingError.requireCount(servers, atLeast: 1, "ErlangFormula.servers")
    try QueueingError.requireNonNegative(offeredLoad, "ErlangFormula.offeredLoad")
    var blocking = 1.0
    for k in 1...servers {
      // Dividing both sides keeps an enormous load from making infinity over infinity.
      let odds = blocking * (offeredLoad / Double(k))
      blocking = odds.isInfinite ? 1 : odds / (1 + odds)
    }
    return blocking
  }

  /// The probability that an arrival to M/M/c has to wait (Erlang C).
  ///
  /// C = B / (1 - rho (1 - B)) with rho = a / c and B of ``blocking(servers:offeredLoad:)``.
  /// Source: A. K. Erlang, 1917, as above.
  /// - Parameters:
  ///   - servers: the number of servers c, 1 or more.
  ///   - offeredLoad: arrival rate times mean service time, in erlangs; below `servers`.
  /// - Throws: ``QueueingError``, `unstable` when the load reaches the number of servers.
  public static func waiting(
    servers: Int, offeredLoad: Double
  ) throws(QueueingError) -> Double {
    let blocking = try blocking(servers: servers, offeredLoad: offeredLoad)
    let utilization = offeredLoad / Double(servers)
    try QueueingError.requireStable(utilization, "ErlangFormula.offeredLoad")
    return blocking / (1 - utilization * (1 - blocking))
  }
}
