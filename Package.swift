// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
//
// One section per layer, bottom first; imports only go down. The table is in ARCHITECTURE.md and checked by Tests/Tidy.

import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

func tool(_ name: String, _ dependencies: [Target.Dependency], path: String) -> Target {
    .executableTarget(name: name, dependencies: dependencies, path: path, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], path: String? = nil, exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, path: path ?? "Tests/\(name)", exclude: exclude, swiftSettings: settings)
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let libraries: [Target] = [
    // Layer 0
    .systemLibrary(name: "CSodium"),
    .systemLibrary(name: "CCrypto"),
    .systemLibrary(name: "CUnistring"),
    .target(name: "CSandbox", linkerSettings: [.linkedLibrary("seccomp")]),
    library("CanonicalJSON"),
    library("Tabular"),
    library("LocalKnowledge"),
    library("SQLSyntax"),
    library("CryptoSuites", ["CSodium", "CCrypto"]),
    library("DurableFiles"),
    library("Confinement", ["CSandbox"], resources: [.embedInCode("Profiles/executor.profile")]),
    library("WireContract", ["CanonicalJSON", "CSandbox"]),

    // Layer 1
    library("QueryPlan", ["SQLSyntax", "Tabular"]),
    library("ColumnStore", ["LocalKnowledge", "Tabular", "CryptoSuites", "CanonicalJSON", "CUnistring"]),
    library("AuditLog", ["CryptoSuites", "DurableFiles"]),
    library("DisclosureControl", ["Tabular", "CryptoSuites", "CanonicalJSON"]),

    // Layer 2
    library("PolicyCheck", ["QueryPlan", "SQLSyntax", "LocalKnowledge", "Tabular", "DisclosureControl", "CanonicalJSON"]),

    // Layer 3
    library("QueryEngine", ["PolicyCheck", "QueryPlan", "SQLSyntax", "Tabular", "DisclosureControl", "CanonicalJSON"]),
    library("MetadataStore", ["CanonicalJSON", grdb]),
    library("DocumentReader", ["PolicyCheck", "CanonicalJSON", yams]),

    // Layer 4
    library(
        "JobRuntime",
        [
            "QueryEngine", "ColumnStore", "PolicyCheck", "DisclosureControl", "QueryPlan", "SQLSyntax", "Tabular", "CryptoSuites",
            "Confinement", "WireContract", "CanonicalJSON",
        ]),
    library(
        "JobControl",
        [
            "MetadataStore", "AuditLog", "PolicyCheck", "DocumentReader", "ColumnStore", "DisclosureControl", "QueryPlan", "SQLSyntax",
            "LocalKnowledge", "Tabular", "CryptoSuites", "DurableFiles", "Confinement", "WireContract", "CanonicalJSON",
        ]),
]

let programs: [Target] = [
    .executableTarget(
        name: "yunei",
        dependencies: [
            "JobControl", "MetadataStore", "PolicyCheck", "QueryPlan", "DocumentReader", "SQLSyntax", "CryptoSuites", "WireContract",
            "CanonicalJSON",
            argumentParser,
        ], swiftSettings: settings),
    .executableTarget(name: "yunei-executor", dependencies: ["JobRuntime"], swiftSettings: settings),
    tool("yunei-generate", [], path: "Tools/Generate"),
    tool("yunei-vectors", ["CryptoSuites", "AuditLog", "DisclosureControl", "Tabular", "CanonicalJSON"], path: "Tools/Vectors"),
    tool(
        "yunei-bench",
        [
            "JobControl", "JobRuntime", "QueryEngine", "ColumnStore", "DisclosureControl", "PolicyCheck", "QueryPlan", "SQLSyntax", "Tabular",
            "DocumentReader", "MetadataStore", "Confinement", "CryptoSuites", "WireContract", "CanonicalJSON",
        ], path: "Tools/Bench"),
    .target(
        name: "SQLLogic",
        dependencies: [
            "QueryEngine", "PolicyCheck", "QueryPlan", "SQLSyntax", "Tabular", "DisclosureControl", "CanonicalJSON", "TestSupport",
        ], path: "Tools/SQLLogic", swiftSettings: settings),
    tool("yunei-slt", ["SQLLogic"], path: "Tools/SQLLogicProgram"),
    tool("yunei-fuzz", ["SQLLogic", "Tabular"], path: "Tools/Fuzz"),
    .target(
        name: "Attacker",
        dependencies: [
            "QueryEngine", "PolicyCheck", "QueryPlan", "SQLSyntax", "Tabular", "DisclosureControl", "CanonicalJSON", "SQLLogic", "TestSupport",
        ], path: "Tools/Attacker", swiftSettings: settings),
    tool("yunei-attack", ["Attacker"], path: "Tools/Attack"),
    tool("confinement-probe", ["Confinement", "WireContract", "CSandbox", "CanonicalJSON", "CryptoSuites"], path: "Tests/ConfinementProbe"),
]

let testing: [Target] = [
    .target(name: "TestBasics", path: "Tests/TestBasics", swiftSettings: settings),
    .target(
        name: "TestSupport",
        dependencies: ["QueryEngine", "PolicyCheck", "QueryPlan", "SQLSyntax", "Tabular", "DisclosureControl"], path: "Tests/TestSupport",
        swiftSettings: settings),
    tests("CanonicalJSONTests", ["CanonicalJSON"]),
    tests("TabularTests", ["Tabular", "TestBasics"]),
    tests("LocalKnowledgeTests", ["LocalKnowledge", "TestBasics"]),
    tests("SQLSyntaxTests", ["SQLSyntax", "TestBasics"]),
    tests("CryptoSuitesTests", ["CryptoSuites", "TestBasics"]),
    tests("DurableFilesTests", ["DurableFiles", "TestBasics"]),
    tests("ConfinementTests", ["Confinement", "WireContract", "CanonicalJSON", "confinement-probe"]),
    tests("WireContractTests", ["WireContract", "CanonicalJSON", "CSandbox"]),
    tests("QueryPlanTests", ["QueryPlan", "SQLSyntax", "Tabular", "TestBasics", "TestSupport"], exclude: ["Plans"]),
    tests("ColumnStoreTests", ["ColumnStore", "LocalKnowledge", "Tabular", "CryptoSuites", "CanonicalJSON", "TestBasics"], exclude: ["Golden"]),
    tests("AuditLogTests", ["AuditLog", "CryptoSuites", "DurableFiles", "TestBasics"]),
    tests("DisclosureControlTests", ["DisclosureControl", "Tabular", "CanonicalJSON", "TestBasics", "TestSupport"]),
    tests(
        "PolicyCheckTests",
        [
            "PolicyCheck", "DocumentReader", "QueryPlan", "SQLSyntax", "LocalKnowledge", "Tabular", "DisclosureControl", "WireContract", "CSandbox",
            "CanonicalJSON", "JobControl",
        ]),
    tests("DocumentReaderTests", ["DocumentReader", "PolicyCheck", "WireContract", "CSandbox", "CanonicalJSON"]),
    tests(
        "QueryEngineTests",
        ["QueryEngine", "PolicyCheck", "QueryPlan", "SQLSyntax", "Tabular", "DisclosureControl", "CanonicalJSON", "TestBasics", "TestSupport"]),
    tests("SQLLogicTests", ["SQLLogic", "Tabular"]),
    tests("AttackTests", ["Attacker", "PolicyCheck", "CanonicalJSON", "QueryPlan", "SQLSyntax", "SQLLogic", "Tabular"], exclude: ["Seeds"]),
    tests("MetadataStoreTests", ["MetadataStore", "CanonicalJSON"]),
    tests(
        "JobControlTests", ["JobControl", "ColumnStore", "DocumentReader", "PolicyCheck", "LocalKnowledge", "CryptoSuites", "CanonicalJSON"], exclude: ["Golden"]),
    tests("TidyTests", ["WireContract", "CSandbox"], path: "Tests/Tidy"),
    tests(
        "EndToEndTests",
        [
            "JobControl", "MetadataStore", "Confinement", "CryptoSuites", "DurableFiles", "AuditLog", "SQLSyntax", "WireContract", "CanonicalJSON",
            "TestBasics", "TestSupport", "DocumentReader", "PolicyCheck", "yunei", "yunei-executor",
        ], path: "Tests/EndToEnd"),
]

let package = Package(
    name: "Yunei",
    products: [
        .executable(name: "yunei", targets: ["yunei"]),
        .executable(name: "yunei-executor", targets: ["yunei-executor"]),
        .executable(name: "yunei-vectors", targets: ["yunei-vectors"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: libraries + programs + testing,
    swiftLanguageModes: [.v6]
)
