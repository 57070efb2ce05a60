#
# Verification of signatures: what of libsodium that needs, without a C library
#
# Signing is in one of the files as well; as nobody calls it, it is not linked.
#

ED25519_DIR := $(REP_DIR)/src/lib/capimg_ed25519
SODIUM_DIR  := $(call select_from_ports,capimg_libsodium)/src/lib/capimg_libsodium/src/libsodium

SRC_C  := open.c sign.c ed25519_ref10.c hash_sha512_cp.c verify.c
SRC_CC := ed25519_key.cc sodium_utils.cc
LIBS   := base capimg

INC_DIR += $(ED25519_DIR)/shim $(SODIUM_DIR)/include/sodium

CC_OPT   += -DCONFIGURED=1 -DSODIUM_STATIC=1 $(if $(filter 64bit,$(SPECS)),-DHAVE_TI_MODE=1)
CC_C_OPT += -Wno-unused-function

vpath open.c           $(SODIUM_DIR)/crypto_sign/ed25519/ref10
vpath sign.c           $(SODIUM_DIR)/crypto_sign/ed25519/ref10
vpath ed25519_ref10.c  $(SODIUM_DIR)/crypto_core/ed25519/ref10
vpath hash_sha512_cp.c $(SODIUM_DIR)/crypto_hash/sha512/cp
vpath verify.c         $(SODIUM_DIR)/crypto_verify/sodium
vpath %.cc             $(ED25519_DIR)
