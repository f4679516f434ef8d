import Calibration
import Foundation
import ScenarioFormat
import Testing
import Virtualization

@Suite struct HostDescriptionTests {
  /// Writes files under a new folder, runs the body, removes the folder.
  private func withRoot<R>(_ files: [String: String], _ body: (String) throws -> R) throws -> R {
    let root = NSTemporaryDirectory() + "tenancy-test-\(UInt64.random(in: 0 ... .max))"
    defer { try? FileManager.default.removeItem(atPath: root) }
    for (name, text) in files {
      let url = URL(filePath: root).appending(path: name)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    return try body(root)
  }

  private static let files = [
    "proc/cpuinfo": "processor\t: 0\nmodel name\t: Example CPU 9000\ncpu MHz\t\t: 2400.5\n"
      + "flags\t\t: fpu hypervisor pti\n\nprocessor\t: 1\nmodel name\t: Example CPU 9000\n",
    "proc/meminfo": "MemTotal:  2097152 kB\nMemAvailable: 1048576 kB\nSwapTotal: 0 kB\n",
    "proc/stat": "cpu  100 0 100 700 0 0 0 100 50 0\n",
    "proc/sys/kernel/osrelease": "6.1.0-test\n", "proc/sys/kernel/pid_max": "32768\n",
    "proc/sys/kernel/threads-max": "20000\n",
    "sys/devices/system/cpu/cpu0/topology/physical_package_id": "0\n",
    "sys/devices/system/cpu/cpu0/topology/thread_siblings_list": "0-1\n",
    "sys/devices/system/cpu/cpu1/topology/physical_package_id": "0\n",
    "sys/devices/system/cpu/cpu1/topology/thread_siblings_list": "0-1\n",
    "sys/devices/system/cpu/cpu0/cache/index2/level": "2\n",
    "sys/devices/system/cpu/cpu0/cache/index2/type": "Unified\n",
    "sys/devices/system/cpu/cpu0/cache/index2/size": "512K\n",
    "sys/devices/system/cpu/cpu0/cache/index2/shared_cpu_list": "0-1\n",
    "sys/devices/system/cpu/vulnerabilities/meltdown": "Mitigation: PTI\n",
    "sys/block/sda/size": "2097152\n", "sys/block/sda/queue/rotational": "1\n",
    "sys/block/loop0/size": "8\n", "sys/class/net/eth0/device/x": "",
    "sys/class/net/eth0/speed": "1000\n",
    "sys/class/net/eth0/mtu": "1500\n", "sys/class/net/br0/speed": "10\n",
    "sys/fs/cgroup/cgroup.controllers": "cpu memory\n",
    "boot/config-6.1.0-test": "CONFIG_X=y\nCONFIG_NO_HZ_IDLE=y\n",
  ]

  @Test func aMachineIsReadFromItsFiles() throws {
    let host = try withRoot(Self.files) { HostDescription(root: $0) }
    #expect(host.model == "Example CPU 9000")
    #expect(host.threads == 2)
    #expect(host.cores == 1)
    #expect(host.sockets == 1)
    #expect(host.megahertz == 2_400.5)
    #expect(
      host.caches == [.init(level: 2, type: "Unified", bytes: 524_288, sharedBy: 2)])
    #expect(host.memoryBytes == 2 << 30)
    #expect(host.disks == [.init(name: "sda", bytes: 1 << 30, isRotational: true)])
    #expect(host.links == [.init(name: "eth0", megabits: 1_000, mtu: 1_500)])
    #expect(host.kernel == "6.1.0-test")
    #expect(host.isTickless == true)
    #expect(host.virtualization == "yes")
    #expect(host.cgroupVersion == "2")
    #expect(host.pageTableIsolation == true)
    #expect(host.stealShare == 0.1)
    #expect(host.processLimit == 20_000)
    #expect(
      HostReport.text(host).contains("network link          eth0, rate 1000 Mbit/s, MTU 1500"))
  }

  @Test func whatIsNotThereIsUnknown() throws {
    let host = try withRoot(["proc/empty": ""]) { HostDescription(root: $0) }
    #expect(host.threads == nil)
    #expect(host.kernel == nil)
    #expect(host.disks.isEmpty)
    let text = HostReport.text(host)
    for name in ["processor", "hardware threads", "memory", "disks", "tick rate", "kernel"] {
      #expect(
        text.split(separator: "\n").contains { $0.hasPrefix(name) && $0.hasSuffix("unknown") },
        "\(name)")
    }
  }

  @Test(arguments: [true, false]) func theSkeletonReadsBackAsAHost(isKnown: Bool) throws {
    let host = try withRoot(isKnown ? Self.files : ["proc/empty": ""]) { HostDescription(root: $0) }
    let profiles = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/Virtualization/Profiles/hosts").standardized
    var files = ["lib/hosts/here.yaml": HostReport.profile(host)]
    for name in ["server-2024", "server-2006", "dell-2650-2003"] {
      files["lib/hosts/\(name).yaml"] = try String(
        contentsOf: profiles.appending(path: "\(name).yaml"), encoding: .utf8)
    }
    let profile = try Library(folders: ["lib"], store: .memory(files)).host("here")
    #expect(profile.processors.cores.value == 2)
    #expect(profile.processors.cores.status == (isKnown ? .measured : .assumed))
    #expect(profile.memory.bytes.value == (isKnown ? 2_147_483_648 : 8_589_934_592))
    #expect(!profile.primitives.isEmpty)
  }

  @Test(arguments: ["vda", "xvda"]) func aVirtualDiskIsOfNoKnownKind(disk: String) throws {
    let files = ["sys/block/\(disk)/size": "8", "sys/block/\(disk)/queue/rotational": "1\n"]
    let host = try withRoot(files) { HostDescription(root: $0) }
    #expect(host.disks == [.init(name: disk, bytes: 4_096, isRotational: nil)])
    #expect(HostReport.profile(host).contains("kind: solid-state  # not readable; set it"))
  }

  @Test func jsonHoldsWhatIsKnown() throws {
    let host = try withRoot(Self.files) { HostDescription(root: $0) }
    let text = try HostReport.json(host)
    #expect(try JSONDecoder().decode(HostDescription.self, from: Data(text.utf8)) == host)
  }
}
