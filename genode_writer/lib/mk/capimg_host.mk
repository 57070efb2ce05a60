#
# Hosting of components whose checkpoints are taken, and that are restored: what both runtimes share
#

HOST_DIR := $(REP_DIR)/src/lib/capimg_host

SRC_CC := $(notdir $(wildcard $(HOST_DIR)/*.cc)) registers.cc
LIBS   := base sandbox vfs capimg capimg_foc capimg_ed25519

vpath registers.cc $(HOST_DIR)/spec/$(firstword $(filter x86_64 arm_v8a riscv,$(SPECS)))
vpath %.cc         $(HOST_DIR)
