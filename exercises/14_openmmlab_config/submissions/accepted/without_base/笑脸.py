# 不用 _base_，全部写出来
num_classes = 2
data_root = 'faces2/'
model = dict(
    type='ImageClassifier',
    backbone=dict(type='LeNet5'),
    neck=dict(type='GlobalAveragePooling'),
    head=dict(
        type='LinearClsHead', num_classes=num_classes, in_channels=120, topk=(1, ), loss=dict(type='CrossEntropyLoss')))
load = [dict(type='LoadImageFromFile', color_type='grayscale'), dict(type='Resize', size=32)]
norm = dict(type='Normalize', mean=[127.5], std=[127.5], to_rgb=False)
train_pipeline = load + [
    dict(type='RandomFlip', flip_prob=0.5), norm,
    dict(type='ImageToTensor', keys=['img']),
    dict(type='ToTensor', keys=['gt_label']),
    dict(type='Collect', keys=['img', 'gt_label'])
]
test_pipeline = load + [norm, dict(type='ImageToTensor', keys=['img']), dict(type='Collect', keys=['img'])]
data = dict(
    samples_per_gpu=32,
    workers_per_gpu=0,
    train=dict(type='CustomDataset', data_prefix=data_root + 'training_set', pipeline=train_pipeline),
    val=dict(type='CustomDataset', data_prefix=data_root + 'val_set', pipeline=test_pipeline),
    test=dict(type='CustomDataset', data_prefix=data_root + 'test_set', pipeline=test_pipeline))
evaluation = dict(interval=1, metric='accuracy', metric_options={'topk': (1, )}, save_best='accuracy_top-1')
optimizer = dict(type='Adam', lr=0.001)
optimizer_config = dict(grad_clip=None)
lr_config = dict(policy='CosineAnnealing', min_lr=0)
runner = dict(type='EpochBasedRunner', max_epochs=30)
checkpoint_config = dict(interval=5)
log_config = dict(interval=1, hooks=[dict(type='TextLoggerHook')])
log_level = 'INFO'
load_from = './checkpoints/best_accuracy_top-1_epoch_9.pth'
workflow = [('train', 1)]
