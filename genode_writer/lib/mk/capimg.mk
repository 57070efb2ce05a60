#
# Core and the engines as one static library
#
# Core lies in src/libimage of a depot archive, and beside this repository in capimg's tree.
#

CAPIMG_TOP := $(firstword $(foreach D,$(REP_DIR)/src $(REP_DIR)/..,$(if $(wildcard $D/libimage/core),$D)))

CORE_DIR   := $(CAPIMG_TOP)/libimage/core
ENGINE_DIR := $(REP_DIR)/src/lib/capimg

# files of both may have the same name
SRC_CC := $(patsubst $(CORE_DIR)/%,core/%,$(wildcard $(CORE_DIR)/*.cc $(CORE_DIR)/generated/*.cc)) \
          $(patsubst $(ENGINE_DIR)/%,capimg/%,$(wildcard $(ENGINE_DIR)/*.cc $(ENGINE_DIR)/genode/*.cc))

INC_DIR += $(CAPIMG_TOP)

# five times as fast when vectorised
CC_OPT_core/checksum_loop = -O3

vpath core/%   $(dir $(CORE_DIR))
vpath capimg/% $(dir $(ENGINE_DIR))
