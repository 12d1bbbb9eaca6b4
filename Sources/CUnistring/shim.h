// SPDX-License-Identifier: Apache-2.0
#include <uninorm.h>
#include <unistr.h>
