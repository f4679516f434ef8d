import Testing
import Virtualization

@Suite("Memory ledger")
struct MemoryLedgerTests {
  @Test("Frames start free and sum to the host's memory through every move")
  func movesKeepTheSum() {
    var ledger = MemoryLedger(frames: 1000, swapPages: 10)
    #expect(ledger[.free] == 1000)
    #expect(ledger.resize(.anonymousIdle, to: 600) == true)
    #expect(ledger.move(200, from: .anonymousIdle, to: .anonymousActive) == true)
    #expect(ledger[.free] == 400)
    #expect(ledger[.anonymousIdle] == 400)
    #expect(ledger[.anonymousActive] == 200)
    #expect(ledger.isBalanced)
  }

  @Test("A move of more frames than there are changes nothing and says so")
  func refusesOverdrafts() {
    var ledger = MemoryLedger(frames: 100, swapPages: 10)
    let before = ledger
    #expect(ledger.move(101, from: .free, to: .monitor) == false)
    #expect(ledger.move(1, from: .monitor, to: .free) == false)
    #expect(ledger.move(-1, from: .free, to: .monitor) == false)
    #expect(ledger.resize(.free, to: 10) == false)
    #expect(ledger.resize(.monitor, to: -1) == false)
    #expect(ledger.setSwap(11) == false)
    #expect(ledger.setSwap(-1) == false)
    #expect(ledger == before)
    #expect(ledger.isBalanced)
  }

  @Test("The ledger has room for every kind")
  func everyKindHasItsPlace() {
    let kinds = FrameKind.allCases
    var ledger = MemoryLedger(frames: 1000, swapPages: 0)
    for kind in kinds where kind != .free {
      #expect(ledger.resize(kind, to: kind.rawValue + 1) == true)
    }
    for kind in kinds where kind != .free { #expect(ledger[kind] == kind.rawValue + 1) }
    #expect(ledger.isBalanced)
    #expect(Set(kinds.map(\.name)).count == kinds.count)
  }
}
