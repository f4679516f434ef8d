import Reporting
import ScenarioFormat
import Testing
import Virtualization

@Suite("Operations that a host does not price")
struct UnpricedOperationTests {
  @Test(arguments: [Operation.signalDelivery, .memoryMap, .pipeTransfer, .fileDelete])
  func areRowsWithoutAPrice(operation: Operation) throws {
    var scenario = try GoldenTests.load("teaching-first").scenario
    scenario.host.primitives.removeAll {
      $0.mechanism == .kernelWork && $0.service == operation
    }
    let table = OperationPrice.table(of: scenario)
    #expect(table.count == (Operation.allCases.count - 1) * scenario.approaches.count)
    let unpriced = table.filter { $0.seconds == nil }
    #expect(unpriced.map(\.approach) == scenario.approaches.map(\.id))
    #expect(unpriced.allSatisfy { $0.operation == operation && $0.guestSeconds == nil })
    #expect(
      OperationPrice.table(of: try GoldenTests.load("teaching-first").scenario)
        .allSatisfy { $0.seconds != nil })
  }

  @Test func areExplainedByWhatIsMissing() throws {
    var scenario = try GoldenTests.load("teaching-first").scenario
    let missing = [Operation.memoryMap, .fileDelete]
    scenario.host.primitives.removeAll {
      $0.mechanism == .kernelWork && missing.contains($0.service ?? .systemCall)
    }
    let pricing = PathPricing(
      host: scenario.host, approach: scenario.native, native: scenario.native)
    let operations = Operation.allCases.filter { $0 != .userComputation }
    let text = try PathExplanation.render(pricing, operations: operations)
    let lines = text.split(separator: "\n")
    for operation in operations {
      let own = lines.filter { $0.hasPrefix("\(operation.rawValue): ") }
      #expect(own.count == 1, "\(operation)")
      #expect(own.first?.hasSuffix(": not priced") == missing.contains(operation), "\(operation)")
    }
    #expect(text.contains("has no price for kernel-work of memory-map, which native needs for"))
    #expect(throws: ModelError.self) { try PathExplanation.render(pricing, operations: missing) }
  }

  @Test func areSaidToBeNotPriced() throws {
    let study = try Fixture.study()
    var report = Fixture.report(study)
    report.prices = [
      OperationPrice(operation: .packetSend, approach: "native", seconds: nil),
      OperationPrice(operation: .packetSend, approach: "xen-pv", seconds: 1e-5, guestSeconds: 3e-6),
    ]
    let page = try PageReport.render(
      report, charts: ChartSet(study), drawing: nil, advice: "advice")
    #expect(page.contains("not priced"))
    #expect(page.contains("10.0; guest\u{A0}3.00"))
  }
}
