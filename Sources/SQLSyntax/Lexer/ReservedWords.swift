// SPDX-License-Identifier: Apache-2.0

/// Words that cannot be names without quotes (PostgreSQL 16, Appendix C: reserved, including those that may be
/// function or type names).
enum ReservedWords {
    static let all: Set<String> = [
        "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization", "binary",
        "both", "case", "cast", "check", "collate", "collation", "column", "concurrently", "constraint", "create", "cross",
        "current_catalog", "current_date", "current_role", "current_schema", "current_time", "current_timestamp",
        "current_user", "default", "deferrable", "desc", "distinct", "do", "else", "end", "except", "false", "fetch",
        "for", "foreign", "freeze", "from", "full", "grant", "group", "having", "ilike", "in", "initially", "inner",
        "intersect", "into", "is", "isnull", "join", "lateral", "leading", "left", "like", "limit", "localtime",
        "localtimestamp", "natural", "not", "notnull", "null", "offset", "on", "only", "or", "order", "outer",
        "overlaps", "placing", "primary", "references", "returning", "right", "select", "session_user", "similar",
        "some", "symmetric", "system_user", "table", "tablesample", "then", "to", "trailing", "true", "union", "unique",
        "user", "using", "variadic", "verbose", "when", "where", "window", "with",
    ]

    /// Reserved words that may still name a function.
    static let callable: Set<String> = ["left", "right"]

    /// Words that mean something else than a plain call when an opening parenthesis follows.
    static let specialCalls: Set<String> = [
        "cube", "exists", "extract", "interval", "overlay", "position", "rollup", "row", "trim", "values",
    ]

    /// Fields of an interval that may follow its text.
    static let intervalFields: Set<String> = ["year", "month", "day", "hour", "minute", "second"]

    /// Words that may follow a query in parentheses when it is not an operand of an expression.
    static let afterNestedQuery: Set<String> = [
        "union", "intersect", "except", "order", "limit", "offset", "fetch", "for",
    ]

    /// Words that begin statements which are not queries.
    static let otherStatements: Set<String> = [
        "alter", "analyze", "begin", "call", "checkpoint", "close", "cluster", "comment", "commit", "copy", "create",
        "deallocate", "declare", "delete", "discard", "do", "drop", "execute", "explain", "fetch", "grant", "import",
        "insert", "listen", "load", "lock", "merge", "move", "notify", "prepare", "refresh", "reindex", "release",
        "reset", "revoke", "rollback", "savepoint", "set", "show", "start", "table", "truncate", "unlisten", "update",
        "vacuum", "values",
    ]
}
