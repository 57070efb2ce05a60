TARGET = test-capimg_managed
SRC_CC = main.cc
LIBS   = base
