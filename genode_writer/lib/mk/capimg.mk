#
# Core and the engines as one static library
#
# Core lies beside this repository in the project's tree, and in src/libimage of a depot archive.
#

CAPIMG_TOP := $(firstword $(foreach D,$(REP_DIR)/src $(REP_DIR)/..,$(if $(wildcard $D/libimage/core),$D)))

CORE_DIR   := $(CAPIMG_TOP)/libimage/core
ENGINE_DIR := $(REP_DIR)/src/lib/capimg

# files of both may have the same name
SRC_CC := $(patsubst $(CORE_DIR)/%,core/%,$(wildcard $(CORE_DIR)/*.cc $(CORE_DIR)/generated/*.cc)) \
          $(patsubst $(ENGINE_DIR)/%,engine/%,$(wildcard $(ENGINE_DIR)/*.cc))

INC_DIR += $(CAPIMG_TOP)

# as fast as memory when vectorised
CC_OPT_core/checksum = -O3

vpath core/%   $(dir $(CORE_DIR))
vpath engine/% $(dir $(ENGINE_DIR))
