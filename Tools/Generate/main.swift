// SPDX-License-Identifier: Apache-2.0
//
// yunei-generate visits|persons --out FILE [--rows N] [--persons N] [--hospitals N] [--seed N]
//
// Writes invented tables for demonstrations and measurements. The same arguments give the same bytes. Nothing here stands for a
// real person, hospital or visit: the city, the names and every number are made up.

import Glibc

let usage = """
    usage: yunei-generate visits --out FILE [--rows 1000000] [--persons 100000] [--hospitals 40] [--seed 1]
           yunei-generate persons --out FILE [--persons 100000] [--seed 1]

    Writes a CSV file of medical visits, one row per visit, or of the persons who made them, with Chinese column names. All of it is
    invented.
    """

func stop(_ message: String) -> Never {
    let line = Array("yunei-generate: \(message)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
    exit(2)
}

func number(_ text: String, of option: String, in range: ClosedRange<Int>) -> Int {
    guard let value = Int(text), range.contains(value) else {
        stop("\(option) takes a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
}

var words = Array(CommandLine.arguments.dropFirst())
if words.isEmpty || words.contains("--help") || words.contains("-h") {
    print(usage)
    exit(words.isEmpty ? 2 : 0)
}
let kind = words.removeFirst()
guard kind == "visits" || kind == "persons" else { stop("the tables are 'visits' and 'persons'\n\(usage)") }

var rows = 1_000_000
var persons = 100_000
var hospitals = Hospitals.namedCount
var seed = 1
var out: String?
while let option = words.first {
    guard words.count >= 2 else { stop("\(option) needs a value") }
    let value = words[1]
    words.removeFirst(2)
    switch option {
    case "--rows": rows = number(value, of: option, in: 1...Limits.rows)
    case "--persons": persons = number(value, of: option, in: 1...Limits.persons)
    case "--hospitals": hospitals = number(value, of: option, in: Hospitals.namedCount...Limits.hospitals)
    case "--seed": seed = number(value, of: option, in: 0...Int.max)
    case "--out": out = value
    default: stop("unknown option \(option)\n\(usage)")
    }
}
guard let out else { stop("--out FILE is missing\n\(usage)") }
guard kind == "persons" || persons <= rows else { stop("--persons may not exceed --rows: every person has a visit") }

guard let file = CSVFile(creating: out) else { stop("cannot create \(out): \(String(cString: strerror(errno)))") }
if kind == "persons" {
    PersonTable(personCount: persons, seed: UInt64(seed)).write(to: file)
} else {
    var table = VisitTable(rowCount: rows, personCount: persons, hospitalCount: hospitals, seed: UInt64(seed))
    table.write(to: file)
}
guard file.close() else { stop("cannot write \(out): \(String(cString: strerror(errno)))") }
