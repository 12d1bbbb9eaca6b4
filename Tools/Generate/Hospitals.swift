// SPDX-License-Identifier: Apache-2.0

/// Invented hospitals of an invented city, the busiest first: forty with names of their own, more with numbers.
struct Hospitals {
    static let namedCount = 40
    /// A cottage station that only `stationPatients` persons ever visit: its group is smaller than any sensible minimum.
    static let station = 39
    static let stationPatients = 3
    /// A specialist clinic with few patients, one of whom has most of the cost: its sums are dominated.
    static let clinic = 38
    static let clinicPatients = 60

    let names: [[UInt8]]
    /// Hospitals that anyone may visit, and the running sums of their weights.
    private let common: [Int]
    private let cumulative: [Double]

    init(count: Int) {
        let districts = ["东塘区", "南浦区", "西岭区", "青禾县", "松岩县"]
        var all = ["云泽市第一人民医院", "云泽市中心医院", "云泽市中医医院", "云泽市第二人民医院", "云泽市妇幼保健院", "云泽市儿童医院", "云泽市第三人民医院", "云泽市肿瘤医院"]
        all += districts.map { "\($0)人民医院" }
        all += districts.map { "\($0)中医医院" }
        all += districts.map { "\($0)妇幼保健院" }
        for street in ["一", "二", "三"] { all += districts.map { "\($0)第\(street)社区卫生服务中心" } }
        all += ["云泽市慧目眼科医院", "松岩县云顶村卫生室"]
        if count > all.count { all += (1...(count - all.count)).map { "云泽市第\($0)社区卫生服务站" } }
        names = all.map { Array($0.utf8) }

        common = names.indices.filter { $0 != Self.clinic && $0 != Self.station }
        var sum = 0.0
        cumulative = common.indices.map { place in
            sum += 1 / (Double(place) + 2)
            return sum
        }
    }

    /// A hospital by its share of the visits; never the clinic or the station.
    func pick(_ unit: Double) -> Int {
        let wanted = unit * (cumulative.last ?? 0)
        var low = 0
        var high = cumulative.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] > wanted { high = middle } else { low = middle + 1 }
        }
        return common[low]
    }
}
