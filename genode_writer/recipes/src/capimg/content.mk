content: src/capimg_checkpoint src/capimg_restore src/lib/capimg_host src/lib/capimg_foc \
         src/lib/capimg_ed25519 include/capimg_ed25519 lib/mk/capimg_ed25519.mk \
         include/capimg_host include/capimg_foc include/foc_native_pd \
         lib/mk/capimg_host.mk lib/mk/spec/x86_64/capimg_foc.mk LICENSE

src/% include/% lib/%:
	$(mirror_from_rep_dir)

# of libsodium, what the library is made of
PORT_DIR   := $(call port_dir,$(REP_DIR)/ports/capimg_libsodium)
SODIUM_DIR := src/lib/capimg_libsodium

content: $(SODIUM_DIR)

$(SODIUM_DIR):
	for part in LICENSE src/libsodium/include src/libsodium/crypto_sign/ed25519 \
	            src/libsodium/crypto_core/ed25519 src/libsodium/crypto_hash/sha512 \
	            src/libsodium/crypto_verify; do \
		mkdir -p $@/$$(dirname $$part) && \
		cp -r $(PORT_DIR)/$(SODIUM_DIR)/$$part $@/$$(dirname $$part)/; done

LICENSE:
	cp $(realpath $(REP_DIR)/..)/LICENSE $@
