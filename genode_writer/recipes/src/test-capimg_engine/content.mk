content: src/test/capimg_engine LICENSE

src/test/capimg_engine:
	$(mirror_from_rep_dir)

LICENSE:
	cp $(realpath $(REP_DIR)/..)/LICENSE $@
