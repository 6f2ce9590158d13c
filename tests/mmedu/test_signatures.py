"""MMEdu's names, arguments and defaults, exactly: what a program written for the real package relies on."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from pytest_mmedu.mmedu import MMClassification, pth_info
from pytest_mmedu.params import PARAMETERS

REAL = {
    "__init__": "(self, backbone='LeNet', num_classes=-1, dataset_path='../dataset/cls/hand_gray', **kwargs)",
    "train": (
        "(self, random_seed=0, save_fold=None, distributed=False, validate=True, device='cpu', metric='accuracy', "
        "save_best='auto', optimizer='SGD', epochs=100, lr=0.01, weight_decay=0.001, checkpoint=None, "
        "batch_size=None, topk=None, nproc=None, **kwargs)"  # all but nproc
    ),
    "load_dataset": "(self, path, check=True, **kwargs)",
    "load_checkpoint": "(self, checkpoint=None, device='cpu', **kwargs)",
    "inference": "(self, device='cpu', checkpoint=None, image=None, show=True, save_fold='cls_result', **kwargs)",
    "fast_inference": "(self, image, show=False, save_fold='cls_result', verbose=True, **kwargs)",
    "print_result": "(self, res=None)",
    "convert": (
        "(self, checkpoint=None, backend='ONNX', out_file='convert_model.onnx', opset_version=11, ir_version=6)"
    ),
}


def bare(function: Callable[..., Any]) -> str:
    """The signature without its annotations."""
    signature = inspect.signature(function)
    names = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in signature.parameters.values()]
    return str(signature.replace(parameters=names, return_annotation=inspect.Signature.empty))


@pytest.mark.parametrize("name", REAL)
def test_a_method_has_the_real_signature(name: str) -> None:
    assert bare(getattr(MMClassification, name)) == REAL[name]


def test_pth_info_takes_the_checkpoint() -> None:
    assert bare(pth_info) == "(checkpoint)"


def test_sota_works_on_the_class_and_on_an_object() -> None:
    networks = ["LeNet", "MobileNet", "ResNet18", "ResNet50", "RegNet"]
    assert MMClassification.sota() == networks
    assert MMClassification().sota() == networks


def test_train_takes_every_parameter_of_the_table_with_its_default() -> None:
    given = inspect.signature(MMClassification.train).parameters
    table = {row.name: row.default for row in PARAMETERS if row.owner == "train"}
    assert {name: given[name].default for name in table} == table
    assert set(given) - {"self", "kwargs"} == set(table)


def test_the_attributes_of_a_new_object() -> None:
    model = MMClassification()
    assert (model.backbone, model.num_classes, model.dataset_path) == ("LeNet", -1, "../dataset/cls/hand_gray")
    assert model.save_fold is None
    assert model.chinese_res is None
    assert (model.is_sample, model.image_type, model.lr) == (False, "", None)


def test_importing_the_interface_imports_nothing_heavy() -> None:
    heavy = "{'torch', 'numpy', 'mmcv', 'mmcls', 'cv2', 'PIL', 'pytest', 'onnx'}"
    code = f"import sys, pytest_mmedu.mmedu, pytest_mmedu.mmedu.stand_in; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
