/* for libsodium: stddef.h has what is used */

#include <stddef.h>
