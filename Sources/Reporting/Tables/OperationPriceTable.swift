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
  /// - Throws: `ModelError` when a path or a price is missing.
  package static func table(of scenario: Scenario) throws(ModelError) -> [OperationPrice] {
    var rows: [OperationPrice] = []
    for operation in Operation.allCases where operation != .userComputation {
      let example = example(of: operation)
      for approach in scenario.approaches {
        let pricing = PathPricing(
          host: scenario.host, approach: approach, native: scenario.native)
        let hops = try pricing.hops(of: operation, with: example.attributes)
        let seconds = hops.reduce(0) { $0 + $1.seconds + $1.slowdownSeconds }
        let elsewhere = hops.filter(\.hop.place.isElsewhere).reduce(0) {
          $0 + $1.seconds + $1.slowdownSeconds
        }
        rows.append(
          OperationPrice(
            operation: operation, approach: approach.id, seconds: seconds,
            guestSeconds: seconds - elsewhere, detail: example.detail))
      }
    }
    return rows
  }
}
