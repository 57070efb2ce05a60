TARGET = test-capimg_engine
SRC_CC = main.cc
LIBS   = base capimg
