// SPDX-License-Identifier: Apache-2.0

import CanonicalJSON
import Foundation
import Testing

@Suite("Bad input: people, passphrases, domains")
struct BadPeopleTests {
    @Test("A wrong passphrase, none, an unknown person")
    func passphrases() throws {
        let yunei = try Yunei.loaded()
        let file = try yunei.write("product.yaml", Hospital.product)
        let before = try yunei.entryTypes()
        try yunei.run("product", "submit", file, as: "op", environment: ["YUNEI_PASSPHRASE": "not it"])
            .expectRefusal(status: 2, "passphrase.wrong", naming: ["op", "YUNEI_PASSPHRASE_OP"])
        try yunei.run("product", "submit", file, as: "op", environment: ["YUNEI_PASSPHRASE": ""])
            .expectRefusal(status: 2, "passphrase.missing", naming: ["op", "YUNEI_PASSPHRASE_OP"])
        try yunei.run("product", "submit", file, as: "nobody").expectRefusal(status: 2, "identity.unknown", naming: ["nobody"])
        let own = ["YUNEI_PASSPHRASE": "not it", "YUNEI_PASSPHRASE_OP": Yunei.commonPassphrase]
        #expect(try yunei.entryTypes() == before)
        #expect(try yunei.run("product", "submit", file, as: "op", environment: own).status == 0)
        #expect(try yunei.run("product", "list", environment: ["YUNEI_AS": "nobody"]).status == 0)
        try yunei.run("identity", "add", "x", "--role", "unit", "--org", "某局", environment: ["YUNEI_AS": "nobody"])
            .expectRefusal(status: 2, "identity.unknown", naming: ["nobody"])
        try yunei.expectSound()
    }

    @Test("Roles and organisations: who may not, is refused")
    func roles() throws {
        let yunei = try Yunei.approved()
        let before = try yunei.entryTypes()
        try yunei.run("identity", "add", "eve", "--role", "operator", "--org", "x", as: "op")
            .expectRefusal(status: 1, "role.not-permitted", naming: ["op", "operator", "authority"])
        try yunei.run("product", "submit", try yunei.write("p.yaml", Hospital.product), as: "wjw")
            .expectRefusal(status: 1, "role.not-permitted", naming: ["wjw", "operator"])
        try yunei.run("product", "approve", Yunei.product, as: "op").expectRefusal(status: 1, "role.not-permitted", naming: ["op"])
        try yunei.run(Yunei.january, as: "wjw").expectRefusal(status: 1, "role.not-permitted", naming: ["wjw"])
        try yunei.run("policy", "apply", try yunei.write("v.yaml", Hospital.policy), as: "op")
            .expectRefusal(status: 1, "role.not-permitted", naming: ["op"])
        try yunei.run("policy", "apply", try yunei.write("s.yaml", "standing: a\nscenario: b\nroles: [operator]\ntables: [visit]\nruns: 1\nexpires: 2999-12-31\n"), as: "wjw")
            .expectRefusal(status: 1, "role.not-permitted", naming: ["wjw", "authority"])
        try yunei.run("table", "load", "visit", try yunei.write("v.csv", Hospital.csv()), as: "op")
            .expectRefusal(status: 1, "role.not-permitted", naming: ["op"])
        #expect(try yunei.entryTypes() == before)
        try Yunei.expectDone(yunei.run("identity", "add", "gaj", "--role", "unit", "--org", "市公安局"))
        try yunei.run("table", "load", "visit", try yunei.write("v.csv", Hospital.csv()), as: "gaj")
            .expectRefusal(status: 1, "organisation.not-permitted", naming: ["gaj", "市公安局", Hospital.unit])
        try yunei.run("policy", "apply", try yunei.write("v.yaml", Hospital.policy), as: "gaj")
            .expectRefusal(status: 1, "organisation.not-permitted", naming: ["gaj", "市公安局", Hospital.unit])
        try yunei.run("product", "approve", Yunei.product, as: "gaj")
            .expectRefusal(status: 1, "organisation.not-permitted", naming: ["gaj", "市公安局", Hospital.unit])
        #expect(try yunei.run(Yunei.january, as: "op").status == 0)
        try yunei.expectSound()
    }

    @Test("Identities: a name twice, a bad name, a role that there is not")
    func identities() throws {
        let yunei = try Yunei.withPolicy()
        let key = try Data(contentsOf: URL(fileURLWithPath: yunei.domain + "/identities/op.key"))
        try yunei.run("identity", "add", "op", "--role", "unit", "--org", "x").expectRefusal(status: 2, "identity.exists", naming: ["op"])
        for name in ["../op", "", "a b", ".op", "domain", "a/b", String(repeating: "x", count: 65)] {
            try yunei.run("identity", "add", "--role", "unit", "--org", "x", "--", name).expectRefusal(status: 2, "identity.name", naming: ["64"])
        }
        try yunei.run("identity", "add", "boss", "--role", "king", "--org", "x").expectRefusal(status: 2, "identity.role", naming: ["king", "operator"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: yunei.domain + "/identities/op.key")) == key)
        try yunei.expectSound()
    }

    @Test("Domains: there already, not there, not named, of a suite of another version")
    func domains() throws {
        let yunei = try Yunei.withPolicy()
        try yunei.runPlain(["domain", "init", yunei.domain, "--json"]).expectRefusal(status: 2, "domain.exists", naming: [yunei.domain])
        try yunei.expectSound()
        let elsewhere = yunei.scratch.path + "/elsewhere"
        try yunei.runPlain(["table", "list", "--domain", elsewhere, "--json"]).expectRefusal(status: 2, "domain.missing", naming: [elsewhere])
        for command in [["audit", "verify"], ["audit", "key"], ["doctor"], ["doctor", "--rebuild"]] {
            try yunei.runPlain(command + ["--domain", elsewhere, "--json"]).expectRefusal(status: 2, "domain.missing", naming: [elsewhere])
        }
        #expect(!FileManager.default.fileExists(atPath: elsewhere))
        try yunei.runPlain(["table", "list", "--json"]).expectRefusal(status: 2, "domain.not-named", naming: ["--domain", "YUNEI_DOMAIN"])
        try yunei.runPlain(["domain", "init", elsewhere, "--suite", "shangmi", "--json"])
            .expectRefusal(status: 2, "crypto.suite-unavailable", naming: ["shangmi"])
        #expect(!FileManager.default.fileExists(atPath: elsewhere))
        try yunei.runPlain(["domain", "init", elsewhere, "--suite", "rot13", "--json"]).expectRefusal(status: 2, "crypto.suite-unknown", naming: ["rot13"])
        try yunei.runPlain(["domain", "init", elsewhere, "--json"], environment: ["YUNEI_PASSPHRASE": ""])
            .expectRefusal(status: 2, "passphrase.missing", naming: ["authority"])
        #expect(!FileManager.default.fileExists(atPath: elsewhere))
        #expect(try yunei.runPlain(["domain", "init", elsewhere, "--json"]).status == 0)
    }

    @Test("What lies in the directory of a new domain, or at the place of its custody key, is never replaced")
    func nothingIsReplaced() throws {
        let yunei = try Yunei.approved()
        let key = try Data(contentsOf: URL(fileURLWithPath: yunei.domain + "/keys/custody.key"))
        try FileManager.default.moveItem(atPath: yunei.domain + "/domain.json", toPath: yunei.scratch.path + "/domain.json")
        try yunei.runPlain(["domain", "init", yunei.domain, "--json"]).expectRefusal(status: 2, "domain.exists", naming: [yunei.domain])
        try FileManager.default.moveItem(atPath: yunei.scratch.path + "/domain.json", toPath: yunei.domain + "/domain.json")
        let custody = yunei.domain + "/keys/custody.key"
        let other = yunei.scratch.path + "/other"
        try yunei.runPlain(["domain", "init", other, "--json"], environment: ["YUNEI_CUSTODY_KEY": custody])
            .expectRefusal(status: 2, "output.unwritable", naming: [custody])
        #expect(try Data(contentsOf: URL(fileURLWithPath: custody)) == key)
        #expect(try yunei.run(Yunei.january, as: "op").status == 0)
        let home = yunei.scratch.path + "/home"
        try FileManager.default.createDirectory(atPath: home + "/keys", withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: URL(fileURLWithPath: home + "/keys/house"))
        try yunei.runPlain(["domain", "init", home, "--json"]).expectRefusal(status: 2, "domain.exists", naming: [home])
        #expect(try FileManager.default.contentsOfDirectory(atPath: home + "/keys") == ["house"])
        let outside = yunei.scratch.path + "/custody.key"
        let environment = ["YUNEI_CUSTODY_KEY": outside]
        #expect(try yunei.runPlain(["domain", "init", other, "--json"], environment: environment).status == 0)
        #expect(!FileManager.default.fileExists(atPath: other + "/keys/custody.key"))
        let list = ["table", "list", "--domain", other, "--json"]
        #expect(try yunei.runPlain(list, environment: environment).status == 0)
        try yunei.runPlain(list).expectRefusal(status: 2, "key.file-missing", naming: [other + "/keys/custody.key"])
    }
}
