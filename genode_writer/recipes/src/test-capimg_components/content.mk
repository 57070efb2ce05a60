COMPONENTS := $(addprefix src/test/capimg_,counter server client signals managed)

content: $(COMPONENTS) include/capimg_test_session LICENSE

$(COMPONENTS) include/capimg_test_session:
	$(mirror_from_rep_dir)

LICENSE:
	cp $(realpath $(REP_DIR)/..)/LICENSE $@
