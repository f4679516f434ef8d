import Virtualization

extension MemoryMap {
  /// A map that holds something; nil for none and for the map of no host.
  static func present(_ map: MemoryMap?) -> MemoryMap? {
    map.flatMap { $0.rows.isEmpty ? nil : $0 }
  }

  /// Every kind of frame with its bytes, in the fixed order of the kinds.
  var records: [NamedNumber] {
    FrameKind.allCases.map { NamedNumber(name: $0.name, value: self[$0].finite) } + [
      NamedNumber(name: "swap", value: swapBytes.finite),
      NamedNumber(name: "guest-swap", value: guestSwapBytes.finite),
    ]
  }
}
