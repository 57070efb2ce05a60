/* for libsodium: it takes the limits of stdint.h */

#include <stddef.h>
