// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

/// One floor of the house: a library target and the floors below that it may use.
func floor(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []
) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: [.byName(name: name)] + dependencies, exclude: exclude,
    swiftSettings: settings)
}

let package = Package(
  name: "tenancy",
  products: [
    .executable(name: "tenancy", targets: ["tenancy"]),
    .library(name: "DiscreteEvents", targets: ["DiscreteEvents"]),
    .library(name: "Statistics", targets: ["Statistics"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    .systemLibrary(
      name: "CGSL", pkgConfig: "gsl", providers: [.apt(["libgsl-dev"]), .brew(["gsl"])]),
    floor(
      "Statistics",
      [
        "CGSL",
        .product(name: "Histogram", package: "hdrhistogram-swift"),
        .product(name: "Numerics", package: "swift-numerics"),
      ]),
    .target(name: "CPrefetch"),
    floor("DiscreteEvents", ["CPrefetch"]),
    floor(
      "Virtualization",
      ["DiscreteEvents", "Statistics", .product(name: "Numerics", package: "swift-numerics")],
      exclude: ["Profiles"]),
    floor("ScenarioFormat", ["Virtualization", .product(name: "Yams", package: "Yams")]),
    floor(
      "Experiments",
      [
        "ScenarioFormat", "Virtualization", "Statistics",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "Numerics", package: "swift-numerics"),
      ]),
    floor("Calibration", ["ScenarioFormat", "Virtualization"]),
    floor(
      "Reporting",
      [
        "Experiments", "ScenarioFormat", "Virtualization", "Statistics",
        .product(name: "Subprocess", package: "swift-subprocess"),
      ]),
    .executableTarget(
      name: "tenancy",
      dependencies: [
        "Calibration", "Experiments", "Reporting", "ScenarioFormat", "Virtualization",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    // Here and not in the nested package because it measures what is not public.
    .executableTarget(
      name: "host-benchmark",
      dependencies: [
        "DiscreteEvents", "Experiments", "ScenarioFormat", "Virtualization",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Benchmarks/HostBenchmark", swiftSettings: settings),
    .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
    tests("Statistics"),
    tests("DiscreteEvents", ["AllocationCounter"]),
    tests(
      "Virtualization", ["AllocationCounter", "DiscreteEvents", "Statistics", "ScenarioFormat"]),
    tests("ScenarioFormat", ["Virtualization", "Statistics"]),
    tests("Experiments", ["ScenarioFormat", "Virtualization", "Statistics"]),
    tests("Calibration", ["ScenarioFormat", "Virtualization"]),
    tests(
      "Reporting", ["Experiments", "ScenarioFormat", "Statistics", "Virtualization"],
      exclude: ["Golden", "golden-digests.txt"]),
  ]
)
