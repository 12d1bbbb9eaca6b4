// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import CryptoSuites
import Foundation
import Synchronization

/// The secret bytes to which the key files of a domain lead, opened as Documentation/Formats/domain.md says. They are in use in every run
/// and must stand nowhere but, the custody key, in its own file.
enum KeyMaterial {
    private static let custodyMagic = Array("YNCU".utf8) + [1]
    private static let custodyName = "custody key"
    private static let owners = ["@entity-directories", Hospital.unit, City.otherUnit]
    private static let columns = [
        "visit": ["hospital", "visit_date", "icd_code", "cost", "name"],
        "care": ["visit_id", "district", "visit_date", "urgent", "cost"], "prescription": ["drug", "amount"],
        "resident": ["home", "income"], "survey": ["district", "score"],
    ]

    /// Keys of all domains whose files are given.
    static func keys(in files: [(path: String, content: Data)]) -> [(name: String, bytes: [UInt8])] {
        guard (try? CryptoSuites.initialise()) != nil else { return [] }
        let custodies = files.map(\.content).filter(isCustodyFile).map { [UInt8]($0.dropFirst(custodyMagic.count)) }
        var keys = custodies.map { (name: custodyName, bytes: $0) }
        for file in files where file.content.count <= 256 {
            if file.content.starts(with: Array("YNSK".utf8)) {
                keys += opened([UInt8](file.content), name: (file.path as NSString).lastPathComponent)
            } else if file.content.starts(with: Array("YNWK".utf8)) {
                for custody in custodies { keys += unwrapped([UInt8](file.content), custody) }
            }
        }
        return keys
    }

    /// The custody key may stand in its file.
    static func isPlace(_ content: Data, of key: String) -> Bool { isCustodyFile(content) && key == custodyName }

    private static func isCustodyFile(_ content: Data) -> Bool {
        content.count == custodyMagic.count + SecretKey.byteCount && content.starts(with: custodyMagic)
    }

    /// The log's seed, or a unit's key with those below it.
    private static func unwrapped(_ file: [UInt8], _ custody: [UInt8]) -> [(name: String, bytes: [UInt8])] {
        kept(file + custody) {
            guard let parent = try? custody.withUnsafeBytes({ try SecretKey(copying: $0) }) else { return [] }
            if let seed = try? SecretKey.unwrap(file, under: parent, context: Array("yunei log key".utf8)) {
                return [("seed of the log's key", bytes(seed))]
            }
            for owner in owners {
                guard let key = try? SecretKey.unwrap(file, under: parent, context: Array("yunei unit key\0\(owner)".utf8)) else { continue }
                return [("key of \(owner)", bytes(key))] + below(key)
            }
            return []
        }
    }

    private static func below(_ unit: SecretKey) -> [(name: String, bytes: [UInt8])] {
        let directories = ["person", "organisation"].map { ("directory key of \($0)", bytes(unit.derive("entity directory", Array($0.utf8)))) }
        return directories + columns.flatMap { table, columns in
            (1...2).flatMap { version in
                let context: JSONValue = [.string(table), .integer(Int64(version))]
                let key = unit.derive("table version", context.canonicalBytes)
                return [
                    ("key of \(table) \(version)", bytes(key)), ("manifest key of \(table) \(version)", bytes(key.derive("yunei manifest"))),
                    ("key of the persons of \(table) \(version)", bytes(key.derive("yunei entity numbers", Array("person".utf8)))),
                ]
                    + columns.map { ("key of \(table).\($0) \(version)", bytes(key.derive("yunei column", Array($0.utf8)))) }
            }
        }
    }

    /// A person's seed, or the root key.
    private static func opened(_ file: [UInt8], name: String) -> [(name: String, bytes: [UInt8])] {
        kept(file) {
            let passphrase = Array(Yunei.commonPassphrase.utf8)
            let person = name.replacing(".key", with: "")
            if name.hasSuffix(".authority") {
                let context = Array("yunei root key\0authority".utf8)
                return ((try? PassphraseSeal.open(file, passphrase: passphrase, context: context)).map { [("root key", bytes($0))] }) ?? []
            }
            let context = Array("yunei identity\0\(person)".utf8)
            let key = try? PassphraseSeal.openSigningKey(file, passphrase: passphrase, context: context)
            return key.map { [("seed of \(person)", $0.withSeed { Array($0) })] } ?? []
        }
    }

    private static func bytes(_ key: SecretKey) -> [UInt8] { key.withBytes { Array($0) } }

    /// Opening costs time, and copies of a domain have the same files.
    private static func kept(_ file: [UInt8], _ open: () -> [(name: String, bytes: [UInt8])]) -> [(name: String, bytes: [UInt8])] {
        if let known = known.withLock({ $0[file] }) { return known }
        let keys = open()
        known.withLock { $0[file] = keys }
        return keys
    }

    private static let known = Mutex<[[UInt8]: [(name: String, bytes: [UInt8])]]>([:])
}
