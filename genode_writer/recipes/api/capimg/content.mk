CAPIMG_DIR := $(realpath $(REP_DIR)/..)

content: include/capimg src/libimage/core src/lib/capimg lib/mk/capimg.mk \
         lib/import/import-capimg.mk LICENSE

include/capimg src/lib/capimg lib/mk/capimg.mk lib/import/import-capimg.mk:
	$(mirror_from_rep_dir)

src/libimage/core:
	mkdir -p $(dir $@)
	cp -r $(CAPIMG_DIR)/libimage/core $(dir $@)

LICENSE:
	cp $(CAPIMG_DIR)/LICENSE $@
