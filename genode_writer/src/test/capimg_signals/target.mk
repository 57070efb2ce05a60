TARGET = test-capimg_signals
SRC_CC = main.cc
LIBS   = base
