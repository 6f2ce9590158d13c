"""热进程 | Processes that have everything imported and fork a fresh child for each program. Linux only.

Importing torch, mmcv and mmcls takes longer than a short training. A zygote has done it once; its forks are as good as
fresh processes: nothing has been computed in it, and it runs nothing of a student's.

zygotes.py      the judge's side: starts zygotes, asks them (request.py), throws away what does not answer as it should
warm_levels.py  each level of isolation with a fork in place of a fresh process;  warm_boxes.py  tries them
_zygote.py      the zygote itself (serving.py);  _forked.py  what a fork does before anything of a student's
"""
