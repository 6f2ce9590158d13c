"""Honest programs written as pupils write them: nothing of how they are run here may cost them a point."""

from __future__ import annotations

from .cases import FULL, HONEST, NOTHING, Case

IN_GBK = "import io, sys\nsys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding='gbk')\nprint('损失')\n"
PATIENT = {"seconds": 120.0, "memory_mb": 1024}  # a second Python loads the libraries anew
HELPER = "open('training.py', 'w').write('''@HONEST@\n''')\nimport os, subprocess, sys\n"
AS_A_FUNCTION = (
    "from MMEdu import MMClassification as cls\ndef go():\n"
    "    model = cls(backbone='LeNet')\n    model.load_dataset(path='shapes3')\n"
    "    model.train(save_fold='out', epochs=3, lr=0.05, batch_size=8, validate=False, random_seed=1)\n"
)
LOADS = (
    "import torch\npictures = torch.utils.data.DataLoader([torch.ones(1) * n for n in range(8)], 4, num_workers=2)\n"
    "print(sum(float(batch.sum()) for batch in pictures))\n"
)
ORDINARY: dict[str, Case] = {
    "prints in GBK": Case(IN_GBK + HONEST, FULL),
    "sets how its output is written": Case(
        "import sys\nsys.stdout.reconfigure(encoding='utf-8', line_buffering=True)\n" + HONEST + "print('损失')\n",
        FULL,
        prints="损失\n",
    ),
    "shows pictures as in Jupyter": Case(
        "import IPython\nfrom IPython.display import Image, clear_output, display\nclear_output(wait=True)\n"
        "picture = IPython.display.Image('a.png'.encode())\n" + HONEST,
        FULL,
    ),
    "moves its training": Case(HONEST + "import os\nos.rename('out', '第一次训练')\n", FULL),
    "opens windows": Case(
        "import cv2, numpy\ncv2.imshow('a picture', numpy.zeros((9, 9), 'uint8'))\nwhile cv2.waitKey(30) != 27: pass\n"
        "cv2.destroyAllWindows()\n" + HONEST,
        FULL,
        trains=True,
    ),
    "loads its pictures by other processes": Case(HONEST + LOADS, FULL, prints="28.0\n", trains=True),
    "shares what the level forbids": Case(
        "import multiprocessing\nmultiprocessing.Queue()\n" + HONEST,
        NOTHING,
        ("While it is graded, processes of a program cannot share memory",),
        levels=("landlock",),
        trains=True,
    ),
    "shares what other levels allow": Case(
        "import multiprocessing\nmultiprocessing.Queue()\n" + HONEST,
        FULL,
        levels=("namespaces", "process"),
        trains=True,
    ),
    "starts its training by a command": Case(
        HELPER + "assert os.system('python training.py') == 0\n",
        FULL,
        levels=("namespaces",),
        budget=PATIENT,
        trains=True,
    ),
    "starts its training by its own Python": Case(
        HELPER + "subprocess.run([sys.executable, 'training.py'], check=True)\n",
        FULL,
        levels=("landlock",),
        budget=PATIENT,
        trains=True,
    ),
    "trains in a process as on Windows": Case(
        AS_A_FUNCTION + "if __name__ == '__main__':\n    import multiprocessing\n"
        "    one = multiprocessing.get_context('spawn').Process(target=go)\n    one.start()\n    one.join()\n",
        FULL,
        levels=("process",),
        budget=PATIENT,
        trains=True,
    ),
    "starts something else": Case(
        HONEST + "import subprocess, sys\n"
        "subprocess.run([sys.executable, '-c', 'import sys; print(\"torch\" in sys.modules)'], check=True)\n",
        FULL,
        prints="False\n",
    ),
}
