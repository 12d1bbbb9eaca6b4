// SPDX-License-Identifier: Apache-2.0

import Glibc

// Whatever a command writes is for the domain's account alone.
umask(0o077)
exit(Application.run(arguments: Array(CommandLine.arguments.dropFirst())))
