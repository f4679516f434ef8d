import Calibration
import Testing

@Suite struct StraceParserTests {
  private func read(_ line: String) throws -> StraceLine {
    var parser = StraceParser()
    return try parser.read(line.utf8)
  }

  private func call(_ line: String) throws -> StraceCall {
    let found: StraceCall? = if case .call(let call) = try read(line) { call } else { nil }
    return try #require(found)
  }

  @Test func aCallHasArgumentsResultAndDescriptor() throws {
    let call = try call(
      "77 openat(AT_FDCWD</srv/a b>, \"/etc/x\", O_RDONLY|O_CLOEXEC) = 3</etc/x>")
    #expect(call.process == 77)
    #expect(call.name == "openat")
    #expect(call.arguments == ["AT_FDCWD</srv/a b>", "\"/etc/x\"", "O_RDONLY|O_CLOEXEC"])
    #expect(call.result == 3)
    #expect(call.resultDescriptor == "/etc/x")
    #expect(call.succeeded)
  }

  @Test(arguments: [
    ("1 access(\"/x\", R_OK) = -1 ENOENT (No such file or directory)", Int64(-1), "ENOENT"),
    ("1 brk(NULL)                         = 0x55f9b5a88000", 0x55f9_b5a8_8000, nil),
    ("1 exit_group(0)                     = ?", nil, nil),
    (
      "1 clone(flags=SIGCHLD) = ? ERESTARTNOINTR (To be restarted) (DELAYED)", nil, "ERESTARTNOINTR"
    ),
    ("1 execve(\"/bin/true\", [...], 0x5 /* 39 vars */) = 0 (DELAYED)", 0, nil),
    ("1 read(0</a>, \"\", 10) = 0", 0, nil),
  ])
  func resultsAndErrors(line: String, result: Int64?, error: String?) throws {
    let call = try call(line)
    #expect(call.result == result)
    #expect(call.error == error)
  }

  @Test(arguments: [
    ("1 open(\"a) = 3\\\" (b\", O_RDONLY) = 4</x>", 2, Int64(4)),
    ("1 read(3</tmp/) = 9, (x\\76>, \"\"..., 5) = 5", 3, 5),
    ("1 read(3</tmp/x->, \"\"..., 5) = 5", 3, 5),
    ("1 write(4<UNIX-STREAM:[1->2]>, \"\"..., 5) = 5", 3, 5),
    ("1 write(1</dev/null<char 1:3>>, \"\"..., 3) = 3", 3, 3),
    ("1 ioctl(1<TCP:[127.0.0.1:1->127.0.0.1:2]>, F(1, 2), {a=[1, 2], b={c=3}}) = 0", 3, 0),
  ])
  func namesOfFilesDoNotDeceive(line: String, arguments: Int, result: Int64) throws {
    let call = try call(line)
    #expect(call.arguments.count == arguments)
    #expect(call.result == result)
  }

  @Test func brokenCallsAreJoinedByProcess() throws {
    var parser = StraceParser()
    #expect(
      try parser.read("5 wait4(-1,  <unfinished ...>".utf8)
        == .unfinished(process: 5, name: "wait4"))
    #expect(
      try parser.read("6 vfork( <unfinished ...>".utf8) == .unfinished(process: 6, name: "vfork"))
    guard case .call(let fork) = try parser.read("6 <... vfork resumed>) = 7 (DELAYED)".utf8),
      case .call(let wait) = try parser.read(
        "5 <... wait4 resumed>[{WIFEXITED(s)}], 0, NULL) = 6".utf8)
    else {
      Issue.record("not calls")
      return
    }
    #expect(fork.arguments == [])
    #expect(fork.result == 7)
    #expect(wait.arguments == ["-1", "[{WIFEXITED(s)}]", "0", "NULL"])
  }

  @Test func signalsEndsAndRemarks() throws {
    #expect(
      try read("9 --- SIGCHLD {si_signo=SIGCHLD} ---") == .signal(process: 9, name: "SIGCHLD"))
    #expect(try read("9 +++ exited with 0 +++") == .ended(process: 9))
    #expect(try read("9 +++ killed by SIGKILL +++") == .ended(process: 9))
    #expect(try read("9 +++ superseded by execve in pid 8 +++") == .remark)
    #expect(try read("9 --- stopped by SIGTTIN ---") == .remark)
  }

  @Test(arguments: [
    "", " ", "x", "7", "7 ", "7 read", "7 read(", "7 read(\"", "7 read(3<", "7 read(3</a",
    "7 read(1) ",
    "7 read(1) = ", "7 read(1) = x", "-7 read(1) = 0", "99999999999 read(1) = 0", "7 read(\"\\",
    "7 <... read resumed>) = 0", "7 <unfinished ...>",
    "7 f(" + String(repeating: "(", count: 10_000),
    "7 f(" + String(repeating: ",", count: 10_000) + ") = 0", "7 f() = 0x99999999999999999999",
  ])
  func whatCannotBeReadIsRefused(line: String) {
    #expect(throws: StraceParser.Refusal.self) { try read(line) }
  }

  /// Garbage is refused or read, and in either case the next good line is still understood.
  @Test func randomBytesDoNotHarm() throws {
    var parser = StraceParser()
    var refused = 0
    var state: UInt64 = 7
    let alphabet = Array("17 read(3</a\\\"<>[]{},.=?)-+unfished resumed\u{0}\u{7F}".utf8)
    for _ in 0..<20_000 {
      var line: [UInt8] = []
      for _ in 0..<40 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        line.append(alphabet[Int(state >> 33) % alphabet.count])
      }
      do { _ = try parser.read(Array("17 ".utf8) + line) } catch { refused += 1 }
    }
    #expect(refused > 1_000)
    #expect(throws: Never.self) { try parser.read(Array("18 getpid() = 18".utf8)) }
  }

  @Test(arguments: [
    ("3</etc/hosts>", Descriptor.file("/etc/hosts")), ("1</dev/null<char 1:3>>", .trivialDevice),
    ("4</dev/vda<block 254:0>>", .file("/dev/vda<block 254:0>")), ("5<pipe:[4]>", .pipe),
    ("5<UNIX-STREAM:[1->2, \"/run/x\"]>", .pipe), ("6<TCP:[127.0.0.1:80]>", .networkSocket),
    ("7<anon_inode:[eventpoll]>", .other), ("8", .other), ("9</tmp/a>(deleted)", .file("/tmp/a")),
  ])
  func descriptorsAreToldApart(argument: String, descriptor: Descriptor) {
    #expect(Descriptor(argument: argument) == descriptor)
  }
}
