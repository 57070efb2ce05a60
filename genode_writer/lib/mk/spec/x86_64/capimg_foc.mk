#
# Threads and capability space of a PD on Fiasco.OC, by core's native PD interface
#

SRC_CC = threads.cc
SRC_S  = receive.s

vpath threads.cc $(REP_DIR)/src/lib/capimg_foc
vpath receive.s  $(REP_DIR)/src/lib/capimg_foc/spec/x86_64
