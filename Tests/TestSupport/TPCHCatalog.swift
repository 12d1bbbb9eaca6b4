// SPDX-License-Identifier: Apache-2.0

internal import QueryPlan
package import Tabular

/// The eight tables of TPC-H: keys int64, money decimal(15,2), dates, texts; nothing is NULL.
package struct TPCHCatalog: TableCatalog {
    package init() {}

    package static let tables: [TableSchema] = [
        table("region", ["r_regionkey:key", "r_name", "r_comment"]),
        table("nation", ["n_nationkey:key", "n_name", "n_regionkey:key", "n_comment"]),
        table(
            "supplier",
            ["s_suppkey:key", "s_name", "s_address", "s_nationkey:key", "s_phone", "s_acctbal:money", "s_comment"]),
        table(
            "customer",
            [
                "c_custkey:key", "c_name", "c_address", "c_nationkey:key", "c_phone", "c_acctbal:money", "c_mktsegment",
                "c_comment",
            ]),
        table(
            "part",
            [
                "p_partkey:key", "p_name", "p_mfgr", "p_brand", "p_type", "p_size:key", "p_container",
                "p_retailprice:money", "p_comment",
            ]),
        table(
            "partsupp", ["ps_partkey:key", "ps_suppkey:key", "ps_availqty:key", "ps_supplycost:money", "ps_comment"]),
        table(
            "orders",
            [
                "o_orderkey:key", "o_custkey:key", "o_orderstatus", "o_totalprice:money", "o_orderdate:date",
                "o_orderpriority", "o_clerk", "o_shippriority:key", "o_comment",
            ]),
        table(
            "lineitem",
            [
                "l_orderkey:key", "l_partkey:key", "l_suppkey:key", "l_linenumber:key", "l_quantity:money",
                "l_extendedprice:money", "l_discount:money", "l_tax:money", "l_returnflag", "l_linestatus",
                "l_shipdate:date", "l_commitdate:date", "l_receiptdate:date", "l_shipinstruct", "l_shipmode",
                "l_comment",
            ]),
    ]

    package func schema(of table: String) -> TableSchema? { Self.tables.first { $0.name == table } }

    package var tableNames: [String] { Self.tables.map(\.name) }

    /// A table of columns `name` (text) or `name:key`, `name:money`, `name:date`.
    private static func table(_ name: String, _ columns: [String]) -> TableSchema {
        TableSchema(
            name: name,
            columns: columns.map { column in
                let parts = column.split(separator: ":").map(String.init)
                return ColumnSchema(name: parts[0], type: type(parts.last ?? ""), isNullable: false)
            })
    }

    private static func type(_ word: String) -> LogicalType {
        switch word {
        case "key": .int64
        case "money": .decimal(precision: 15, scale: 2)
        case "date": .date
        default: .text
        }
    }
}
