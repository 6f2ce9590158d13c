"""热的批改进程 | The process that has pytest and all of the judging imported, and forks. Linux only.

    python -m pytest_mmedu.warm_judge.answering <socket>

answering.py   the judge: keeps zygotes for the students' programs, and a process that has collected an exercise
collected.py   that process: pytest, halted before the tests are run, which it does in a fork for each submission

A fork is the pytest of one exercise and one submission, as a fresh one would be; no file of a submission is ever
imported here.
"""
