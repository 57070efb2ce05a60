/*
 * One open receive, then the thread stays where it is until its state is replaced
 *
 * Copied into the PD of a component that is restored (threads.h). All registers come from outside.
 */

	.section .rodata
	.global capimg_foc_receive_start
	.global capimg_foc_receive_end

capimg_foc_receive_start:
	syscall
1:	jmp 1b
capimg_foc_receive_end:

	.section .note.GNU-stack, "", @progbits
