// SPDX-License-Identifier: Apache-2.0

import Confinement

/// The module's limits, for files that import those of another module too: the type `Confinement` hides the module's name.
enum ConfinementLimits {
    static let allocatorArenas = Limits.allocatorArenas
    static let openFiles = Limits.openFiles
}
