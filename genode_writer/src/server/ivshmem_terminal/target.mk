TARGET = ivshmem_terminal
SRC_CC = main.cc
LIBS   = base
