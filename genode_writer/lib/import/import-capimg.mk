# headers of core are included as "libimage/core/…": in an archive of the depot, and in capimg's tree
CAPIMG_INCLUDE := $(call select_from_repositories,include/capimg)
INC_DIR += $(firstword $(foreach D,$(CAPIMG_INCLUDE)/../../src $(CAPIMG_INCLUDE)/../../..,\
                         $(if $(wildcard $D/libimage/core),$D)))
