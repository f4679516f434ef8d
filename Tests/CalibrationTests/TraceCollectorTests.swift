import Calibration
import Testing
import Virtualization

@Suite struct TraceCollectorTests {
  private func collect(
    _ text: String, chunk: Int = 1_000_000,
    look: @escaping @Sendable (Int32, String) -> ProcessSample? = { _, _ in nil }
  ) -> TraceCollector {
    var collector = TraceCollector(look: look)
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      collector.add(bytes[start..<min(start + chunk, bytes.count)], isDrained: false)
      start += chunk
    }
    return collector
  }

  private static func sample(_ process: Int32, _ parent: Int32, faults: Int, anonymous: Int)
    -> ProcessSample?
  {
    ProcessSample(
      status: "Tgid:\t\(process)\nPPid:\t\(parent)\nVmRSS:\t\(anonymous * 4 + 400) kB\n"
        + "RssAnon:\t\(anonymous * 4) kB\nVmHWM:\t800 kB\nVmPTE:\t40 kB\n",
      stat: "\(process) (a (b) c) S \(parent) 1 1 0 -1 4 \(faults) 0 0 0 1 1 0 0",
      smaps:
        "1000-2000 rw-p 00000000 00:00 0\nRss: \(anonymous * 4) kB\n"
        + "Anonymous: \(anonymous * 4) kB\nPrivate_Dirty: \(anonymous * 4) kB\n"
        + "3000-4000 r-xp 00000000 fe:00 12                  /usr/lib/a b.so\n"
        + "Rss: 400 kB\nAnonymous: 0 kB\n"
    )
  }

  private static let text = """
    10 execve("/bin/x", [...], 0x1 /* 3 vars */) = 0
    10 openat(AT_FDCWD</w>, "/w/in", O_RDONLY) = 3</w/in>
    10 read(3</w/in>, ""..., 4096) = 4096
    10 read(3</w/in>, ""..., 4096) = 100
    10 close(3</w/in>) = 0
    10 openat(AT_FDCWD</w>, "/w/gone", O_RDONLY) = -1 ENOENT (No such file or directory)
    10 openat(AT_FDCWD</w>, "/w/new", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 3</w/new>
    10 write(3</w/new>, ""..., 10) = 10
    10 openat(AT_FDCWD</w>, "/w/new", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 4</w/new>
    10 newfstatat(3</w/new>, "", {st_mode=S_IFREG|0644}, AT_EMPTY_PATH) = 0
    10 newfstatat(AT_FDCWD</w>, "/w/in", {st_mode=S_IFREG|0644}, 0) = 0
    10 rename("/w/new", "/w/old") = 0
    10 unlink("/w/old") = 0
    10 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, 3</w/in>, 0) = 0x7f0000000000
    10 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000100000
    10 munmap(0x7f0000000000, 8192) = 0
    10 rt_sigaction(SIGINT, NULL, {sa_handler=SIG_DFL}, 8) = 0
    10 rt_sigaction(SIGINT, {sa_handler=0x1}, NULL, 8) = 0
    10 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x1 <unfinished ...>
    11 write(5<pipe:[3]>, ""..., 7) = 7
    11 write(1</dev/null<char 1:3>>, ""..., 7) = 7
    10 <... clone resumed>) = 11
    10 read(4<pipe:[3]>, ""..., 100) = 7
    10 read(4<pipe:[3]>, "", 100) = 0
    11 vfork() = 12
    12 execve("/bin/y", [...], 0x1) = -1 ENOENT (No such file or directory)
    12 execve("/usr/bin/y", [...], 0x1) = 0
    12 clone3({flags=CLONE_VM|CLONE_THREAD|CLONE_SIGHAND}, 88) = 13
    12 sendto(3<TCP:[1.1.1.1:1->2.2.2.2:2]>, ""..., 3000, 0, NULL, 0) = 3000
    12 accept4(4<TCP:[1.1.1.1:1]>, NULL, NULL, 0) = 5<TCP:[1.1.1.1:1->3.3.3.3:3]>
    12 --- SIGSEGV {si_signo=SIGSEGV} ---
    12 rt_sigreturn({mask=[]}) = 0
    12 poll([{fd=3, events=POLLIN}], 1, 100) = 0 (Timeout)
    12 exit_group(0) = ?
    12 +++ exited with 0 +++
    not a line
    11 exit_group(0) = ?
    11 +++ exited with 0 +++
    10 exit_group(0) = ?
    10 +++ exited with 0 +++

    """

  /// The counts are made by hand from the lines above.
  @Test(arguments: [1, 7, 1_000_000]) func callsBecomeOperations(chunk: Int) {
    let collector = collect(Self.text, chunk: chunk)
    let tally = collector.tally
    let counts = Operation.allCases.map { ($0, tally[$0].count) }.filter { $0.1 > 0 }
    let expected: [(Operation, Int)] = [
      // fstat, rt_sigaction without an action, the pipe's end, the thread
      (.systemCall, 4), (.nullIO, 1),
      // the file that is gone, the stat, the program that is not there
      (.fileStat, 3), (.fileOpenClose, 2), (.select, 1), (.signalInstall, 1), (.signalDelivery, 1),
      (.fork, 2), (.exec, 2), (.pipeTransfer, 1), (.memoryMap, 2), (.protectionFault, 1),
      // the new file and the rename; the old name and the file
      (.fileCreate, 2), (.fileDelete, 2), (.fileRead, 2), (.fileWrite, 1), (.packetSend, 1),
      (.connectionAccept, 1),
    ]
    #expect(counts.map(\.0) == expected.map(\.0))
    #expect(counts.map(\.1) == expected.map(\.1))
    #expect(tally.copyingForks == 1)
    #expect(tally.sharingForks == 1)
    #expect(tally.threads == 1)
    #expect(tally[.fileRead].bytes == 4_196)
    #expect(tally[.memoryMap].pages == 2)
    #expect(tally[.packetSend].packets == 3)
    #expect(tally[.pipeTransfer].bytes == 7)
    #expect(tally.calls["execve"] == 3)
    #expect(collector.unreadable == 1)
    #expect(collector.rootHasEnded)
    #expect(collector.living.isEmpty)
  }

  @Test func processesAreLookedAtOncePerCall() {
    var collector = TraceCollector { process, _ in
      Self.sample(process, process - 1, faults: 100, anonymous: 20)
    }
    // As strace writes: the beginning of a call, a pause, its end.
    for line in Self.text.split(separator: "\n") {
      let pause = line.firstRange(of: ") = ")?.lowerBound ?? line.endIndex
      collector.add(line[..<pause].utf8, isDrained: true)
      collector.add((line[pause...] + "\n").utf8, isDrained: true)
    }
    // Two execs, a copy, a vfork, three ends; the start is not counted, a thread needs no look.
    #expect(collector.moments == 7)
    #expect(collector.looks == 7)
    #expect(collector.forkedSpaces.count == 1)
    #expect(collector.forkedSpaces.pages == 120)
    #expect(collector.forkedSpaces.tablePages == 10)
    #expect(collector.forkedSpaces.ranges == 2)
    #expect(collector.execsFromShared == 1)
    #expect(collector.filePagesTotal == 100)
    #expect(collector.peakProcesses == 3)
  }

  @Test func faultsAreSplitByWhatSpacesHold() throws {
    var ledger = FaultLedger()
    func add(
      _ process: Int32, _ parent: Int32, _ faults: Int, _ anonymous: Int,
      _ moment: FaultLedger.Moment
    )
      throws -> Bool
    {
      let sample = Self.sample(process, parent, faults: faults, anonymous: anonymous)
      return ledger.add(try #require(sample), moment)
    }
    // A program that begins with 10 faults of others, touches 50 pages, and has 30 faults more.
    #expect(try add(1, 0, 10, 5, .exec))
    ledger.replaced(1)
    #expect(try add(1, 0, 90, 50, .end))
    let split = try #require(ledger.split(minorFaults: 80))
    #expect(split.anonymous == FaultLedger.Part(value: 50, low: 50, high: 73.75))
    #expect(split.file == FaultLedger.Part(value: 30, low: 6.25, high: 30))
    #expect(split.copyOnWrite == FaultLedger.Part(value: 0, low: 0, high: 23.75))
    #expect(split.coverage == 1)
    // Its copy has 20 pages more than it, keeps 70 of its own and has 100 faults.
    #expect(try add(1, 0, 0, 50, .copyingFork))
    #expect(try add(2, 1, 100, 70, .end))
    let more = try #require(ledger.split(minorFaults: 180))
    #expect(more.anonymous.value == 70)
    #expect(more.copyOnWrite.value == 50)
    #expect(more.file.value == 60)
  }

  @Test func aSampleNeedsItsTexts() {
    #expect(ProcessSample(status: "", stat: "", smaps: "") == nil)
    #expect(ProcessSample(status: "Tgid: 1\nPPid: 1\n", stat: "1 (x", smaps: "") == nil)
    let sample = Self.sample(4, 2, faults: 33, anonymous: 6)
    #expect(sample?.minorFaults == 33)
    #expect(sample?.filePages == ["/usr/lib/a b.so": 100])
    #expect(sample?.ownAnonymousPages == 6)
  }
}
