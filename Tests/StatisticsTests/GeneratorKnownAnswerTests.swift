import Statistics
import Testing

/// The generators against the answers published with them.
@Suite
struct GeneratorKnownAnswerTests {
  struct Answer: Sendable {
    let rounds: Int
    let counter: [UInt64]
    let key: [UInt64]
    let expected: [UInt64]
  }

  static let ones = UInt64.max

  /// Random123 1.14, file kat_vectors, lines philox4x64.
  static let answers: [Answer] = [
    Answer(
      rounds: 7, counter: [0, 0, 0, 0], key: [0, 0],
      expected: [
        0x5dc8_ee62_68ec_62cd, 0x139b_c570_b6c1_25a0, 0x84d6_deb4_fb65_f49e, 0xaff7_5833_76d3_78c2,
      ]),
    Answer(
      rounds: 10, counter: [0, 0, 0, 0], key: [0, 0],
      expected: [
        0x1655_4d9e_ca36_314c, 0xdb20_fe9d_672d_0fdc, 0xd7e7_72ce_e186_176b, 0x7e68_b68a_ec7b_a23b,
      ]),
    Answer(
      rounds: 10, counter: [ones, ones, ones, ones], key: [ones, ones],
      expected: [
        0x87b0_92c3_013f_e90b, 0x438c_3c67_be8d_0224, 0x9cc7_d7c6_9cd7_77b6, 0xa09c_aebf_594f_0ba0,
      ]),
    Answer(
      rounds: 10,
      counter: [
        0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344, 0xa409_3822_299f_31d0, 0x082e_fa98_ec4e_6c89,
      ],
      key: [0x4528_21e6_38d0_1377, 0xbe54_66cf_34e9_0c6c],
      expected: [
        0xa528_f454_03e6_1d95, 0x38c7_2dbd_566e_9788, 0xa5a1_610e_72fd_18b5, 0x57bd_43b5_e52b_7fe6,
      ]),
  ]

  @Test(arguments: answers)
  func philoxGivesItsPublishedAnswers(_ answer: Answer) {
    let block = Philox4x64(
      counter: (answer.counter[0], answer.counter[1], answer.counter[2], answer.counter[3]),
      key: (answer.key[0], answer.key[1]), rounds: answer.rounds)
    #expect([block.word0, block.word1, block.word2, block.word3] == answer.expected)
  }

  /// The reference program xoshiro256plusplus.c of Blackman and Vigna from the state 1, 2, 3, 4.
  @Test
  func xoshiroGivesItsReferenceAnswers() {
    var stream = RandomStream(state: (1, 2, 3, 4))
    let expected: [UInt64] = [
      41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386,
      9_228_616_714_210_784_205, 9_973_669_472_204_895_162, 14_011_001_112_246_962_877,
      12_406_186_145_184_390_807, 15_849_039_046_786_891_736, 10_450_023_813_501_588_000,
    ]
    #expect(expected.map { _ in stream.next() } == expected)
  }

  @Test
  func aStreamBeginsAtThePhiloxImageOfItsKey() {
    let key = StreamKey(
      seed: 1, role: StreamRole(rawValue: 2), guest: 3, index: 4, replication: 5)
    let block = Philox4x64(counter: (4, 3 | 5 << 32, 2, 0), key: (1, 0))
    #expect(
      RandomStream(key)
        == RandomStream(state: (block.word0, block.word1, block.word2, block.word3)))
  }

  @Test
  func theAllZeroStateIsNeverEntered() {
    var stream = RandomStream(state: (0, 0, 0, 0))
    #expect((0..<8).map { _ in stream.next() }.contains { $0 != 0 })
  }

  /// Any change to keys, generator or variates changes every result; this makes it deliberate.
  @Test
  func goldenValues() throws {
    var stream = RandomStream(
      StreamKey(seed: 2006, role: StreamRole(rawValue: 1), guest: 7, index: 42, replication: 3))
    #expect(
      [stream.next(), stream.next()] == [18_087_676_240_793_310_804, 9_402_754_150_043_929_486])
    #expect(stream.uniform() == 0.9533698201907072)
    #expect(stream.exponential() == 1.4329083145617811)
    #expect(stream.normal() == 0.09588210251565249)
    #expect(stream.uniformInteger(below: 1000) == 408)
    let law = try Distribution.gamma(mean: 3, coefficientOfVariation: 0.5)
    #expect(law.draw(&stream) == 4.682376492301005)
    let zipf = try Zipf(items: 1_000_000, exponent: 0.9)
    #expect((0..<3).map { _ in zipf.draw(&stream) } == [4, 677_847, 739_386])
  }
}
