#
# Genode's core for Fiasco.OC with a native PD interface
#
# Found before Genode's file of the same name if this repository stands before base-foc in
# REPOSITORIES. It takes all of that one and adds ours in front.
#

# the build system keeps the REP_DIR that is set below for its second stage
CAPIMG_REP_DIR  := $(patsubst %/lib/mk/spec/x86_64/core-foc.mk,%,$(lastword $(MAKEFILE_LIST)))
CAPIMG_CORE_DIR := $(CAPIMG_REP_DIR)/src/core/foc

INC_DIR += $(CAPIMG_CORE_DIR)/include $(CAPIMG_REP_DIR)/include
SRC_CC  += native_pd_component.cc
vpath native_pd_component.cc $(CAPIMG_CORE_DIR)

override REP_DIR := $(patsubst %/lib/mk/core-foc.inc,%,$(call select_from_repositories,lib/mk/core-foc.inc))

include $(REP_DIR)/lib/mk/spec/x86_64/core-foc.mk
