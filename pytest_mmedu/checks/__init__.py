"""检查目录 | The catalogue of checks: `CHECKS["loss_falls"](subject, by=0.5)` gives a Result.

Every check is a pure function from a Subject to a Result; importing them imports no torch, no numpy and no pytest, and
a check is imported when it is asked for: an exercise uses a handful of them.
What several submissions have in common is not a check but `checks.originality`: it is for the teacher alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module

from pytest_mmedu.checks.subject import NoRun, Subject
from pytest_mmedu.result import Result

Check = Callable[..., Result]

# The checks of each module, by what they judge.
_PARAMETERS = {
    "parameters": "param no_unknown_parameters parameters_valid",
    "folders": "save_fold_inside",
    "choices": "batch_size_fits class_count_fits topk_fits save_best_fits",
    "start": "lr_fits_optimizer start_checkpoint device_used epochs_given",
    "several": "values_differ",
    "distributed": "effective_batch",
}
_LOG = {
    "files": "run_finished log_exists",
    "completeness": "log_complete iterations_per_epoch parameters_agree validated_every_epoch",
    "learning": "loss_falls loss_finite not_diverged not_stuck",
    "going_on": "goes_on",
    "accuracy": "accuracy better_than_chance",
    "validation": "top5_meaningful top5_not_below_top1 best_named no_over_fitting",
    "schedule": "lr_follows_schedule milestones_reachable log_interval_fits",
    "durations": "time_not_below_data_time eta_falls",
    "images": "splits_separate",
    "distributed": "trained_in_processes written_once",
    "repeats": "records_equal records_differ",
}
_WEIGHTS = {
    "files": "checkpoints_exist best_checkpoint_exists",
    "weights": "weights_readable weights_finite weights_fit_classes best_checkpoint_matches checkpoint_agrees "
    "accuracy_reproduced",
    "optimizer_kept": "optimizer_agrees",
    "recomputed": "accuracy_recomputed",
}
_IMAGES = {
    "images": "dataset_consistent images_readable enough_pictures no_shared_images classes_balanced",
    "choices": "split_sizes",
}
_ANSWERS = {
    "answers": "answer",
    "readings": "steps_worked_out training_named best_weights_named",
    "left_files": "default_folder_named log_named same_weights_named",
    "inference": "predictions_named",
    "mistakes": "mistake_named remedy_named",
}
_CONFIG = {
    "config_fields": "field",
    "config_evaluation": "topk_meaningful",
    "config_tuning": "starts_from_weights lr_for_tuning epochs_for_tuning",
    "config_paths": "paths_relative",
    "config_logs": "config_agrees_with_log",
}
_FUNCTIONS = {"function_calls": "function"}

_MODULE_OF = {
    name: module
    for group in (_PARAMETERS, _LOG, _WEIGHTS, _IMAGES, _ANSWERS, _CONFIG, _FUNCTIONS)
    for module, names in group.items()
    for name in names.split()
}


class _Catalogue(Mapping[str, Check]):
    def __getitem__(self, name: str) -> Check:
        check: Check = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
        return check

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULE_OF)

    def __len__(self) -> int:
        return len(_MODULE_OF)

    def __contains__(self, name: object) -> bool:
        return name in _MODULE_OF


CHECKS: Mapping[str, Check] = _Catalogue()
# These judge the source alone, or call what is in it: no training is made for them.
WITHOUT_TRAINING = frozenset(" ".join(_FUNCTIONS.values()).split())

__all__ = ["CHECKS", "Check", "NoRun", "Subject"]
