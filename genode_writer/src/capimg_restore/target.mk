TARGET = capimg_restore
SRC_CC = main.cc
LIBS   = base sandbox vfs capimg_host capimg capimg_foc
