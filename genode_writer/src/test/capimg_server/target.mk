TARGET = test-capimg_server
SRC_CC = main.cc
LIBS   = base
