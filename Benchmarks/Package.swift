// swift-tools-version: 6.2
import PackageDescription

// Nested, so that nobody who builds or depends on Tenancy builds its benchmarks. Start them with
// `make bench`, or `Benchmarks/run`, which also compiles the C++ references.
let package = Package(
  name: "Benchmarks",
  dependencies: [
    .package(name: "tenancy", path: ".."),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
  ],
  targets: [
    .executableTarget(
      name: "bench",
      dependencies: [
        .product(name: "DiscreteEvents", package: "tenancy"),
        .product(name: "Statistics", package: "tenancy"),
        .product(name: "Numerics", package: "swift-numerics"),
      ],
      swiftSettings: [
        .swiftLanguageMode(.v6),
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
      ])
  ]
)
