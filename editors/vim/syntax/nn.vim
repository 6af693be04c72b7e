" Vim syntax file for nn. Made from the catalog by NN_UPDATE_DOCS=1 swift test --filter EditorTests.
if exists('b:current_syntax')
  finish
endif

syn keyword nnStatement let def param include
syn keyword nnStage data select drop filter sample split scale impute encode balance model compile
syn keyword nnStage fit calibrate threshold evaluate confusion confusion_matrix importance
syn keyword nnStage permutation_importance predict describe head sweep folds seeds best ensemble
syn keyword nnStage runs compare why summary plot report print expect save
syn keyword nnLayer dense activation leaky_relu prelu p_re_lu dropout alpha_dropout
syn keyword nnLayer gaussian_dropout noise gaussian_noise batchnorm batch_normalization layernorm
syn keyword nnLayer layer_normalization rmsnorm rms_normalization unit_norm unit_normalization
syn keyword nnLayer repeat residual parallel input output
syn keyword nnName linear relu relu6 elu celu selu gelu silu swish mish softplus softsign
syn keyword nnName squareplus sigmoid log_sigmoid tanh tanh_shrink exponential hard_sigmoid
syn keyword nnName hard_silu hard_swish hard_tanh hard_shrink soft_shrink sparse_plus
syn keyword nnName sparse_sigmoid softmax log_softmax sparsemax glu zeros zero ones one constant
syn keyword nnName glorot_uniform glorot xavier glorot_normal he_uniform he he_normal lecun_uniform
syn keyword nnName lecun lecun_normal variance_scaling orthogonal identity random_normal normal
syn keyword nnName truncated_normal random_uniform uniform l1 l2 l1l2 l1_l2 orthogonal_regularizer
syn keyword nnName max_norm non_neg nonneg min_max_norm mse mean_squared_error mae
syn keyword nnName mean_absolute_error mape mean_absolute_percentage_error msle
syn keyword nnName mean_squared_logarithmic_error huber log_cosh logcosh log_cosh_error
syn keyword nnName cosine_similarity poisson binary_crossentropy bce binary_focal_crossentropy
syn keyword nnName hinge squared_hinge categorical_crossentropy cce categorical_focal_crossentropy
syn keyword nnName kld kl_divergence kullback_leibler_divergence categorical_hinge
syn keyword nnName sparse_categorical_crossentropy sparse scce
syn keyword nnName categorical_generalized_cross_entropy sgd rmsprop adam adamw adam_w nadam adamax
syn keyword nnName adagrad adadelta ftrl lion lamb adafactor muon schedule_free_adamw
syn keyword nnName schedulefreeadamw schedule_free_adam_w exponential_decay piecewise
syn keyword nnName piecewise_constant piecewise_constant_decay polynomial polynomial_decay
syn keyword nnName inverse_time inverse_time_decay cosine cosine_decay cosine_restarts
syn keyword nnName cosine_decay_restarts accuracy acc binary_accuracy categorical_accuracy
syn keyword nnName sparse_categorical_accuracy top_k top_k_categorical_accuracy
syn keyword nnName sparse_top_k_categorical_accuracy top_k_accuracy precision recall f1 f1_score
syn keyword nnName fbeta fbeta_score f_beta_score true_positives false_positives true_negatives
syn keyword nnName false_negatives auc sensitivity_at_specificity specificity_at_sensitivity
syn keyword nnName precision_at_recall recall_at_precision rmse root_mean_squared_error r2 r2_score
syn keyword nnName pearson_correlation concordance_correlation mean early_stopping
syn keyword nnName reduce_lr_on_plateau checkpoint model_checkpoint csv_logger tensorboard
syn keyword nnName terminate_on_nan backup backup_and_restore
syn keyword nnConstant true false none

syn match nnOption "\<\h\w*\ze\s*==\@!"
syn match nnNumber "\%(^\|[[:space:];|<>()[\]{}=!,]\)\@1<=[-+]\=\d\+\%(\.\d\+\)\=\%([eE][-+]\=\d\+\)\=[%smh]\=\%($\|[[:space:];|<>()[\]{}=!,]\)\@="
syn match nnVariable "\$\h\w*"
syn match nnOperator "[|;]\|[<>=!]=\|[<>=]"
syn match nnEscape contained "\\\%(u{\x\+}\|.\)"
syn match nnInterpolation contained "\$\%(\h\w*\|{\h\w*}\)"
syn region nnString start=+"+ skip=+\\.+ end=+"\|$+ contains=nnEscape,nnInterpolation
syn region nnRawString start=+'+ end=+'\|$+
" `#` at a word's start; runs#2.csv is a word.
syn match nnComment "\%(^\|[[:space:];|<>()[\]{}=!,]\)\@1<=#.*$" contains=@Spell

hi def link nnStatement Statement
hi def link nnStage Function
hi def link nnLayer Type
hi def link nnName Identifier
hi def link nnConstant Boolean
hi def link nnOption Label
hi def link nnNumber Number
hi def link nnVariable PreProc
hi def link nnOperator Operator
hi def link nnString String
hi def link nnRawString String
hi def link nnEscape SpecialChar
hi def link nnInterpolation PreProc
hi def link nnComment Comment

let b:current_syntax = 'nn'
