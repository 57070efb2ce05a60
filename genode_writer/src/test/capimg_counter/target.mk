TARGET   = test-capimg_counter
REQUIRES = x86_64
SRC_CC   = main.cc
LIBS     = base
