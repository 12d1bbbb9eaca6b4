// SPDX-License-Identifier: Apache-2.0

import Glibc
import JobRuntime

exit(ExecutorMain.run())
