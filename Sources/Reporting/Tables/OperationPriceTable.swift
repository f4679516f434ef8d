package import Virtualization

extension OperationPrice {
  /// The occurrence of an operation that tables price, and how to say so.
  package static func example(
    of operation: Operation
  ) -> (attributes: Attributes, detail: String?) {
    switch operation {
    case .fork, .exec:
      (Attributes([.pages: 110, .tablePages: 3, .ranges: 15]), "110 mapped pages")
    case .memoryMap: (Attributes([.pages: 16, .ranges: 1, .tablePages: 1]), "16 pages")
    case .fileStat, .fileOpenClose, .fileCreate, .fileDelete:
      (Attributes([.names: 1]), nil)
    case .fileRead, .fileWrite, .diskRead, .diskWrite:
      (Attributes([.bytes: 4096]), "4 KiB; the disk's own time apart")
    case .packetSend, .packetReceive:
      (Attributes([.bytes: 1448, .packets: 1]), "one full packet; the link's own time apart")
    default: (Attributes(), nil)
    }
  }

  /// What every operation costs under every approach of a scenario.
  ///
  /// A host need not price what no workload counts, so rows without a price are part of the table.
  package static func table(of scenario: Scenario) -> [OperationPrice] {
    var rows: [OperationPrice] = []
    for operation in Operation.allCases where operation != .userComputation {
      let example = example(of: operation)
      for approach in scenario.approaches {
        let pricing = PathPricing(
          host: scenario.host, approach: approach, native: scenario.native)
        let hops = try? pricing.hops(of: operation, with: example.attributes)
        func sum(_ hops: [PricedHop]) -> Double {
          hops.reduce(0) { $0 + $1.seconds + $1.slowdownSeconds }
        }
        let seconds = hops.map(sum)
        let elsewhere = hops.map { sum($0.filter(\.hop.place.isElsewhere)) }
        rows.append(
          OperationPrice(
            operation: operation, approach: approach.id, seconds: seconds,
            guestSeconds: seconds.map { $0 - (elsewhere ?? 0) }, detail: example.detail))
      }
    }
    return rows
  }
}
