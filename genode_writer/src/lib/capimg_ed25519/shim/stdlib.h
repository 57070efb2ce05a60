/* for libsodium: no function of it is used */

#include <stddef.h>
