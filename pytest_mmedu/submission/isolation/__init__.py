"""隔离 | Boxes around a student's program, the strongest first: what each holds is found by trying to break out.

container   podman or docker: the same as namespaces, by a service that may do it where bubblewrap may not
namespaces  bubblewrap: files, network and processes of its own
landlock    the kernel's own rules, also where namespaces are forbidden (an unprivileged container)
process     a process with limits: the machine is protected, files and network are not
artefacts   nothing of the student's is run: what was handed in beside the program is judged
"""
