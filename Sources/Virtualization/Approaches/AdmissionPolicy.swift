/// How a product decides whether one more guest may be started: by the host memory that it keeps
/// reserved for guests, whatever they have touched of it.
public struct AdmissionPolicy: Sendable, Hashable {
  /// How much of the guests' memory must fit into what is reserved.
  public enum Rule: String, CaseIterable, Sendable, Hashable {
    /// All of it.
    case fitAll = "fit-all"
    /// All but a moderate share, which the host may swap.
    case swapSome = "swap-some"
    /// The smaller part; the host may swap the rest.
    case swapMost = "swap-most"
  }
  /// The rule in force.
  public var rule: Rule
  /// Host memory that is not reserved for guests, in bytes; what the host itself holds if that is
  /// more.
  public var keptForHostBytes: Quantity
  /// The share of a guest's memory that need not fit under `swapSome`.
  public var swapSomeShare: Quantity
  /// The share of a guest's memory that need not fit under `swapMost`.
  public var swapMostShare: Quantity

  /// An admission policy from all its parts; units as each part says.
  public init(
    rule: Rule, keptForHostBytes: Quantity, swapSomeShare: Quantity, swapMostShare: Quantity
  ) {
    self.rule = rule
    self.keptForHostBytes = keptForHostBytes
    self.swapSomeShare = swapSomeShare
    self.swapMostShare = swapMostShare
  }

  /// The share of a guest's memory that must fit.
  package var residentShare: Double {
    switch rule {
    case .fitAll: 1
    case .swapSome: 1 - swapSomeShare.value
    case .swapMost: 1 - swapMostShare.value
    }
  }

  /// Bytes that a guest of a size is counted for, with those that it takes of the host beside it.
  package func countedBytes(memoryBytes: Double, besideBytes: Double) -> Double {
    memoryBytes * residentShare + besideBytes
  }
}
