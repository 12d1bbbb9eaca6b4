// SPDX-License-Identifier: Apache-2.0

import Glibc

exit(Application.run(arguments: Array(CommandLine.arguments.dropFirst())))
