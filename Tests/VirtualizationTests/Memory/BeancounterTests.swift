import Testing
import Virtualization

@Suite("Beancounters")
struct BeancounterTests {
  private func row(_ resource: BeancounterResource, _ barrier: Int, _ limit: Int) -> BeancounterSet
  {
    BeancounterSet(
      BeancounterConfiguration(
        name: "test", year: 2006, source: "test", [(resource, barrier, limit)]))
  }

  @Test("Hard charges fail above the barrier, soft ones above the limit, forced ones never")
  func severities() {
    var set = row(.kmemsize, 100, 120)
    #expect(set.charge(.kmemsize, 100, .hard) == true)
    #expect(set.charge(.kmemsize, 1, .hard) == false)
    #expect(set.charge(.kmemsize, 20, .soft) == true)
    #expect(set.charge(.kmemsize, 1, .soft) == false)
    #expect(set[.kmemsize].failcnt == 2)
    #expect(set[.kmemsize].held == 120)
    #expect(set.charge(.kmemsize, 1000, .force) == true)
    #expect(set[.kmemsize].held == 1120)
    #expect(set[.kmemsize].failcnt == 2)
  }

  @Test("A refused charge leaves held and maxheld alone; maxheld keeps the peak")
  func rollbackAndPeak() {
    var set = row(.numproc, 10, 10)
    #expect(set.charge(.numproc, 9, .hard) == true)
    #expect(set.charge(.numproc, 2, .hard) == false)
    #expect(set[.numproc].held == 9)
    #expect(set[.numproc].maxheld == 9)
    set.uncharge(.numproc, 5)
    #expect(set[.numproc].held == 4)
    #expect(set[.numproc].maxheld == 9)
    set.uncharge(.numproc, 50)
    #expect(set[.numproc].held == 0)
  }

  @Test("A hard charge fails above a limit that is below the barrier")
  func limitBelowBarrier() {
    var set = row(.numfile, 100, 50)
    #expect(set.charge(.numfile, 51, .hard) == false)
    #expect(set.charge(.numfile, 50, .hard) == true)
  }

  @Test("A demand on several resources is charged whole or not at all")
  func demandsAreAtomic() {
    var set = row(.numfile, 5, 5)
    var demand = BeancounterDemand()
    demand[.kmemsize] = 1000
    demand[.numproc] = 1
    demand[.numfile] = 6
    #expect(set.charge(demand, .hard) == .numfile)
    #expect(set[.kmemsize].held == 0)
    #expect(set[.numproc].held == 0)
    #expect(set[.numfile].failcnt == 1)
    #expect(set[.kmemsize].failcnt == 0)
    demand[.numfile] = 5
    #expect(set.charge(demand, .hard) == nil)
    set.uncharge(demand)
    for resource in BeancounterResource.allCases { #expect(set[resource].held == 0) }
  }

  @Test("The guarantee holds up to the barrier of vmguarpages")
  func guarantee() {
    var set = BeancounterSet(BeancounterPreset.veBasic.configuration)
    #expect(set.charge(.privvmpages, 6144, .hard) == true)
    #expect(set.isWithinGuarantee)
    #expect(set.charge(.privvmpages, 1, .hard) == true)
    #expect(!set.isWithinGuarantee)
  }

  @Test("The overdraft counts pages, kernel memory and socket buffers above oomguarpages")
  func overdraft() {
    var set = BeancounterSet(BeancounterPreset.veBasic.configuration)
    #expect(set.oomOverdraft == -6144)
    set.setResidency(resident: 6000, swapped: 1000)
    #expect(set[.physpages].held == 6000)
    #expect(set[.oomguarpages].held == 7000)
    #expect(set.charge(.kmemsize, 40960, .hard) == true)
    #expect(set.charge(.tcprcvbuf, 4096, .hard) == true)
    #expect(set.oomOverdraft == 7000 + 11 - 6144)
    set.recordKill()
    #expect(set[.oomguarpages].failcnt == 1)
  }

  @Test(
    "Presets state the published samples",
    arguments: [
      (
        BeancounterPreset.veBasic, 2006,
        [
          2_752_512, 32, 49152, 8192, 65, 0, 6144, 6144, 80, 100, 16, 256, 319_488, 319_488,
          132_096, 132_096, 80, 1_048_576, 2048, 128,
        ],
        [
          2_936_012, 32, 53575, 8192, 65, 2_147_483_647, 2_147_483_647, 2_147_483_647, 80, 110, 16,
          256, 524_288, 524_288, 336_896, 132_096, 80, 1_097_728, 2048, 128,
        ]
      ),
      (
        BeancounterPreset.vpsBasic, 2007,
        [
          11_055_923, 256, 65536, 21504, 240, 0, 33792, 26112, 360, 188, 16, 256, 1_720_320,
          1_720_320, 1_126_080, 262_144, 360, 3_409_920, 9312, 128,
        ],
        [
          11_377_049, 256, 69632, 21504, 240, 2_147_483_647, 2_147_483_647, 2_147_483_647, 360, 206,
          16, 256, 2_703_360, 2_703_360, 2_097_152, 262_144, 360, 3_624_960, 9312, 128,
        ]
      ),
      (
        BeancounterPreset.light, 2008,
        [
          1_740_800, 4, 7680, 1152, 40, 0, 1725, 1725, 40, 50, 4, 256, 159_744, 159_744, 135_168,
          135_168, 40, 196_608, 512, 16,
        ],
        [
          1_847_296, 4, 8448, 1152, 40, 2_147_483_647, 2_147_483_647, 2_147_483_647, 40, 60, 4, 256,
          262_144, 262_144, 237_568, 196_608, 40, 202_752, 512, 16,
        ]
      ),
    ])
  func presets(preset: BeancounterPreset, year: Int, barriers: [Int], limits: [Int]) {
    let configuration = preset.configuration
    #expect(configuration.year == year)
    #expect(!configuration.source.isEmpty)
    for resource in BeancounterResource.allCases {
      #expect(configuration.barrier(resource) == barriers[resource.rawValue], "\(resource.name)")
      #expect(configuration.limit(resource) == limits[resource.rawValue], "\(resource.name)")
    }
  }

  @Test("vps.basic is 256 MiB allocatable, 132 MiB guaranteed and 102 MiB spared from kills")
  func vpsBasicInMebibytes() {
    let configuration = BeancounterPreset.vpsBasic.configuration
    #expect(configuration.barrier(.privvmpages) * 4096 == 256 << 20)
    #expect(configuration.limit(.privvmpages) * 4096 == 272 << 20)
    #expect(configuration.barrier(.vmguarpages) * 4096 == 132 << 20)
    #expect(configuration.barrier(.oomguarpages) * 4096 == 102 << 20)
  }
}
