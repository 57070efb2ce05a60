TARGET   = test-capimg_foc
REQUIRES = foc x86_64
SRC_CC   = main.cc
LIBS     = base capimg_foc
