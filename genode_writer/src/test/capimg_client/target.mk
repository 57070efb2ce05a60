TARGET = test-capimg_client
SRC_CC = main.cc
LIBS   = base
