"""检查目录 | The catalogue of checks: `CHECKS["loss_falls"](subject, by=0.5)` gives a Result.

Every check is a pure function from a Subject to a Result; importing them imports no torch, no numpy and no pytest.
What several submissions have in common is not a check but `checks.originality`: it is for the teacher alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from pytest_mmedu.checks.accuracy import accuracy, better_than_chance
from pytest_mmedu.checks.answers import answer
from pytest_mmedu.checks.choices import batch_size_fits, class_count_fits, save_best_fits, split_sizes, topk_fits
from pytest_mmedu.checks.completeness import iterations_per_epoch, log_complete, parameters_agree, validated_every_epoch
from pytest_mmedu.checks.config_evaluation import topk_meaningful
from pytest_mmedu.checks.config_fields import field
from pytest_mmedu.checks.config_logs import config_agrees_with_log
from pytest_mmedu.checks.config_paths import paths_relative
from pytest_mmedu.checks.config_tuning import epochs_for_tuning, lr_for_tuning, starts_from_weights
from pytest_mmedu.checks.distributed import effective_batch, trained_in_processes, written_once
from pytest_mmedu.checks.durations import eta_falls, time_not_below_data_time
from pytest_mmedu.checks.files import best_checkpoint_exists, checkpoints_exist, log_exists, run_finished
from pytest_mmedu.checks.folders import save_fold_inside
from pytest_mmedu.checks.function_calls import function
from pytest_mmedu.checks.going_on import goes_on
from pytest_mmedu.checks.images import (
    classes_balanced,
    dataset_consistent,
    enough_pictures,
    images_readable,
    no_shared_images,
    splits_separate,
)
from pytest_mmedu.checks.inference import predictions_named
from pytest_mmedu.checks.learning import loss_falls, loss_finite, not_diverged, not_stuck
from pytest_mmedu.checks.left_files import default_folder_named, log_named, same_weights_named
from pytest_mmedu.checks.mistakes import mistake_named, remedy_named
from pytest_mmedu.checks.optimizer_kept import optimizer_agrees
from pytest_mmedu.checks.parameters import no_unknown_parameters, param, parameters_valid
from pytest_mmedu.checks.readings import best_weights_named, steps_worked_out, training_named
from pytest_mmedu.checks.recomputed import accuracy_recomputed
from pytest_mmedu.checks.repeats import records_differ, records_equal
from pytest_mmedu.checks.schedule import log_interval_fits, lr_follows_schedule, milestones_reachable
from pytest_mmedu.checks.several import values_differ
from pytest_mmedu.checks.start import device_used, epochs_given, lr_fits_optimizer, start_checkpoint
from pytest_mmedu.checks.subject import NoRun, Subject
from pytest_mmedu.checks.validation import best_named, no_over_fitting, top5_meaningful, top5_not_below_top1
from pytest_mmedu.checks.weights import (
    accuracy_reproduced,
    best_checkpoint_matches,
    checkpoint_agrees,
    weights_finite,
    weights_fit_classes,
    weights_readable,
)
from pytest_mmedu.result import Result

Check = Callable[..., Result]

_PARAMETERS: tuple[Check, ...] = (
    param,
    no_unknown_parameters,
    parameters_valid,
    save_fold_inside,
    batch_size_fits,
    class_count_fits,
    topk_fits,
    save_best_fits,
    lr_fits_optimizer,
    start_checkpoint,
    device_used,
    epochs_given,
    values_differ,
    effective_batch,
)
_LOG: tuple[Check, ...] = (
    run_finished,
    log_exists,
    log_complete,
    iterations_per_epoch,
    parameters_agree,
    loss_falls,
    loss_finite,
    not_diverged,
    not_stuck,
    goes_on,
    accuracy,
    better_than_chance,
    validated_every_epoch,
    top5_meaningful,
    top5_not_below_top1,
    best_named,
    no_over_fitting,
    lr_follows_schedule,
    milestones_reachable,
    log_interval_fits,
    time_not_below_data_time,
    eta_falls,
    splits_separate,
    trained_in_processes,
    written_once,
    records_equal,
    records_differ,
)
_WEIGHTS: tuple[Check, ...] = (
    checkpoints_exist,
    best_checkpoint_exists,
    weights_readable,
    weights_finite,
    weights_fit_classes,
    best_checkpoint_matches,
    checkpoint_agrees,
    optimizer_agrees,
    accuracy_reproduced,
    accuracy_recomputed,
)
_IMAGES: tuple[Check, ...] = (
    dataset_consistent,
    images_readable,
    enough_pictures,
    no_shared_images,
    classes_balanced,
    split_sizes,
)
_ANSWERS: tuple[Check, ...] = (
    answer,
    steps_worked_out,
    training_named,
    best_weights_named,
    default_folder_named,
    log_named,
    same_weights_named,
    predictions_named,
    mistake_named,
    remedy_named,
)
_CONFIG: tuple[Check, ...] = (
    field,
    topk_meaningful,
    starts_from_weights,
    lr_for_tuning,
    epochs_for_tuning,
    paths_relative,
    config_agrees_with_log,
)
_FUNCTIONS: tuple[Check, ...] = (function,)

CHECKS: Mapping[str, Check] = MappingProxyType(
    {each.__name__: each for each in (*_PARAMETERS, *_LOG, *_WEIGHTS, *_IMAGES, *_ANSWERS, *_CONFIG, *_FUNCTIONS)}
)
# These judge the source alone, or call what is in it: no training is made for them.
WITHOUT_TRAINING = frozenset(each.__name__ for each in _FUNCTIONS)

__all__ = ["CHECKS", "Check", "NoRun", "Subject"]
