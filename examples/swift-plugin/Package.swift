// swift-tools-version: 6.2
import PackageDescription

// The checkout of Kinodock, as a full path or seen from here. In a copy of this folder this is the one line to change.
let kinodock = "../.."

let package = Package(
    name: "ntfy",
    products: [.library(name: "NtfyPlugin", type: .dynamic, targets: ["Ntfy"])],
    dependencies: [.package(name: "kinodock", path: kinodock)],
    targets: [
        .target(name: "Ntfy", dependencies: [.product(name: "PluginAPI", package: "kinodock")]),
        .testTarget(name: "NtfyTests", dependencies: ["Ntfy", .product(name: "PluginAPI", package: "kinodock")]),
    ],
    swiftLanguageModes: [.v6]
)
