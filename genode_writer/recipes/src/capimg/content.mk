content: src/capimg_checkpoint src/capimg_restore src/lib/capimg_host src/lib/capimg_foc \
         include/capimg_host include/capimg_foc include/foc_native_pd \
         lib/mk/capimg_host.mk lib/mk/spec/x86_64/capimg_foc.mk LICENSE

src/% include/% lib/%:
	$(mirror_from_rep_dir)

LICENSE:
	cp $(realpath $(REP_DIR)/..)/LICENSE $@
